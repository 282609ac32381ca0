"""HTML as the stages see it, plain text, and the way back into the source.

Paragraphs of the text are the document's block-level elements; inline elements vanish, so that a sentence is judged whole,
white space is one space, and character references are what they stand for. Edits of the text become edits of the source that
change text alone: all tags, attributes, comments, and the white space and references around stay as they were written.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from dataclasses import replace
from difflib import SequenceMatcher
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from despin.document.elements import BLOCKS, Standing, html_parser, numbered, standings
from despin.document.protection import Protected, Protection, stretches, switched_off, template_code
from despin.errors import TooLargeError
from despin.restoration import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from despin.restoration import Edit, Stretch

_Stretch = TypeVar("_Stretch", bound="Stretch")
# Memory grows with the number of tags and runs of text, some 200 bytes each; a page of 50 million characters has some five
# million of them.
_MOST = 10_000_000
# White space of HTML, and the no-break space, which pages are laid out with.
_CHUNK = re.compile(r"[^ \t\n\f\r\xa0]+(?:[ \t\n\f\r][^ \t\n\f\r\xa0]+)*|[ \t\n\f\r\xa0]+")
_BLANK = " \t\n\f\r"
_SPACES = str.maketrans("\t\n\f\r\xa0", "     ")
_WORD = re.compile(r"\s+|\w+(?:['’-]\w+)*|[^\w\s]")
# Longer edits are compared with what they replace from their ends alone, since comparing takes the square of the length.
_MOST_COMPARED = 2_000
# What could be read as the beginning of a tag or a character reference with letters that are put behind it.
_OPEN = re.compile(r"(?:</?|&#?[0-9A-Za-z]*)\Z")
# Text that looks like a tag stands in titles alone: in one that is closed at once, as in XHTML, all that follows does.
_TAG = re.compile(r"<[/!?A-Za-z]")
_FURTHER = (Evidence("belongs to the edit before it, beyond a tag", 0.0),)


class HtmlView:
    """The text of an HTML document, and where its characters stand in the source.

    Attributes:
        text: what the stages see.
        protection: what of the text may not be touched.
    """

    def __init__(self, source: str) -> None:
        """Reads a document.

        Raises:
            ModelError: if the parser is missing.
            TooLargeError: if it has more tags than memory should be spent on.
        """
        self._source = source
        layout = _lay_out(source)
        self.text = "".join(layout.parts)
        # Segments of the text, in order: where they start in it, and where they begin and end in the source.
        self._starts, self._begins, self._ends = layout.starts, layout.begins, layout.ends
        # What switches despin off may stand in comments, and code of templates in no element.
        spans = [
            Protected(self._before(span.start), self._before(span.end), span.reason)
            for span in (*switched_off(source), *template_code(source))
        ]
        self._kept = Protection(span for span in (*layout.kept, *spans) if span.start < span.end)
        self.protection = Protection([*stretches(self.text), *self._kept.spans])

    def edits(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Returns edits of the text as edits of the source, without those that would delete or move markup."""
        return tuple(part for edit in edits for part in self._parts(edit))

    def stretches(self, stretches: Iterable[_Stretch]) -> list[_Stretch]:
        """Returns stretches of the text as stretches of the source, with the markup in between."""
        found = []
        for stretch in stretches:
            pieces = [piece for piece in self._pieces(stretch.start, stretch.end) if piece[0] < piece[1]]
            if pieces:
                start, end = pieces[0][0], pieces[-1][1]
                found.append(replace(stretch, start=start, end=end, text=self._source[start:end]))
        return found

    def _parts(self, edit: Edit) -> list[Edit]:
        """The edits of the source that an edit of the text comes to; nothing if one of them is impossible."""
        if self._kept.touches(edit.start, max(edit.end, edit.start + 1)):
            return []
        place = self._place(edit.start, edit.end)
        verbatim = place and self._source[place[0] : place[1]] == edit.spun
        parts: list[Edit] = []
        for start, end, new in [(edit.start, edit.end, edit.original)] if verbatim else _changes(edit):
            place = self._place(start, end)
            if not new.strip():
                place = self._deletion(start, end, place)
            if not place or _OPEN.search(self._source, max(0, place[0] - 40), place[0]):
                return []
            part = replace(
                edit, start=place[0], end=place[1], spun=self._source[place[0] : place[1]], original=escape(new, quote=False)
            )
            if part.spun != part.original:
                parts.append(replace(part, alternatives=(), evidence=_FURTHER, tier="") if parts else part)
        return parts

    def _deletion(self, start: int, end: int, place: tuple[int, int] | None) -> tuple[int, int] | None:
        """Where to delete a stretch of the text: without the space around it, if that stands beyond markup; but nowhere, if
        it is all that an element holds within a sentence.
        """
        text = self.text
        if not place:
            words = text[start:end].strip()
            start = text.find(words, start)
            end = start + len(words)
            place = self._place(start, end) if words else None
        if not place:
            return None
        alone = self._source[place[0] - 1 : place[0]] == ">" and self._source[place[1] : place[1] + 1] == "<"
        whole = text[start - 1 : start] in ("\n", "") and text[end : end + 1] in ("\n", "")
        return None if alone and not whole else place

    def _place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a stretch of the text stands in the source; None if there is markup in it, or it ends within a reference."""
        if start == end:
            # What is put in goes with the word before it, or with what follows where there is none.
            before = self._place(start - 1, start) if start else None
            place = before or (self._place(end, end + 1) if end < len(self.text) else None)
            return None if not place else (place[1], place[1]) if before else (place[0], place[0])
        first = last = -1
        for begin, stop in self._pieces(start, end):
            if begin >= stop or last not in (-1, begin):
                return None
            first, last = begin if first < 0 else first, stop
        return first, last

    def _pieces(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yields where the segments of a stretch of the text stand; nothing, such as (0, 0), of those that have no place."""
        for at in range(bisect_right(self._starts, start) - 1, len(self._starts)):
            here = self._starts[at]
            if here >= end:
                return
            there = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.text)
            begin, stop = self._begins[at], self._ends[at]
            if stop - begin == there - here:
                yield begin + max(start - here, 0), stop - max(there - end, 0)
            else:
                yield (begin, stop) if start <= here and there <= end else (0, 0)

    def _before(self, offset: int) -> int:
        """How many characters of the text stand before an offset of the source."""
        at = bisect_right(self._begins, offset) - 1
        if at < 0:
            return 0
        there = self._starts[at + 1] if at + 1 < len(self._starts) else len(self.text)
        return min(self._starts[at] + offset - self._begins[at], there)


class _Layout:
    """The text as it grows: paragraphs, lines, words and what stands between them."""

    __slots__ = ("_gap", "_length", "_space", "begins", "ends", "kept", "parts", "starts")

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts, self.begins, self.ends = array("q"), array("q"), array("q")
        self.kept: list[Protected] = []
        self._length = 0
        # What goes before the next word: the end of a paragraph or of a line, or white space that stands in the source.
        self._gap = ""
        self._space: tuple[int, int] | None = None

    def end_paragraph(self) -> None:
        self._gap, self._space = "\n\n", None

    def end_line(self) -> None:
        self._gap, self._space = "\n\n" if self._gap else "\n", None

    def add(self, text: str, begin: int, end: int, kept: bool) -> None:
        """Adds text, which stands in the source as it is, or else as a reference."""
        if end - begin == len(text):
            for chunk in _CHUNK.finditer(text):
                self._chunk(chunk.group(), begin + chunk.start(), begin + chunk.end(), kept)
        else:
            self._chunk(text, begin, end, kept)

    def _chunk(self, text: str, begin: int, end: int, kept: bool) -> None:
        if text.isspace() and _CHUNK.fullmatch(text):
            if self._length and not self._gap and (not self._space or self._space[1] == begin):
                self._space = (self._space[0] if self._space else begin, end)
            return
        if self._gap and self._length:
            self._append(self._gap, begin, begin)
        elif self._space:
            self._append(" ", *self._space)
        self._gap, self._space = "", None
        if kept:
            self.kept.append(Protected(self._length, self._length + len(text), "code or quotation"))
        self._append(text.translate(_SPACES), begin, end)

    def _append(self, text: str, begin: int, end: int) -> None:
        self.parts.append(text)
        self.starts.append(self._length)
        self.begins.append(begin)
        self.ends.append(end)
        self._length += len(text)


class _Token(NamedTuple):
    """A tag or other markup, or a part of a run of text.

    Attributes:
        run: the number of the run; -1 for markup.
        text: what the text says; the name of the element that a tag begins or ends.
        begin: where it stands in the source.
        end: where it ends there.
    """

    run: int
    text: str
    begin: int
    end: int


def _lay_out(source: str) -> _Layout:
    """Lays a document's prose out as text."""
    # As parsers read it, but of the same length, so that offsets hold. They ignore `</>`, and tell nothing of it.
    source = source.replace("\r\n", " \n").replace("\r", "\n").replace("</>", "<!>")
    skeleton = StringIO()
    runs = 0
    for token in _tokens(source):
        if token.run < 0:
            skeleton.write(source[token.begin : token.end])
        elif not token.text.strip(_BLANK):
            skeleton.write(token.text)
        elif token.run >= runs:
            runs = token.run + 1
            skeleton.write(numbered(token.run))
    found = standings(skeleton.getvalue(), runs)
    layout = _Layout()
    for token in _tokens(source):
        if token.run < 0:
            if token.text in BLOCKS:
                layout.end_paragraph()
            elif token.text == "br":
                layout.end_line()
            continue
        if not token.text.strip(_BLANK):
            layout.add(token.text, token.begin, token.end, kept=False)
            continue
        standing = Standing.OUT if _TAG.search(token.text) else found[token.run]
        if standing < Standing.RAISED or (standing == Standing.RAISED and token.text.isalpha()):
            layout.add(token.text, token.begin, token.end, kept=standing != Standing.PROSE)
    return layout


def _tokens(source: str) -> Iterator[_Token]:
    """Yields a document's tokens in order; a tag that the document ends in is none."""
    html = html_parser()
    kinds = html.TokenType
    markup = (kinds.START_TAG, kinds.END_TAG)
    at, line, column = 0, 1, 0
    run, inside = -1, False
    for count, token in enumerate(html.tokenize(source, resolve_references=False, capture_source=True)):
        if count >= _MOST:
            raise TooLargeError(f"it has more than {_MOST:,} tags and stretches of text")
        # Tokens tell their line and column.
        while line < token.line:
            at = source.index("\n", at) + 1
            line, column = line + 1, 0
        at += token.col - column
        column = token.col
        is_text = token.type == kinds.TEXT
        if is_text or token.type == kinds.CHARACTER_REFERENCE:
            run += not inside
            inside = True
            end = at + len(token.data if is_text else token.source)
            # What the parser put in the place of text, such as that of a NUL, is left out.
            if source.startswith(token.data if is_text else token.source, at):
                yield _Token(run, token.data, at, end)
        else:
            inside = False
            yield _Token(-1, token.tag if token.type in markup else "", at, at + len(token.source))


def _changes(edit: Edit) -> list[tuple[int, int, str]]:
    """What an edit changes, word by word: where in the text, and what it puts there."""
    old, new = edit.spun, edit.original
    if len(old) + len(new) > _MOST_COMPARED:
        before = _alike(old, new)
        after = _alike(old[before:][::-1], new[before:][::-1])
        return [(edit.start + before, edit.end - after, new[before : len(new) - after])]
    olds, news = _WORD.findall(old), _WORD.findall(new)
    offsets = [edit.start]
    for word in olds:
        offsets.append(offsets[-1] + len(word))
    return [
        (offsets[a], offsets[b], "".join(news[c:d]))
        for kind, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes()
        if kind != "equal"
    ]


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with that are the same."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
