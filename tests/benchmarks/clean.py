"""Edits on clean prose, which should have none: with the spin rate estimated and fixed, for documents of three sizes.

    python tests/benchmarks/clean.py [WORDS]

WORDS is how many words to take of each size (default 60,000). Prints edits per 1,000 words, and the share of documents
that are changed.
"""

import sys

from corpus import clean_documents

from despin import Settings
from despin.despinner import Despinner


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 60_000
    for size in (50, 300, 2000):
        texts = list(clean_documents(size, words // size, seed=11))
        total = sum(len(text.split()) for text in texts)
        for rate in (None, 0.0, 0.1, 0.3):
            despinner = Despinner(Settings(spin_rate=rate))
            found = [len(restoration.edits) for restoration in despinner.pipe(texts)]
            changed = sum(count > 0 for count in found) / len(found)
            name = "estimated" if rate is None else f"fixed {rate}"
            density = 1000 * sum(found) / total
            print(f"{size:5} words, {name:10}: {density:7.3f} edits per 1,000 words, {changed:6.1%} of documents")


if __name__ == "__main__":
    main()
