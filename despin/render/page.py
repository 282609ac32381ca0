"""A restoration as a page of HTML by itself, to be read in a browser: each edit marked, its evidence in a tooltip."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from despin.render.markup import counted, woven

if TYPE_CHECKING:
    from despin.restoration import Edit, Restoration

_STYLE = (
    "body{font:1rem/1.6 serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "pre{font:inherit;white-space:pre-wrap;overflow-wrap:anywhere}"
    "del{color:#a00;background:#fee}ins{color:#060;background:#efe;text-decoration:none}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}"
    "del{color:#f99;background:#411}ins{color:#9e9;background:#131}}"
)


def page(source: str, restoration: Restoration, name: str) -> str:
    """Returns a page that shows a source with what was changed in it; everything of the source is escaped.

    Args:
        source: the input's text.
        restoration: what came of it.
        name: the input's name, for the title.
    """
    shown = woven(source, restoration.edits, escape, _marked)
    title = escape(name)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}</style>\n</head>\n<body>\n'
        f"<h1>{title}</h1>\n<p>Spin rate {restoration.spin_rate:.2f}, {counted(restoration.edits)}.</p>\n"
        # A browser takes a newline away that opens the element.
        f"<pre>\n{shown}</pre>\n</body>\n</html>\n"
    )


def _marked(edit: Edit) -> str:
    reasons = "; ".join(f"{item.nats:+.2f} {item.reason}" for item in edit.evidence)
    told = escape(f"{edit.stage}, confidence {edit.confidence:.2f}" + (f": {reasons}" if reasons else ""))
    old = f'<del title="{told}">{escape(edit.spun)}</del>' if edit.spun else ""
    return old + (f'<ins title="{told}">{escape(edit.original)}</ins>' if edit.original else "")
