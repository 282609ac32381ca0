"""Sites hold the candidates that could stand there."""

import math

import pytest

from despin.despinner import Despinner
from despin.lexicon.rows import Lexicon, Row
from despin.sites import find_sites


def originals(despinner: Despinner, text: str, *rows: tuple[str, str, str]) -> list[list[str]]:
    lexicon = Lexicon(Row(spun, pos, tuple(original.split("|"))) for spun, pos, original in rows)
    sites = find_sites(despinner.nlp(text), lexicon, lambda start, end: True, lambda doc: None)
    return [sorted(candidate.original for candidate in site.candidates) for site in sites]


@pytest.mark.parametrize(
    ("text", "row", "found"),
    [
        ("They obtained help.", ("obtain", "VERB", "get|receive"), [["got", "gotten", "received"]]),
        ("The peer assistance group met.", ("assistance", "", "support|group"), [["support"]]),
        ("The support assistance Support staff met.", ("assistance", "", "support|help"), [["help"]]),
        ("He really knows.", ("really", "", ""), [[""]]),
        ("The doctor actually's here.", ("actually", "", ""), []),
        ("A recommendation and two recommendations.", ("recommendation", "NOUN", "tip"), [["tip"], ["tips"]]),
    ],
)
def test_candidates_are_inflected_and_never_double_a_word(
    despinner: Despinner, text: str, row: tuple[str, str, str], found: list[list[str]]
) -> None:
    assert originals(despinner, text, row) == found


def test_shares_sum_to_one_and_follow_the_rank(despinner: Despinner) -> None:
    row = Row("obtain", "VERB", ("get", "receive", "gain"))
    (site,) = find_sites(despinner.nlp("They obtain help."), Lexicon((row,)), lambda start, end: True, lambda doc: None)
    shares = {candidate.original: math.exp(candidate.features["share"]) for candidate in site.candidates}
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["get"] > shares["receive"] > shares["gain"]
