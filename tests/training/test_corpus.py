"""Prose is tagged once and spun anew; places and labels of the examples fit their word pieces."""

import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from despin.despinner import Despinner
from despin.judge.encoder import BEGIN, END, MASK, MODEL, WINDOW, word_pieces
from despin.lexicon.dictionary import Dictionary
from despin.training.corpus import Example, Simulator, held_out, paragraphs, prepare, vocabulary

PROSE = [
    "The committee wanted a simple answer. It didn't get one, because nobody had asked the right question.",
    "Many people start a small business at home. They need help, money and a good plan.",
    "London is big.",
] * 30
DICTIONARY = Dictionary(
    {
        ("simple", "ADJ"): ["easy", "uncomplicated"],
        ("answer", "NOUN"): ["reply"],
        ("help", "NOUN"): ["assistance"],
        ("good", "ADJ"): ["great"],
        ("plan", "NOUN"): ["blueprint", "strategy"],
        ("because", ""): ["due to the fact that"],
        ("start", "VERB"): ["commence"],
        ("at home", ""): ["in the house"],
    }
)
MARKED = [
    "The {~~board~>committee~~} wanted {~~an answer of simple~>a simple answer~~}. It got {~~reply~>an answer~~}.",
    "{~~Lot of the people who live in~>Many people start~~} a business. They need {~~money of~>money~~} and {~~help~>plans~~}.",
    "{~~Very ~>~~}London is big.",
] * 30
KNOWN = {lemma: i for i, lemma in enumerate(["simple", "answer", "help", "good", "plan", "start", "need", "question"])}


@pytest.fixture(scope="module")
def shards(despinner: Despinner, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "prose.txt").write_text("\n".join(PROSE), encoding="utf-8")
    return prepare(despinner.nlp, [folder / "prose.txt"], folder / "tagged")


@pytest.fixture(scope="module")
def marked(despinner: Despinner, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("marked")
    (folder / "marked.txt").write_text("\n".join(MARKED), encoding="utf-8")
    return prepare(despinner.nlp, [folder / "marked.txt"], folder / "tagged", marked=True)


@pytest.fixture(scope="module")
def examples(despinner: Despinner, shards: list[Path]) -> list[Example]:
    simulator = Simulator([DICTIONARY], KNOWN, word_pieces(MODEL / "tokenizer.json"))
    return list(simulator.examples(paragraphs(shards[0], despinner.nlp.vocab), random.Random(3)))


def test_keeps_one_block_of_lines_in_twenty_for_measuring() -> None:
    kept = [line for line in range(8_000) if held_out(line)]
    assert len(kept) == 400
    assert kept[:200] == list(range(kept[0], kept[0] + 200))


def test_tagged_prose_is_not_made_again(despinner: Despinner, shards: list[Path]) -> None:
    made = shards[0].stat().st_mtime_ns
    assert prepare(despinner.nlp, [shards[0].parent.parent / "prose.txt"], shards[0].parent) == shards
    assert shards[0].stat().st_mtime_ns == made


def test_negations_stay_with_their_verbs(despinner: Despinner, shards: list[Path]) -> None:
    words = [word for sentence in next(paragraphs(shards[0], despinner.nlp.vocab)) for word in sentence.words]
    assert "didn't" in words


def test_names_the_dictionary_and_common_words(shards: list[Path]) -> None:
    names = vocabulary(shards, DICTIONARY)
    assert {"simple", "because"} <= set(names)
    assert "London" not in names
    assert len(names) == len(set(names))


def test_examples_fit_into_a_window(examples: list[Example]) -> None:
    assert examples
    for example in examples:
        assert example.ids[0] == BEGIN
        assert example.ids[-1] == END
        assert len(example.ids) <= WINDOW
        for start, end, *_ in (*example.words, *example.originals, *example.choices):
            assert 1 <= start < end < len(example.ids)


def test_originals_stand_where_spinners_wrote_something_else(examples: list[Example]) -> None:
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    written: set[tuple[str, str]] = set()
    for example in examples:
        for start, end, original in example.originals:
            if example.ids[start] != MASK:
                written.add((tokenizer.decode(example.ids[start:end]), original))
    assert ("reply", "answer") in written
    assert ("due to the fact that", "because") in written
    assert not {spun for spun, original in written if spun == original}


def test_only_spun_places_are_labelled_spun(examples: list[Example]) -> None:
    # A phrase that a window's end cuts in two has lost its original.
    whole = [example for example in examples if len(example.ids) < WINDOW]
    assert whole
    for example in whole:
        spun = {place[:2] for place in example.words if place[2]}
        wholes = {place[:2] for place in example.originals if example.ids[place[0]] != MASK}
        assert wholes <= spun
        assert all(any(a <= start and end <= z for a, z in wholes) for start, end in spun)


def test_the_right_original_is_the_first_choice_at_spun_places_only(examples: list[Example]) -> None:
    known = {(start, end): original for one in examples for start, end, original in one.originals}
    assert any(right for one in examples for *_, right in one.choices)
    for example in examples:
        known = {(start, end): original for start, end, original in example.originals}
        for start, end, stands, candidates, right in example.choices:
            assert right == ((start, end) in known)
            assert stands not in candidates
            if right:
                assert candidates[0] == known[start, end]


def test_some_windows_are_clean_and_most_are_not(examples: list[Example]) -> None:
    spun = [any(place[2] for place in example.words) for example in examples]
    assert any(spun)
    assert not all(spun)


def test_marked_text_is_read_as_it_was_found(despinner: Despinner, marked: list[Path]) -> None:
    simulator = Simulator([DICTIONARY], KNOWN, word_pieces(MODEL / "tokenizer.json"))
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    found = set()
    for example in simulator.examples(paragraphs(marked[0], despinner.nlp.vocab), random.Random(3)):
        assert {place[:2] for place in example.words if place[2]} >= {place[:2] for place in example.originals[1:-1]} - {
            place[:2] for place in example.originals if example.ids[place[0]] == MASK
        }
        found |= {(tokenizer.decode(example.ids[start:end]), original) for start, end, original in example.originals}
    assert {("board", "committee"), ("an answer of simple", "a simple answer"), ("help", "plan")} <= found
    assert ("reply", "an answer") in found


def test_sentences_too_much_changed_are_left_out(despinner: Despinner, marked: list[Path]) -> None:
    sentences = [s.words for paragraph in paragraphs(marked[0], despinner.nlp.vocab) for s in paragraph]
    assert not any("business" in words or "London" in words for words in sentences)
    assert any("plans" in words for words in sentences)
