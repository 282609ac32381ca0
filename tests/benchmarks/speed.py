"""Time of despin over time of spaCy's own tagger, parser and lemmatizer on the same texts, side by side.

    python tests/benchmarks/speed.py [ROUNDS]

Clean: 100,000 words of prose in documents of 2,000 words. Spun: the marked texts, repeated to 100,000 words. Each round
times both, one after the other; the ratio of the medians is reported. Times are seconds.
"""

import statistics
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec

import spacy
from corpus import clean_documents, marked_texts
from spacy.language import Language

from despin.despinner import Despinner
from despin.document.blocks import blocks
from despin.document.parsing import MODELS
from despin.marks import spun_text


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    spun = [spun_text(path.read_text(encoding="utf-8")) for path in marked_texts()]
    repeated = spun * (1 + 100_000 // sum(len(text.split()) for text in spun))
    despinner = Despinner()
    # spaCy's own pipeline: tagger, parser and lemmatizer, with what they need.
    nlp = spacy.load(next(name for name in MODELS if find_spec(name)), exclude=["ner"])
    for name, texts, limit in (("clean", list(clean_documents(2000, 50)), 1.6), ("spun", repeated, 2.5)):
        parse_times, despin_times = [], []
        for _ in range(rounds):
            parse_times.append(timed(lambda texts=texts: [parse(nlp, text) for text in texts]))
            despin_times.append(timed(lambda texts=texts: list(despinner.pipe(texts))))
        parsing, whole = statistics.median(parse_times), statistics.median(despin_times)
        words = sum(len(text.split()) for text in texts)
        print(
            f"{name}: {words} words, parse {parsing:.1f} s, despin {whole:.1f} s, ratio {whole / parsing:.2f} (limit {limit})"
        )


def parse(nlp: Language, text: str) -> None:
    """Parses a document paragraph by paragraph, as spaCy's users do, in one batch."""
    list(nlp.pipe([text[block.start : block.end] for block in blocks(text)]))


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
