"""An n-gram model of prose is a probability distribution, prefers what the prose has, and is read by despin."""

import io
import math
from collections import Counter
from pathlib import Path

import pytest

from despin.errors import InputError
from despin.judge.base import Passage, Slot
from despin.judge.ngrams import ProseJudge
from despin.training.ngrams import make, sentences, write_arpa

PROSE = [
    "The group helps people who look for work. They look after each other!",
    "The group helps a well-known baker; it doesn't help a zither-player.",
    "People look for work and look for bread. The baker works at night?",
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "prose.txt"
    path.write_text("\n".join(PROSE * 40), encoding="utf-8")
    return path


def read_arpa(text: str) -> list[dict[tuple[str, ...], tuple[float, float]]]:
    """For each length the n-grams with the logarithms of their probability and backoff weight."""
    found: list[dict[tuple[str, ...], tuple[float, float]]] = []
    for line in text.splitlines():
        if line.endswith("-grams:"):
            found.append({})
        elif "\t" in line:
            log, words, *backoff = line.split("\t")
            found[-1][tuple(words.split())] = float(log), float(backoff[0]) if backoff else 0.0
    return found


def log_probability(model: list[dict[tuple[str, ...], tuple[float, float]]], ngram: tuple[str, ...]) -> float:
    if ngram in model[len(ngram) - 1]:
        return model[len(ngram) - 1][ngram][0]
    held = model[len(ngram) - 2].get(ngram[:-1], (0.0, 0.0))[1]
    return held + log_probability(model, ngram[1:])


def test_sentences_are_words_in_lower_case_without_marks(corpus: Path) -> None:
    found = list(sentences([corpus]))
    assert found[:2] == ["the group helps people who look for work".split(), "they look after each other".split()]
    assert "doesn't" in found[3]
    assert "well-known" in found[2]


@pytest.mark.parametrize("least", [(1, 1), (2, 3), (30, 50)])
def test_probabilities_after_any_words_sum_to_one(corpus: Path, least: tuple[int, int]) -> None:
    out = io.StringIO()
    counts = write_arpa(sentences([corpus]), least, out)
    model = read_arpa(out.getvalue())
    assert counts == [len(one) for one in model]
    words = [word for (word,) in model[0] if word != "<s>"]
    for before in (("look",), ("<s>",), ("look", "for"), ("<s>", "the"), ("baker", "who")):
        assert sum(10 ** log_probability(model, (*before, word)) for word in words) == pytest.approx(1, abs=2e-3)


def by_hand(text: list[list[str]], words: list[str]) -> dict[tuple[str, ...], float]:
    """Chen and Goodman's modified Kneser-Ney, word by word, of orders 1 to 3."""
    marked = [["<s>", *sentence, "</s>"] for sentence in text]
    raw = [Counter(tuple(s[i : i + n]) for s in marked for i in range(len(s) - n + 1)) for n in (1, 2, 3)]
    found: dict[tuple[str, ...], float] = {}
    for n in (1, 2, 3):
        counts: dict[tuple[str, ...], int] = {}
        for ngram, count in raw[n - 1].items():
            left = sum(longer[1:] == ngram for longer in raw[n]) if n < 3 else 0
            counts[ngram] = count if n == 3 or ngram[0] == "<s>" else left
        counts.pop(("<s>",), None)
        seen = Counter(counts.values())
        one, two, three, four = (max(1, seen[k]) for k in (1, 2, 3, 4))
        y = one / (one + 2 * two)
        discounts = [1 - 2 * y * two / one, 2 - 3 * y * three / two, 3 - 4 * y * four / three]
        taken = {
            ngram: min(max(discounts[min(count, 3) - 1], 0.1 * min(count, 3)), min(count, 3) - 0.1)
            for ngram, count in counts.items()
        }
        for ngram, count in counts.items():
            same = [other for other in counts if other[:-1] == ngram[:-1]]
            total = sum(counts[other] for other in same)
            rest = sum(taken[other] for other in same) / total
            found[ngram] = (count - taken[ngram]) / total + rest * (found[ngram[1:]] if n > 1 else 1 / len(words))
    return found


def test_probabilities_are_those_of_kneser_and_ney(corpus: Path) -> None:
    text = list(sentences([corpus]))[: 3 * 7] + [["the", "baker", "looks"], ["people", "look"], ["a", "baker", "works"]] * 3
    out = io.StringIO()
    write_arpa(text, (1, 1), out)
    model = read_arpa(out.getvalue())
    words = [word for (word,) in model[0] if word != "<s>"]
    expected = by_hand(text, words)
    compared = [ngram for one in model for ngram in one if ngram in expected]
    assert len(compared) > 60
    for ngram in compared:
        assert 10 ** model[len(ngram) - 1][ngram][0] == pytest.approx(expected[ngram], rel=2e-3), ngram


def test_nothing_to_count_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "latin.txt").write_bytes(b"caf\xe9 society\n")
    for name, message in (("empty.txt", "no words"), ("latin.txt", "latin.txt")):
        with pytest.raises(InputError, match=message):
            make([tmp_path / name], tmp_path / "own.lm.bin")
    assert not (tmp_path / "own.lm.bin").exists()


def test_abbreviations_and_numbers_end_no_sentence(tmp_path: Path) -> None:
    (tmp_path / "short.txt").write_text("Mr. Smith paid 3.5 million at 10:30 in the U.S. market. He left.\n")
    assert [len(sentence) for sentence in sentences([tmp_path / "short.txt"])] == [11, 2]


def test_rare_ngrams_are_left_out(corpus: Path) -> None:
    sizes = [write_arpa(sentences([corpus]), least, io.StringIO()) for least in ((1, 1), (41, 41), (100, 100))]
    assert sizes[0][0] == sizes[2][0]
    assert sizes[0][1] > sizes[1][1] > sizes[2][1] > 0
    assert sizes[0][2] > sizes[1][2] > sizes[2][2]


def test_the_judge_reads_what_is_made(corpus: Path, tmp_path: Path) -> None:
    counts = make([corpus], tmp_path / "own.lm.bin")
    assert len(counts) == 4
    judge = ProseJudge(tmp_path / "own.lm.bin")
    words = tuple("they look for work".split())
    slot = Slot(3, 4, (("work",), ("bread",), ("night",), ("unheard",)))
    work, bread, night, unheard = judge.score(Passage(words, frozenset({0})), [slot])[0]
    assert work > bread > night > unheard > -math.inf
