"""How a restoration is written to standard output."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

from despin.cli.streams import as_bytes

if TYPE_CHECKING:
    from despin.document.decoding import Decoded
    from despin.restoration import Restoration


class Format(StrEnum):
    """What is written for each input."""

    text = "text"
    diff = "diff"
    criticmarkup = "criticmarkup"
    json = "json"
    html = "html"


def rendered(shown: Format, decoded: Decoded, restoration: Restoration, name: str, **more: object) -> bytes:
    """Returns what is written of a restoration.

    Args:
        shown: the format.
        decoded: the input, as it is to be encoded.
        restoration: what came of it.
        name: its name.
        **more: what JSON tells besides.
    """
    from despin.render.markup import criticmarkup, diff

    if shown is Format.text:
        return decoded.encode(restoration.text)
    if shown is Format.diff:
        mark = "\ufeff" if decoded.mark and decoded.encoding == "utf-8" else ""
        header, hunk, lines = diff(mark + decoded.text, mark + restoration.text, name).partition("\n@@")
        return as_bytes(header) + decoded.quote(hunk + lines)
    if shown is Format.criticmarkup:
        return decoded.encode(criticmarkup(decoded.text, restoration))
    if shown is Format.html:
        from despin.render.page import page

        return as_bytes(page(decoded.text, restoration, name))
    found = {"path": name, **decoded.origin, **more, **json.loads(restoration.to_json())}
    return as_bytes(json.dumps(found, ensure_ascii=False) + "\n")
