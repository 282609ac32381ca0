"""Simulated spins are marked truly, repeatable, and stay away from what must not change."""

import random

import pytest

from despin.despinner import Despinner
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import Lexicon
from despin.lexicon.simulate import Spinner, SpunToken, simulate
from despin.marks import original_text, spun_text

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
    simulations = [simulate(TEXT, despinner.nlp, [dictionary], rate=0.9, seed=seed) for seed in range(30)]
    for simulation in simulations:
        assert spun_text(simulation.gold) == simulation.text
        assert original_text(simulation.gold) == TEXT
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


@pytest.mark.parametrize(
    ("entries", "sentence", "outcomes"),
    [
        pytest.param(
            {("problem", "NOUN"): ["obstacle"]},
            "a/DT/a problem/NN/problem",
            {"a problem", "an obstacle", "a obstacle"},
            id="articles are put right by most spinners",
        ),
        pytest.param(
            {("matter", "NOUN"): ["issue"]},
            "it/PRP/it matters/VBZ/matter",
            {"it matters", "it issues", "it issue"},
            id="a verb is taken for the noun that looks like it",
        ),
        pytest.param(
            {("solid", "ADJ"): ["strong"]},
            "solider/JJR/solid",
            {"solider", "stronger", "more strong", "strong"},
            id="comparatives are put together",
        ),
        pytest.param(
            {("more", "ADJ"): ["great"]},
            "more/JJR/more",
            {"more", "great"},
            id="what stands for a bare comparative is not compared",
        ),
        pytest.param(
            {("shut", "VERB"): ["break"]},
            "shut/VBD/shut",
            {"shut", "break", "broke", "broken"},
            id="a form of several tags is taken for any of them",
        ),
        pytest.param(
            {("share", "VERB"): ["divide"]},
            "open/VB/open up/RP/up",
            {"open up", "open"},
            id="a phrasal verb loses its particle",
        ),
        pytest.param(
            {("person", "NOUN"): ["individual"]},
            "Paris/NNP/paris Person/NN/person",
            {"Paris Person"},
            id="names stay",
        ),
    ],
)
def test_what_spinners_do(entries: dict[tuple[str, str], list[str]], sentence: str, outcomes: set[str]) -> None:
    tokens, tags, lemmas = zip(*(word.split("/") for word in sentence.split()), strict=True)
    seen = set()
    for seed in range(400):
        spun = list(Spinner([Dictionary(entries)], random.Random(seed), 0.9).spin(tokens, tags, lemmas))
        assert [item.first for item in spun] == [0, *(item.last for item in spun[:-1])]
        seen.add(" ".join(word for item in spun for word in item.words))
    assert seen == outcomes


def test_an_article_put_right_is_a_change_of_its_own() -> None:
    spinners = (Spinner([Dictionary(ENTRIES)], random.Random(seed), 0.9) for seed in range(20))
    sentences = [list(spinner.spin(["A", "problem"], ["DT", "NN"], ["a", "problem"])) for spinner in spinners]
    assert [SpunToken(("an",), 0, 1, "a"), SpunToken(("obstacle",), 1, 2, "problem")] in sentences


def test_a_document_keeps_its_habits() -> None:
    entries = {("dog", "NOUN"): ["canine", "hound"]}
    again = both = 0
    for seed in range(300):
        spinner = Spinner([Dictionary(entries)], random.Random(seed), 0.5)
        first, second = (next(spinner.spin(["dog"], ["NN"], ["dog"])) for _ in range(2))
        again += first.original == second.original
        both += first.words == second.words
    assert again > 0.6 * 300  # half, were they independent
    assert both > 0.9 * again


@pytest.mark.parametrize(("word", "tag"), [("and", "CC"), ("get", "VB")])
def test_common_words_are_changed_less(word: str, tag: str) -> None:
    dictionary = Dictionary({(word, "VERB"): ["new"], ("dog", "VERB"): ["new"], (word, ""): ["new"], ("dog", ""): ["new"]})

    def changed(token: str) -> int:
        spinners = (Spinner([dictionary], random.Random(seed), 0.8) for seed in range(300))
        return sum(next(spinner.spin([token], [tag], [token])).original == token for spinner in spinners)

    assert 0 < changed(word) < 0.8 * changed("dog")


def test_headings_are_spun_in_their_capitals(despinner: Despinner, dictionary: Dictionary) -> None:
    text = "How Your Dog Can Pay Attention\n\nIt is late.\n"
    spun = {simulate(text, despinner.nlp, [dictionary], rate=0.9, seed=seed).text.split("\n")[0] for seed in range(20)}
    assert "How Your Canine Can Spend Interest" in spun
