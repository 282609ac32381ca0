"""What the stage `characters` does to clean prose, which should be nothing, and to the same prose as mojibake.

    python tests/benchmarks/mojibake.py [WORDS] [SENTENCES]

Prints each edit in so many words of clean paragraphs (default 2,000,000), then the share of paragraphs with other than ASCII
characters (default 3,000) that come back exactly after UTF-8 was read as another encoding, once or twice.
"""

import lzma
import random
import sys

from corpus import SHARED
from ftfy import bad_codecs
from ftfy.badness import is_bad

from despin.draft import Draft
from despin.restoration import replay
from despin.stages.characters import Characters

WAYS = ("sloppy-windows-1252", "latin-1", "macroman", "cp437", "sloppy-windows-1251", "sloppy-windows-1250")


def main() -> None:
    words = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    wanted = int(sys.argv[2]) if len(sys.argv) > 2 else 3_000
    bad_codecs.ok()
    paragraphs = clean_paragraphs()
    random.Random(7).shuffle(paragraphs)
    seen = edits = 0
    for paragraph in paragraphs:
        if seen >= words:
            break
        seen += len(paragraph.split())
        draft = Draft(paragraph, no_model)
        for edit in Characters()(draft):
            edits += 1
            around = paragraph[max(0, edit.start - 20) : edit.end + 20]
            print(f"  {edit.spun!r} -> {edit.original!r} ({edit.evidence[0].reason}) in {around!r}")
        for flag in draft.flags:
            print(f"  flag {flag.text!r} in {paragraph[max(0, flag.start - 20) : flag.end + 20]!r}")
    print(f"{edits} edits in {seen} clean words")
    # What is broken already is no measure.
    marked = [p for p in paragraphs if not p.isascii() and not is_bad(p) and "\ufffd" not in p][:wanted]
    for name in WAYS:
        for times in (1, 2):
            report(f"{name} x{times}", marked, name, times)


def report(title: str, paragraphs: list[str], encoding: str, times: int) -> None:
    broken = exact = left = 0
    for paragraph in paragraphs:
        mojibake = paragraph
        try:
            for _ in range(times):
                mojibake = mojibake.encode().decode(encoding)
        except UnicodeDecodeError:
            continue
        restored = replay(mojibake, Characters()(Draft(mojibake, no_model)))
        broken += 1
        exact += restored == paragraph
        left += restored == mojibake
    print(f"{title:24}: {broken} paragraphs, {exact / broken:.4f} exact, {left / broken:.4f} left, the others in part")


def no_model() -> None:
    raise AssertionError("characters need no model")


def clean_paragraphs() -> list[str]:
    found = []
    for name in ("prose", "tech"):
        with lzma.open(SHARED / "data" / f"{name}.txt.xz", "rt", encoding="utf-8") as file:
            found += [line.rstrip("\n") for line in file]
    return found


if __name__ == "__main__":
    main()
