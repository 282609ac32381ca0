"""Coverage counts the marked sites at which a right candidate is proposed, and by whom."""

from dataclasses import replace

import pytest

from despin.despinner import Despinner
from despin.evaluation.coverage import Coverage, coverage
from despin.lexicon.rows import Lexicon, Row

GOLD = (
    "We {~~obtain~>get|receive~~} {~~a great deal of~>much~~} help with the {~~filth~>soil~~}, "
    "and {??big~>large??} {~~quarrels~>rows~~} of beans."
)


@pytest.fixture(scope="module")
def found(despinner: Despinner) -> Coverage:
    rows = [
        Row("obtain", "VERB", ("receive",)),
        Row("obtain", "VERB", ("find",)),
        Row("a great deal of", "", ("much",)),
        Row("filth", "NOUN", ("soil",), tier="generated"),
        Row("big", "ADJ", ("large",)),
        Row("quarrel", "NOUN", ("dispute",)),
    ]
    reader = Despinner(replace(despinner.settings, proposals=False), Lexicon(rows), despinner.judges, despinner.nlp)
    return coverage(reader, GOLD)


def test_sites_that_must_be_repaired_are_counted(found: Coverage) -> None:
    assert (found.must, found.words, found.phrases) == (4, 3, 1)


def test_a_site_is_covered_where_a_candidate_is_right(found: Coverage) -> None:
    assert (found.covered, found.words_covered, found.phrases_covered) == (3, 2, 1)
    assert (found.lexicon, found.written) == (3, 2)
    assert found.missing == ("'quarrels', right is 'rows'",)


def test_texts_add_up(found: Coverage) -> None:
    both = found + Coverage(must=4)
    assert (both.must, both.covered, both.share) == (8, 3, 0.375)
    assert both.figures()["share"] == 0.375
    assert Coverage().share == 1.0
