"""How much of a spun article is restored as a function of how many copies of it are at hand.

    python tests/benchmarks/copies.py WORDNET [DOCUMENTS] [PLOT]

WORDNET is the folder of WordNet's database files, DOCUMENTS how many articles are taken (default 24), PLOT a file for a
picture, such as copies.svg. The articles, of some 300 words, are clean prose that no judge was made of; each copy is simulated
at a spin rate of 0.4 by a spinner of its own. The first copy is restored by itself, then with one to seven others: the share of
its spun sites that were put right, the share of its changes that are right, and changes per 1,000 words where nothing was to be
done.
"""

import random
import sys
from collections import Counter
from pathlib import Path

from corpus import clean_documents

from despin.cli.options import make_dictionaries
from despin.despinner import Despinner
from despin.evaluation.score import score
from despin.lexicon.simulate import simulate

MOST, WORDS, RATE = 8, 300, 0.4


def main() -> None:
    dictionaries = make_dictionaries(Path(sys.argv[1]))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 24
    despinner = Despinner()
    rng = random.Random(1)
    totals = [Counter[str]() for _ in range(MOST)]
    for article in clean_documents(WORDS, count, seed=17):
        copies = [simulate(article, despinner.nlp, dictionaries, rate=RATE, seed=rng.randrange(10**9)) for _ in range(MOST)]
        texts = [copy.text for copy in copies]
        for k, total in enumerate(totals):
            restored = despinner.merge(texts[: k + 1]).text if k else despinner(texts[0]).text
            found = score(copies[0].gold, restored)
            for name in ("words", "must", "must_fixed", "may_fixed", "wrong", "damage"):
                total[name] += getattr(found, name)
    print("copies  restored  precision  damage per 1,000 words")
    shares = []
    for k, total in enumerate(totals, 1):
        right = total["must_fixed"] + total["may_fixed"]
        shares.append(total["must_fixed"] / total["must"])
        precision = right / (right + total["wrong"] + total["damage"])
        print(f"{k:6}  {shares[-1]:8.3f}  {precision:9.3f}  {1000 * total['damage'] / total['words']:.2f}", flush=True)
    if len(sys.argv) > 3:
        plot(shares, Path(sys.argv[3]))


def plot(shares: list[float], path: Path) -> None:
    """Draws the shares of spun sites restored, by number of copies."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(5, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.plot(range(1, len(shares) + 1), shares, marker="o")
    axes.set(xlabel="copies", ylabel="share of the spun sites restored", ylim=(0, 1))
    axes.grid(alpha=0.3)
    figure.savefig(path)


if __name__ == "__main__":
    main()
