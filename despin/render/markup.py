"""Plain-text renderings of a restoration: unified diff and CriticMarkup."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from despin.restoration import Edit, Restoration


def diff(source: str, restored: str, name: str) -> str:
    """Returns a unified diff from the source to the restored text, as `patch` reads it; empty if nothing changed.

    Args:
        source: the input's text.
        restored: what came of it.
        name: the file's name for the header.
    """
    # Lines end at a newline only, as in every diff: `splitlines` would also cut at form feeds and the like.
    old, new = (text.split("\n") for text in (source, restored))
    old, new = ([line + "\n" for line in lines[:-1]] + [line for line in lines[-1:] if line] for lines in (old, new))
    out = []
    # A tab ends a name that holds spaces, as git and GNU diff write it.
    end = "\t" if " " in name else ""
    for line in difflib.unified_diff(old, new, f"a/{name}{end}", f"b/{name}{end}"):
        out.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(out)


def criticmarkup(source: str, restoration: Restoration) -> str:
    """Returns the source with each edit marked as a substitution: `{~~spun~>original~~}`."""
    return woven(source, restoration.edits, str, lambda edit: f"{{~~{edit.spun}~>{edit.original}~~}}")


def woven(source: str, edits: Iterable[Edit], plain: Callable[[str], str], marked: Callable[[Edit], str]) -> str:
    """Returns a source with each edit shown in its place.

    Args:
        source: the input's text.
        edits: what was changed in it, in order.
        plain: shows text that was not changed.
        marked: shows an edit.
    """
    out: list[str] = []
    at = 0
    for edit in edits:
        out += plain(source[at : edit.start]), marked(edit)
        at = edit.end
    out.append(plain(source[at:]))
    return "".join(out)


def counted(edits: Sequence[Edit]) -> str:
    """Returns how many edits there are, in words for the user."""
    return f"{len(edits)} edit{'' if len(edits) == 1 else 's'}"
