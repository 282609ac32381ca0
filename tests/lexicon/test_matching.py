"""Rows match by lemma and part of speech, over hyphens and line breaks, and never inside a compound."""

import pytest

from despin.despinner import Despinner
from despin.lexicon.matching import find_matches
from despin.lexicon.rows import Lexicon, Row


@pytest.mark.parametrize(
    ("text", "spun", "pos", "found"),
    [
        ("They obtained help.", "obtain", "VERB", ["obtained"]),
        ("Obtaining help, he obtains it.", "obtain", "VERB", ["Obtaining", "obtains"]),
        ("She got rid of her fear.", "get rid of", "VERB", ["got rid of"]),
        ("Two surgical procedures were done.", "surgical procedure", "NOUN", ["surgical procedures"]),
        ("The heads of state met.", "head of state", "NOUN", ["heads of state"]),
        ("They help each various other.", "each various other", "", ["each various other"]),
        ("They help each\nvarious  other.", "each various other", "", ["each\nvarious  other"]),
        ("a well-known singer", "well known", "ADJ", ["well-known"]),
        ("a well-known singer", "known", "ADJ", []),
        ("a well-known singer", "well", "ADV", []),
        ("He don’t know.", "do not know", "", []),
        ("He didn’t know.", "didn't know", "", ["didn’t know"]),
        ("They agenda a meeting.", "agenda", "VERB", ["agenda"]),
        ("They met the analysts.", "analysts", "NOUN", ["analysts"]),
        ("We rely on cloud figuring.", "cloud figuring", "NOUN", ["cloud figuring"]),
        ("The obtained obtains.", "obtain", "NOUN", []),
        ("EACH VARIOUS OTHER", "each various other", "", ["EACH VARIOUS OTHER"]),
        ("greater heights", "great", "ADJ", ["greater"]),
        ("each various", "each various other", "", []),
    ],
)
def test_matches(despinner: Despinner, text: str, spun: str, pos: str, found: list[str]) -> None:
    doc = despinner.nlp(text)
    matches = find_matches(doc, Lexicon((Row(spun, pos, ("x",)),)))
    assert [doc[m.start : m.end].text for m in matches] == found


def test_a_match_knows_its_inflection(despinner: Despinner) -> None:
    doc = despinner.nlp("They obtained help.")
    (match,) = find_matches(doc, Lexicon((Row("obtain", "VERB", ("x",)),)))
    assert match.tags[0] == "VBD"
    assert match.agrees
    assert doc[match.head].text == "obtained"
