"""Simulated spins are marked truly, repeatable, and stay away from what must not change."""

import random
from pathlib import Path

import pytest

from despin.despinner import Despinner
from despin.errors import LexiconError
from despin.evaluation.score import spun_text
from despin.lexicon.rows import Lexicon
from despin.lexicon.simulate import Dictionary, Spinner, simulate

ENTRIES = {
    ("get", "VERB"): ["obtain", "acquire"],
    ("dog", "NOUN"): ["canine"],
    ("pay attention", "VERB"): ["spend interest"],
    ("problem", "NOUN"): ["obstacle"],
    ("each other", ""): ["each various other"],
}
TEXT = "Our dogs pay attention when we get food.\n\nIt is a problem that they help each other. See `get dog` in Paris.\n"


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return Dictionary(ENTRIES)


def test_the_gold_marks_exactly_what_was_spun(despinner: Despinner, dictionary: Dictionary) -> None:
    simulations = [simulate(TEXT, despinner.nlp, [dictionary], rate=0.9, seed=seed) for seed in range(8)]
    for simulation in simulations:
        assert spun_text(simulation.gold) == simulation.text
        assert simulation.gold.count("{~~") == simulation.sites
        assert "`get dog` in Paris" in simulation.text
    everything = " ".join(simulation.gold for simulation in simulations)
    for marks in ("{~~canines~>dogs~~}", "{~~spend interest~>pay attention~~}", "{~~an obstacle~>a problem~~}"):
        assert marks in everything
    assert "{~~each various other~>each other~~}" in everything


def test_the_seed_decides(despinner: Despinner, dictionary: Dictionary) -> None:
    one, same, other = (simulate(TEXT, despinner.nlp, [dictionary], rate=0.5, seed=seed) for seed in (1, 1, 5))
    assert one == same
    assert one != other


def test_nothing_is_spun_at_rate_0(despinner: Despinner, dictionary: Dictionary) -> None:
    assert simulate(TEXT, despinner.nlp, [dictionary], rate=0.0, seed=1).text == TEXT


def test_the_lexicon_is_read_forwards(despinner: Despinner) -> None:
    known = Dictionary.of_lexicon(Lexicon.load())
    assert "surgical procedure" in known.single["surgery", "NOUN"]
    spinner = Spinner([known], random.Random(3), 0.9)
    doc = despinner.nlp("Many people need surgery in the end.")
    spun = list(spinner.spin([t.text for t in doc], [t.tag_ for t in doc], [t.lemma_ for t in doc]))
    assert [item.first for item in spun[1:]] == [item.last for item in spun[:-1]]
    assert spun[-1].last == len(doc)


def test_wordnets_files_are_read(tmp_path: Path) -> None:
    for name, pos in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        line = f"00000001 03 {pos} 02 big_word 0 long_word 0 001 @ 00000002 {pos} 0000 | a gloss\n"
        other = f"00000002 03 {pos} 01 thing 0 000 | a gloss\n"
        (tmp_path / f"data.{name}").write_text(f"  1 licence\n{line}{other}")
        (tmp_path / f"index.{name}").write_text(f"  1 licence\nbig_word {pos} 1 1 @ 1 0 00000001\n")
    assert Dictionary.of_wordnet(tmp_path).phrases["big"][0] == (("big", "word"), "NOUN", ["long word", "thing"])


def test_missing_wordnet_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no WordNet files"):
        Dictionary.of_wordnet(tmp_path)
