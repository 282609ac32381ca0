"""Sentences find their partners wherever those stand, and words theirs."""

import pytest

from despin.consensus.alignment import Aligned, Copy, differing
from despin.consensus.words import Word, WordReader
from despin.despinner import Despinner


def read(despinner: Despinner, text: str) -> list[list[Word]]:
    doc = despinner.nlp(text)
    return list(WordReader(despinner.lexicon).sentences(doc, bytes(len(doc))))


def align(despinner: Despinner, sentence: str, copy: str) -> Aligned | None:
    (words,) = read(despinner, sentence)
    return Copy(read(despinner, copy)).align(words)


def text_of(words: object) -> str | None:
    return None if words is None else " ".join(word.lower for word in words)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "copy", "differences"),
    [
        ("Many clubs meet once a month.", "Numerous clubs meet once a month.", [("many", "numerous")]),
        (
            "Many clubs meet once a month.",
            "Ferries run every hour. In the hall it is warm. Numerous clubs fulfill once a month.",
            [("many", "numerous"), ("meet", "fulfill")],
        ),
        # Cut in two there, or here.
        ("They gather the leaves and make compost.", "They collect the leaves. They make compost.", [("gather", "collect")]),
        ("Then they make some compost.", "They gather the leaves, and then they produce some compost.", [("make", "produce")]),
        ("She had surgery last year.", "She had surgical procedure last year.", [("surgery", "surgical procedure")]),
        ("They get in touch with others.", "They connect with others.", [("get in touch", "connect")]),
        ("It is a good idea.", "It is a good idea.", []),
    ],
)
def test_words_find_their_partners(despinner: Despinner, sentence: str, copy: str, differences: list[tuple[str, str]]) -> None:
    aligned = align(despinner, sentence, copy)
    assert aligned
    found = [(text_of(aligned.words[a:b]), text_of(aligned.across(a, b))) for a, b in differing(aligned)]
    assert [pair for pair in differences if pair not in found] == []
    if not differences:
        assert found == []


@pytest.mark.parametrize(
    ("sentence", "copy"),
    [
        ("Many clubs meet once a month.", "The old bridge was closed for repairs in March."),
        # A short one is no part of another, since a heading has words of its text.
        ("They make compost.", "They gather the leaves and they produce compost."),
        ("Blog Article", "Many clubs meet once a month."),
        ("Many clubs meet once a month.", ""),
    ],
)
def test_what_has_no_partner_gets_none(despinner: Despinner, sentence: str, copy: str) -> None:
    assert align(despinner, sentence, copy) is None


def test_endless_sentences_are_read_in_pieces(despinner: Despinner) -> None:
    text = " ".join(
        f"the {word} of many people in towns" for word in ("house", "garden", "friend", "tool", "work", "money") * 30
    )
    pieces = read(despinner, text)
    copy = Copy(read(despinner, "well " + text.replace("tool", "device")))
    assert all(len(piece) <= 80 for piece in pieces)
    assert len([piece for piece in pieces if copy.align(piece)]) >= 0.9 * len(pieces)
