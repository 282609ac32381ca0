"""Rows are learned from what was changed, and from how copies of an article differ."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from despin.despinner import Despinner
from despin.lexicon.check import lint
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import Lexicon
from despin.lexicon.simulate import simulate
from despin.mining.entries import Entry
from despin.mining.findings import Sighting, gather, rows_of
from despin.mining.pairs import learn, learn_from_copies
from despin.sites import find_sites

ORIGINAL = """Peer groups help people who want to build a sense of community.

The nurse gave him good advice, and he slept in the big house until the doctor came. Ann paid $20 for "a big sense".
"""


def seen(sightings: list[Sighting]) -> set[tuple[str, str, str]]:
    return {tuple(one.entry) for one in sightings}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"help": "aid", "sense of": "feeling of"}, {("aid", "VERB", "help"), ("feeling", "NOUN", "sense")}),
        ({"until": "up until"}, set()),
        ({"Ann": "Anna", "$20": "$30", '"a big sense"': '"a large feeling"'}, set()),
        ({"gave him": "offered him", "slept": "went to sleep"}, {("offer", "VERB", "give"), ("go to sleep", "VERB", "sleep")}),
        # Neighbours are taken apart only where one of them is known.
        ({"big house": "large home"}, {("large home", "NOUN", "big house")}),
        ({"good advice": "excellent guidance"}, {("excellent", "ADJ", "good"), ("guidance", "NOUN", "advice")}),
    ],
)
def test_learns_what_was_changed(despinner: Despinner, changes: dict[str, str], expected: set[tuple[str, str, str]]) -> None:
    spun = ORIGINAL
    for old, new in changes.items():
        spun = spun.replace(old, new)
    known = Lexicon(rows_of(gather([Sighting(Entry("advice", "NOUN", "guidance"), 0, 0, "")], Lexicon())))
    assert seen(learn(despinner.nlp, [(ORIGINAL, spun)], known)) == expected


def test_neighbours_are_taken_apart_where_one_was_swapped_alone(despinner: Despinner) -> None:
    pairs = [("He saw a big house.", "He saw a large home."), ("The house was old.", "The home was old.")]
    found = {("large", "ADJ", "big"), ("home", "NOUN", "house")}
    assert seen(learn(despinner.nlp, pairs, Lexicon())) == found
    assert seen(learn(despinner.nlp, pairs[:1], Lexicon())) == {("large home", "NOUN", "big house")}


def test_words_that_are_tagged_unlike_count_as_the_lemma_that_was_found_elsewhere(despinner: Despinner) -> None:
    pairs = [("Give the puppy time.", "Give the pup time."), ("I saw two puppies.", "I saw two pups.")]
    assert {doc[2].tag_ for doc in map(despinner.nlp, pairs[0])} != {"NN"}  # the tagger errs
    assert [tuple(one.entry) for one in learn(despinner.nlp, pairs, Lexicon())] == [("pup", "NOUN", "puppy")] * 2
    assert seen(learn(despinner.nlp, pairs[:1], Lexicon())) == {("pup", "", "puppy")}


def test_examples_are_sentences_of_the_spun_text(despinner: Despinner) -> None:
    spun = ORIGINAL.replace("sense of", "feeling of")
    (found,) = learn(despinner.nlp, [("No change.", "No change."), (ORIGINAL, spun)], Lexicon())
    assert found.example == "Peer groups help people who want to build a [feeling=>sense] of community."
    assert (found.text, found.at) == (1, ORIGINAL.index("sense"))


def test_copies_offer_both_directions_and_the_one_in_more_copies_comes_first(despinner: Despinner) -> None:
    copies = [ORIGINAL, ORIGINAL, ORIGINAL.replace("sense of", "feeling of")]
    first, second = gather(learn_from_copies(despinner.nlp, copies, Lexicon()), Lexicon())
    assert (first.row.spun, first.row.originals, first.count, first.texts) == ("feeling", ("sense",), 2, 2)
    assert (second.row.spun, second.row.originals, second.count, second.texts) == ("sense", ("feeling",), 1, 1)


TEXT = """Our dogs pay attention when we get food. It is a problem that they help each other in the old garden.

She gets a large problem every year. The children were helping an old dog, and he paid attention to them.
"""
ENTRIES = {
    ("get", "VERB"): ["obtain", "acquire"],
    ("dog", "NOUN"): ["canine"],
    ("pay attention", "VERB"): ["focus"],
    ("problem", "NOUN"): ["obstacle"],
    ("help", "VERB"): ["aid"],
    ("garden", "NOUN"): ["backyard"],
    ("each other", ""): ["each various other"],
}


@pytest.mark.parametrize("seed", range(6))
def test_what_was_learned_from_a_spinner_undoes_it(despinner: Despinner, seed: int) -> None:
    """The rows match where they were learned, and one of their candidates there is what stood there."""
    spun = simulate(TEXT, despinner.nlp, [Dictionary(ENTRIES)], rate=0.8, seed=seed).text
    sightings = learn(despinner.nlp, [(TEXT, spun)], Lexicon())
    rows = rows_of(gather(sightings, Lexicon()))
    assert sightings
    assert list(lint(Lexicon(sorted(rows, key=lambda row: (row.spun, row.pos))))) == []
    found = {
        (site.spun, candidate.original.lower())
        for doc in map(despinner.nlp, spun.splitlines())
        for site in find_sites(doc, Lexicon(rows), lambda *_: True, lambda doc: None)
        for candidate in site.candidates
    }
    sites = {tuple(one.example.lower().replace("]", "[").split("[")[1].split("=>")) for one in sightings}
    assert {tuple(word.removeprefix("an ").removeprefix("a ") for word in site) for site in sites} <= found


WORDS = st.lists(
    st.sampled_from(
        "The dogs walked home . , and “ ” don’t I’m it's ' - well-known risk‑free [ ] café Maria a an 12 {~~ \t \n big".split(
            " "
        )
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(WORDS, WORDS)
@example(["The"], ["dogs", "-"])
def test_whatever_differs_the_rows_are_sound(despinner: Despinner, original: list[str], spun: list[str]) -> None:
    sightings = learn_from_copies(despinner.nlp, [" ".join(original), " ".join(spun)], Lexicon())
    rows = sorted(rows_of(gather(sightings, Lexicon())), key=lambda row: (row.spun, row.pos))
    assert list(lint(Lexicon(rows))) == []
    assert not any("maria" in row.spun or "12" in row.spun for row in rows)
