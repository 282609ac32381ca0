"""Tagged texts keep what is protected out of the rows, and know the sentence around a word."""

import pytest

from despin.despinner import Despinner
from despin.mining.tagged import TaggedText, tag_texts

TEXT = 'We met Maria in May.  She said "a fine thing" to 12 people,\nand left. See `code` here.\n\nBig Dogs And Cats\n'


@pytest.fixture(scope="module")
def tagged(despinner: Despinner) -> TaggedText:
    return next(tag_texts(despinner.nlp, [TEXT]))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("met", True),
        ("Maria", False),
        ("met Maria", False),
        ("a fine thing", False),
        ("12", False),
        ("people", True),
        ("code", False),
        ("here.\n\nBig", False),
        ("Dogs", True),  # a heading's capital
    ],
)
def test_where_rows_may_be_learned(tagged: TaggedText, words: str, found: bool) -> None:
    start = TEXT.index(words)
    place = tagged.find(start, start + len(words))
    assert bool(place) == found
    if place:
        block, span = place
        assert block.source[span.start_char : span.end_char] == words


def test_the_sentence_is_cut_out_with_single_spaces(tagged: TaggedText) -> None:
    at = TEXT.index("people")
    place = tagged.find(at, at + 6)
    assert place is not None
    block, span = place
    assert block.sentence(span) == ('She said "a fine thing" to 12 ', ", and left.")


def test_texts_come_in_order_over_groups(despinner: Despinner) -> None:
    texts = [f"The dog number {k} runs." if k % 3 else "" for k in range(150)]
    assert [text.text for text in tag_texts(despinner.nlp, texts)] == texts
