"""Makes characters plain where a reader would not miss the others: straight quotation marks and apostrophes, letters for Latin
ligatures, usual widths. A matter of taste, and so left out unless it is asked for; what is a ligature or a width, ftfy says.

Straight marks neither nest nor, single, quote surely, and what is quoted must still be told as such afterwards. So marks are
straightened in paragraphs only in which each opens or closes a plain quotation; single ones where they are apostrophes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from despin.document.protection import WORDS_ONLY
from despin.restoration import Edit, Evidence
from despin.settings import STYLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.document.protection import Protection
    from despin.draft import Draft

# What is changed is asked for, and what it is changed to is given.
_CONFIDENCE = 1.0
_PARAGRAPH = re.compile(r"(?:[^\n]|\n(?![ \t\r]*\n))+")
_MARK = re.compile(r"[“”„‟\"«»]")
_QUOTED = re.compile(r"(?<!\w)“[^“”„‟\"«»]+”")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])")


class Style:
    """The stage that makes characters plain."""

    name = STYLE

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        text = draft.text
        if text.isascii():
            return []
        protection = draft.protection.without(WORDS_ONLY)
        found = [
            *_quotation_marks(text, protection),
            *((m.start(), "'", "straight apostrophe") for m in _APOSTROPHE.finditer(text)),
        ]
        table = _table()
        found += ((m.start(), table[m[0]], "plain letters") for m in _fancy().finditer(text))
        return [
            Edit(at, at + 1, text[at], plain, _CONFIDENCE, evidence=(Evidence(reason, 0.0),), stage=STYLE)
            for at, plain, reason in sorted(found)
            if not protection.touches(at, at + 1)
        ]


def _quotation_marks(text: str, protection: Protection) -> Iterator[tuple[int, str, str]]:
    plain = True
    for paragraph in _PARAGRAPH.finditer(text):
        quoted = list(_QUOTED.finditer(text, *paragraph.span()))
        # A quotation of several paragraphs closes in the last one only, and is told by how each opens.
        goes_on = not plain and paragraph[0].lstrip().startswith("“")
        plain = 2 * len(quoted) == len(_MARK.findall(text, *paragraph.span())) and not any(
            protection.touches(at, at + 1) for match in quoted for at in (match.start(), match.end() - 1)
        )
        if plain and not goes_on:
            for match in quoted:
                yield match.start(), '"', "straight quotation mark"
                yield match.end() - 1, '"', "straight quotation mark"


@cache
def _table() -> dict[str, str]:
    from ftfy.chardata import LIGATURES, WIDTH_MAP  # for those who ask for this stage

    return {chr(code): plain for code, plain in (WIDTH_MAP | LIGATURES).items()}


@cache
def _fancy() -> re.Pattern[str]:
    return re.compile("[" + "".join(map(re.escape, _table())) + "]")
