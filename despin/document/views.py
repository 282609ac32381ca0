"""The kinds of input, and each as the stages see it: the text, what of it may not be touched, and the way back."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Protocol, TypeVar

from despin.document.protection import Protection, protect
from despin.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from despin.restoration import Edit, Stretch

_Stretch = TypeVar("_Stretch", bound="Stretch")
TEXT, MARKDOWN, HTML = KINDS = ("text", "markdown", "html")
# What the ends of names say.
SUFFIXES = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn"), MARKDOWN),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".shtml"), HTML),
}


class View(Protocol):
    """A source as the stages see it.

    Attributes:
        text: what they see.
        protection: what of the text may not be touched.
    """

    text: str

    @property
    def protection(self) -> Protection:
        """What of the text may not be touched."""
        ...

    def edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns edits of the text as edits of the source; those that would change more than text are left out."""
        ...

    def stretches(self, stretches: Iterable[_Stretch]) -> list[_Stretch]:
        """Returns stretches of the text as stretches of the source, without those of which nothing stands there."""
        ...


def view_of(source: str, kind: str) -> View:
    """Reads a source of some kind.

    Raises:
        ConfigError: if there is no such kind.
        ModelError: if a library that the kind takes is missing.
        TooLargeError: if the source has more parts than memory should be spent on.
    """
    if kind == TEXT:
        return TextView(source)
    if kind == MARKDOWN:
        from despin.document.markdown import MarkdownView

        return MarkdownView(source)
    if kind == HTML:
        from despin.document.html import HtmlView

        return HtmlView(source)
    raise ConfigError(f"{kind!r} is no kind of input; the kinds are {', '.join(KINDS)}.")


def kind_of(name: str) -> str:
    """Returns the kind of a file by its name; text unless it says otherwise."""
    return SUFFIXES.get(PurePath(name).suffix.lower(), TEXT)


class TextView:
    """Plain text, which is what it is."""

    def __init__(self, source: str) -> None:
        self.text = source
        self._protection: Protection | None = None

    @property
    def protection(self) -> Protection:
        """See `View`."""
        if self._protection is None:
            self._protection = protect(self.text)
        return self._protection

    def edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """See `View`."""
        return tuple(edits)

    def stretches(self, stretches: Iterable[_Stretch]) -> list[_Stretch]:
        """See `View`."""
        return list(stretches)
