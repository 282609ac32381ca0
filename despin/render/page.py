"""Pages of HTML by themselves, to be read in a browser; a restoration as one: each edit marked, its evidence in a tooltip."""

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
    shown = woven(source, restoration.edits, escape, marked)
    # A browser takes a newline away that opens the element.
    body = f"<p>Spin rate {restoration.spin_rate:.2f}, {counted(restoration.edits)}.</p>\n<pre>\n{shown}</pre>\n"
    return framed(name, body)


def framed(title: str, body: str, style: str = "") -> str:
    """Returns a page.

    Args:
        title: its title, as plain text.
        body: what stands under it, as HTML.
        style: rules for it, beside those of all pages.
    """
    title = escape(title)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width">\n<style>{_STYLE}{style}</style>\n</head>\n<body>\n'
        f"<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )


def marked(edit: Edit) -> str:
    """Returns an edit as HTML: what it replaces, and what it puts there."""
    reasons = "; ".join(f"{item.nats:+.2f} {item.reason}" for item in edit.evidence)
    told = escape(f"{edit.stage}, confidence {edit.confidence:.2f}" + (f": {reasons}" if reasons else ""))
    old = f'<del title="{told}">{escape(edit.spun)}</del>' if edit.spun else ""
    return old + (f'<ins title="{told}">{escape(edit.original)}</ins>' if edit.original else "")
