"""Tells which text of an HTML document is prose, from the tree that a browser would build of it.

Code, quotations, mathematics, passages in other languages and what HTML itself says not to translate are none.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from turbohtml import Element, Node

# Elements that begin and end a paragraph; all others stand within one.
BLOCKS = frozenset(
    "address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend li listing main menu nav noframes "
    "ol optgroup option p plaintext pre search section select summary table tbody td textarea tfoot th thead title tr ul "
    "xmp".split()
)
# Elements whose text is not read: it is no prose, somebody else's words, or means something to a program.
_OUT = frozenset(
    "address applet audio blockquote button canvas datalist embed frameset iframe listing map noembed noframes noscript object "
    "option plaintext pre rp rt script select style svg template textarea video xmp".split()
)
# Elements whose text is read with the sentence that it stands in, and stays.
_KEPT = frozenset("abbr acronym bdi cite code data kbd math output q samp sub time tt var".split())
# The tree's builder, as browsers, nests elements no deeper than 512, and puts what is deeper beside its parent.
_DEEPEST = 500
_MARK = "§"


class Standing(IntEnum):
    """How text stands in a document; what is within two elements, as the higher of them says."""

    PROSE = 0
    KEPT = 1
    # A number of a note, or an ending such as "th".
    RAISED = 2
    OUT = 3


def html_parser() -> ModuleType:
    """Returns the library that parses HTML.

    Raises:
        ModelError: if it is missing.
    """
    try:
        import turbohtml
    except ImportError as error:
        raise ModelError("HTML is read by turbohtml, which is missing; install it with `pip install turbohtml`.") from error
    return turbohtml


def numbered(run: int) -> str:
    """Returns what stands for a run of text in the skeleton of its document."""
    return f"{_MARK}{run} "


def standings(skeleton: str, runs: int) -> bytes:
    """Tells how each run of a document's text stands in it.

    Args:
        skeleton: the document with numbers in the place of its runs of text.
        runs: how many runs there are.

    Returns:
        For each run a `Standing`; `OUT` for one that the document drops.
    """
    html = html_parser()
    found = bytearray([Standing.OUT]) * runs
    # What the elements, languages and wishes not to be translated make of the text, from the document to where the walk is.
    around = [(Standing.PROSE, Standing.PROSE, Standing.PROSE)]
    walk: list[Iterator[Node]] = [iter(html.parse(skeleton, scripting=True, positions=False))]
    while walk:
        for node in walk[-1]:
            if isinstance(node, html.Text):
                standing = Standing.OUT if len(walk) > _DEEPEST else max(around[-1])
                for mark in node.data.split():
                    if mark[0] == _MARK:
                        found[int(mark[1:])] = standing
            elif isinstance(node, html.Element):
                around.append(_within(node, *around[-1]))
                walk.append(iter(node))
                break
        else:
            walk.pop()
            around.pop()
    return bytes(found)


def _within(element: Element, own: Standing, language: Standing, wish: Standing) -> tuple[Standing, Standing, Standing]:
    """What an element makes of the text in it, by its name, its language, and whether it wants to be translated."""
    tag = element.tag
    if tag in _OUT:
        return Standing.OUT, language, wish
    if tag in _KEPT:
        own = max(own, Standing.KEPT)
    elif tag == "sup":
        own = max(own, Standing.RAISED)
    attributes = element.attrs
    if attributes:
        left = Standing.OUT if tag in BLOCKS else Standing.KEPT
        for name in ("lang", "xml:lang"):
            code = attributes.get(name)
            if isinstance(code, str):
                language = Standing.PROSE if _is_english(code) else left
        translate = str(attributes.get("translate") or "").strip().lower()
        if translate in ("yes", "no"):
            wish = left if translate == "no" else Standing.PROSE
        classes = attributes.get("class") or ()
        if "notranslate" in (classes.split() if isinstance(classes, str) else classes):
            own = max(own, left)
    return own, language, wish


def _is_english(code: str) -> bool:
    """Whether a language tag says English, or nothing."""
    return code.strip().lower().replace("_", "-").split("-")[0] in ("en", "")
