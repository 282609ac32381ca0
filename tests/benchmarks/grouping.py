"""How well copies of each other are found among 2,000 files: 400 spun copies of 80 originals, 1,600 other articles.

    python tests/benchmarks/grouping.py WORDNET

WORDNET is the folder of WordNet's database files. The copies are simulated at a spin rate of 0.4. The articles are stretches of
clean prose that lie far apart; one that shares a few runs of eight words with another, as articles by one template do, is left
out, since it is a copy in part. Precision and recall are those of pairs of copies; beside despin's grouping stands plain
MinHash on the raw words' pairs, at three thresholds. Time is seconds, memory what the process grew by.
"""

import random
import resource
import sys
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from time import perf_counter

from corpus import SHARED

from despin.cli.options import make_dictionaries
from despin.consensus import grouping
from despin.consensus.grouping import Grouper
from despin.document.parsing import load_model
from despin.judge.ngrams import TrigramJudge
from despin.lexicon.rows import Lexicon
from despin.lexicon.simulate import simulate
from despin.training.corpus import documents, lines_of

FILES, ORIGINALS, COPIES, WORDS, RATE = 2_000, 80, 5, 300, 0.4


class RawGrouper(Grouper):
    """Plain MinHash on the words as they stand."""

    def _pairs(self, text: str) -> Iterator[set[str]]:
        yield {f"{one} {other}" for one, other in pairwise(text.lower().split())}

    def _covers(self, number: int, other: int) -> bool:
        return True


def distinct(articles: list[str]) -> list[str]:
    """Returns the articles that share few runs of eight words, three at most, with those before them."""
    seen: set[str] = set()
    kept = []
    for article in articles:
        words = article.lower().split()
        runs = {" ".join(words[i : i + 8]) for i in range(len(words) - 7)}
        if len(runs & seen) <= 3:
            kept.append(article)
        seen |= runs
    return kept


def main() -> None:
    lexicon = Lexicon.load()
    nlp = load_model()
    dictionaries = make_dictionaries(Path(sys.argv[1]))
    rng = random.Random(1)
    wanted = FILES - ORIGINALS * COPIES + ORIGINALS
    # A paragraph that stands twice in the corpus would make copies of two articles.
    articles = list(documents(dict.fromkeys(lines_of(SHARED / "data" / "prose.txt.xz")), WORDS))
    articles = distinct(articles[:: len(articles) // (wanted * 5 // 4)])[:wanted]
    rng.shuffle(articles)
    texts = [(k, article) for k, article in enumerate(articles[ORIGINALS:], ORIGINALS)]
    for k, article in enumerate(articles[:ORIGINALS]):
        texts += [(k, simulate(article, nlp, dictionaries, rate=RATE, seed=rng.randrange(10**9)).text) for _ in range(COPIES)]
    rng.shuffle(texts)
    print(f"{len(texts)} files, {sum(len(text.split()) for _, text in texts):,} words")
    true = {pair for pair in combinations(range(len(texts)), 2) if texts[pair[0]][0] == texts[pair[1]][0]}
    for name, kind, threshold in (
        ("despin", Grouper, grouping._COMMON),
        ("raw words", RawGrouper, 0.1),
        ("raw words", RawGrouper, 0.2),
        ("raw words", RawGrouper, 0.3),
    ):
        grouping._COMMON = threshold
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begin = perf_counter()
        grouper = kind(lexicon, TrigramJudge())
        for _, text in texts:
            grouper.add(text)
        found = {pair for group in grouper.groups() for pair in combinations(group, 2)}
        seconds = perf_counter() - begin
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1000
        right = len(found & true)
        print(
            f"{name}, threshold {threshold}: precision {right / max(1, len(found)):.3f}, recall {right / len(true):.3f}, "
            f"{seconds:.1f} s, {memory:.0f} MB"
        )


if __name__ == "__main__":
    main()
