"""What the stage `scraping` does to clean prose, which should be nothing.

    python tests/benchmarks/scraping.py [PARAGRAPHS]

Joins clean paragraphs, so many a document (default 20), and prints each edit, how many flags there are, and some of them.
"""

import lzma
import sys
from collections import Counter

from corpus import SHARED

from despin.draft import Draft
from despin.stages.scraping import Scraping


def main() -> None:
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    stage = Scraping()
    words = 0
    edits: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    for name in ("prose", "tech"):
        with lzma.open(SHARED / "data" / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
            paragraphs = [line.rstrip("\n") for line in file]
        for at in range(0, len(paragraphs), size):
            text = "\n\n".join(paragraphs[at : at + size]) + "\n"
            words += len(text.split())
            draft = Draft(text, no_model)
            for edit in stage(draft):
                reason = edit.evidence[0].reason
                edits[reason] += 1
                if edits[reason] <= 40:
                    around = text[max(0, edit.start - 50) : edit.end + 30]
                    print(f"{reason}: {edit.spun!r} -> {edit.original!r} in {around!r}")
            for flag in draft.flags:
                flags[flag.reason] += 1
                if flags[flag.reason] <= 8:
                    print(f"  flag, {flag.reason}: {flag.text[:100]!r}")
    print(f"{words} words: {sum(edits.values())} edits {dict(edits)}, {sum(flags.values())} flags {dict(flags)}")


def no_model() -> None:
    raise AssertionError("scraping needs no model")


if __name__ == "__main__":
    main()
