"""The generated rows: WordNet's synonyms backwards, the likeliest original first."""

import pytest

from despin.lexicon.rows import Lexicon, Row
from despin.lexicon.thesaurus import build
from despin.lexicon.wordnet import Word, WordNet

ZIPF = {
    "soil": 4.6,
    "dirt": 4.4,
    "filth": 3.3,
    "dust": 4.5,
    "grime": 2.6,
    "argillic": 0.0,
    "dirty": 4.6,
    "crap": 4.7,
    "top": 5.5,
}
EARTH, MESS, MARK = (("NOUN", place) for place in "123")
SYNSETS = {
    EARTH: ["soil", "dirt"],
    MESS: ["soil", "dirt", "filth", "grime", "argillic", "dirty matter", "crap", "top soil"],
    MARK: ["dust", "filth"],
}


def rows(*known: Row) -> dict[str, tuple[str, ...]]:
    words = [Word("soil", "NOUN", [EARTH, MESS], True), Word("dust", "NOUN", [MARK], True), Word("filth", "NOUN", [MESS], True)]
    built = build(WordNet(words, SYNSETS, {}), Lexicon(known), lambda word: ZIPF.get(word, 3.0))
    assert {(row.pos, row.tier) for row in built} == {("NOUN", "generated")}
    return {row.spun: row.originals for row in built}


def test_a_word_stands_for_the_commoner_ones_of_its_synsets() -> None:
    # Usual senses first: filth is dust's first sense and soil's second. Filth is too rare an original for grime.
    assert rows()["filth"] == ("dust", "soil")
    assert rows()["grime"] == ("soil",)
    assert rows()["dirty matter"] == ("soil",)


@pytest.mark.parametrize("spun", ["argillic", "soil", "top soil"])
def test_what_no_spinner_writes_is_left_out(spun: str) -> None:
    assert spun not in rows()


def test_what_no_text_can_hold_is_left_out() -> None:
    synsets = {MESS: ["soil", "wed", "d-irt", "d irt"]}
    built = build(WordNet([Word("soil", "NOUN", [MESS], True)], synsets, {}), Lexicon(), lambda word: ZIPF.get(word, 3.0))
    # spaCy splits "wed" into "we" and "d"; matching ignores hyphens.
    assert [row.spun for row in built] == ["d irt"]


def test_hardly_commoner_words_are_written_too() -> None:
    assert rows()["crap"] == ("soil",)


def test_pairs_that_the_lexicon_has_are_left_out() -> None:
    assert rows(Row("filth", "NOUN", ("dust",)))["filth"] == ("soil",)
