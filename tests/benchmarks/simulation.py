"""Marked spins beside simulated ones: how much is spun, which words, what they become, what breaks.

    python tests/benchmarks/simulation.py WORDNET [SEEDS]

WORDNET is the folder of WordNet's database files, SEEDS how many spins of each text (default 10). The columns: the marked
texts, back-translations apart; the same texts put right and spun by the simulator, at rates from 0.3 to 0.9; clean prose of
the same length, spun likewise. Each figure is taken the same way in all three, on the first right reading of every site, and
stands with its standard deviation over documents where it is a document's. Frequencies are natural logs of unigram
probabilities.

What it showed, on the same texts, before the simulator was fitted to it and since:

                                        marked    before    since
    sites in 100 words                    26.5      31.4     27.4
    sites followed by a site              0.22      0.42     0.24
    one word for one word                 0.74      0.58     0.74
    frequency of the spun words          -10.9     -11.5    -10.8
    less that of the originals            -1.4      -2.1     -1.5
    spun again, of words spun once        0.36      0.27     0.39
    articles left wrong                   0.20      0.13     0.28

Real spinners leave grammatical words, light verbs and some nouns alone, write words that they write for many others, and keep
to their choices. The prose is rarer in its words than the marked texts, and so the words spun in it are rarer.
"""

import random
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import mean, pstdev, quantiles

from corpus import clean_documents, marked_texts
from spacy.tokens import Doc

from despin.cli.options import make_dictionaries
from despin.document.morphology import lemma_of, lemmas, pos_of, tags
from despin.document.parsing import load_model
from despin.judge.ngrams import TrigramJudge
from despin.lexicon.simulate import simulate
from despin.marks import original_text, spans, spun_text, words_of
from despin.realize import article

BACK_TRANSLATED = {"first-car", "credit-cards"}
Figures = dict[str, list[float]]


def main() -> None:
    wordnet = Path(sys.argv[1])
    seeds = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    nlp = load_model()
    # The restored texts are measured many times.
    parse = lru_cache(None)(nlp)
    frequency = TrigramJudge().frequency
    dictionaries = make_dictionaries(wordnet)
    marked = [path.read_text(encoding="utf-8") for path in marked_texts() if path.stem not in BACK_TRANSLATED]
    restored = [original_text(gold) for gold in marked]
    prose = list(clean_documents(350, 48))

    def spun(texts: Iterable[str]) -> list[str]:
        rng = random.Random(5)
        return [simulate(text, nlp, dictionaries, rate=rng.uniform(0.3, 0.9), seed=rng.randrange(10**6)).gold for text in texts]

    columns = (marked, spun(restored * seeds), spun(prose))
    measured = [measure(golds, parse, frequency) for golds in columns]
    print(f"{'':44}{'marked':>18}{'simulated':>18}{'on prose':>18}")
    for name in measured[0]:
        print(f"{name:44}" + "".join(f"{shown(figures.get(name, [])):>18}" for figures in measured))


def measure(golds: Sequence[str], parse: Callable[[str], Doc], frequency: Callable[[Sequence[str]], float]) -> Figures:
    """Returns each figure of each document; those of single sites pooled."""
    found: Figures = defaultdict(list)
    pooled: Figures = defaultdict(list)
    for gold in golds:
        document(gold, parse, frequency, found, pooled)
    figures = dict(found)
    for name, values in pooled.items():
        if name.startswith("frequency"):
            low, middle, high = quantiles(values, n=4)
            figures |= {f"{name}, mean": [mean(values)], f"{name}, lower quartile": [low]}
            figures |= {f"{name}, median": [middle], f"{name}, upper quartile": [high]}
        else:
            figures[name] = [mean(values)]
    return figures


def document(
    gold: str, parse: Callable[[str], Doc], frequency: Callable[[Sequence[str]], float], found: Figures, pooled: Figures
) -> None:
    """Adds the figures of one marked document."""
    spun = spun_text(gold)
    right = original_text(gold)
    doc = parse(right)
    by_start = {token.idx: token for token in doc}
    words = len(words_of(right))
    habits: dict[str, list[str]] = defaultdict(list)
    spun_words, followed, shift, before, capitals = 0, [], 0, -2, 0
    sites = spans(gold)
    for start, end, site in sites:
        original = site.accepted[0]
        at = start + shift
        shift += len(original) - (end - start)
        old, new = original.lower().split(), site.spun.lower().split()
        spun_words += len(words_of(original))
        followed.append(not words_of(spun[max(0, before) : start]) if before >= 0 else False)
        before = end
        capitals += site.spun[:1].isupper()
        for a in (1, 2):
            for b in (1, 2):
                pooled[f"words: {'1n'[a - 1]} become {'1n'[b - 1]}"].append(min(2, len(old)) == a and min(2, len(new)) == b)
        pooled["words dropped, nothing else"].append(len(new) < len(old) and set(new) < set(old))
        pooled["words added, nothing else"].append(len(new) > len(old) and set(old) < set(new))
        preceding, following = words_of(spun[:start])[-1:], words_of(spun[end:])[:1]
        ends = words_of(site.spun)
        pooled["word doubled at an end"].append(bool(ends) and (ends[:1] == preceding or ends[-1:] == following))
        pooled["part of a hyphenated compound"].append(
            spun[max(0, start - 1) : start] == "-" or spun[end : end + 1] == "-" or "-" in original
        )
        before_right = words_of(right[:at])[-1:]
        if needed(site.spun, preceding) != needed(original, before_right):
            articles = [word for word in [*preceding, *ends] if word in ("a", "an")]
            pooled["article left wrong (of those to change)"].append(articles[-1:] != [needed(site.spun, preceding)])
        token = by_start.get(at)
        if len(old) == 1 and token is not None:
            for name in ("NOUN", "VERB", "ADJ", "ADV", ""):
                pooled[f"part of speech: {name or 'other'}"].append(pos_of(token.tag_) == name)
        if len(old) == len(new) == 1 and token is not None and token.lower_ == old[0]:
            single(new[0], token.lower_, token.tag_, pooled)
            habits[lemma_of(token.lower_, token.tag_)].append(new[0])
            if frequency(old) > -15.9 and frequency(new) > -15.9:
                pooled["frequency of originals"].append(frequency(old))
                pooled["frequency of spun words"].append(frequency(new))
                pooled["frequency spun - original"].append(frequency(new) - frequency(old))
    found["sites in 100 words"].append(100 * len(sites) / words)
    found["words spun, of 100"].append(100 * spun_words / words)
    found["sites followed by a site at once"].append(mean(followed[1:] or [0]))
    found["sites that begin with a capital"].append(capitals / max(1, len(sites)))
    for forms in habits.values():
        pooled["same form again (of words spun again)"] += [one == other for one, other in pairwise(forms)]
    counts: dict[str, int] = defaultdict(int)
    for token in doc:
        counts[lemma_of(token.lower_, token.tag_)] += 1
    for lemma, forms in habits.items():
        if counts[lemma] > 1:
            pooled["spun again (of words spun once)"] += [True] * (len(forms) - 1) + [False] * (counts[lemma] - len(forms))


def single(new: str, old: str, tag: str, pooled: Figures) -> None:
    """Adds what became of a single word: its part of speech, and whether the new one can have it and the inflection."""
    pos = pos_of(tag)
    # A heading's nouns are names to the tagger.
    tag = {"NNP": "NN", "NNPS": "NNS"}.get(tag, tag)
    if pos and (known := lemmas(new)):
        fits = pos in known
        pooled["part of speech wrong"].append(not fits)
        if fits and old != new:
            pooled["inflection wrong"].append(not any(tag in tags(new, lemma, pos) for lemma in known[pos]))


def needed(text: str, preceding: Sequence[str]) -> str:
    """The indefinite article that a site's text needs, where one stands before it or at its start, else nothing."""
    parts = [*preceding, *text.lower().split()]
    at = next((k for k, word in enumerate(parts[:-1]) if word in ("a", "an")), None)
    return "" if at is None else article(parts[at + 1])


def shown(values: Sequence[float]) -> str:
    """A figure with its spread over documents, if there are several."""
    if not values:
        return "-"
    return f"{mean(values):.2f} ± {pstdev(values):.2f}" if len(values) > 1 else f"{values[0]:.3f}"


if __name__ == "__main__":
    main()
