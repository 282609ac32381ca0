"""Makes rows of a user's own copy of the Problematic Paper Screener's list of tortured phrases (Cabanac, Labbé and Magazinov,
Tortured phrases: a dubious writing style emerging in science, 2021).

Its entries are queries: a phrase in quotation marks, with what else must be in the paper (`AND`) or must not (`NOT`).
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from despin.document.morphology import lemma_of, lemmas
from despin.document.names import is_capital
from despin.document.parsing import load_tokenizer, tag
from despin.errors import InputError
from despin.lexicon.check import faults
from despin.lexicon.matching import HYPHENS, norms
from despin.lexicon.rows import TIERS, Row, head_of, words
from despin.mining.entries import headed, is_content
from despin.realize import inflected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from spacy.language import Language
    from spacy.tokens import Doc

    from despin.mining.entries import Headed

# Words by which a header names a column: the phrase, its query, and what is expected instead. The first that fits counts.
_PHRASE = ("tortured", "fingerprint", "phrase", "spun")
_QUERY = ("fingerprint", "query", "condition")
_EXPECTED = ("expected", "established", "original", "genuine", "correct", "legitimate")
_DELIMITERS = ",;\t|"
_QUERY_PARTS = re.compile(r'"([^"]*)"(~\d+)?|\b(AND|OR|NOT)\b|([^\s"()]+)')
_PARENTHESES = re.compile(r"\s*\(([^()\s]*)\)")
_UNSURE = re.compile(r"\s*\(\s*\?*\s*\)|\?+")
_WORD = re.compile(r"[^\W_][\w'-]*")
# What separates alternatives; a slash between single words stands for those words only.
_EITHER = re.compile(r"\s*;\s*|\s+/\s*|\s*/\s+")
_TIGHT = re.compile(r"/|\s+or\s+")
_PLAIN = str.maketrans({"’": "'", "‘": "'"} | dict.fromkeys(HYPHENS, "-"))
_NOUN = "NOUN"
_NAMES = frozenset({"NNP", "NNPS"})
# A longer original explains and does not stand in a text.
_LONGEST = 8


class ListedPhrase(NamedTuple):
    """A tortured phrase as it stands in the list.

    Attributes:
        query: the tortured phrase, with its conditions if it has any.
        expected: what is expected instead.
    """

    query: str
    expected: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list came to.

    Attributes:
        rows: the rows, sound and without repetitions.
        entries: how many entries the list has.
        left_out: how many of them make no row, by reason.
    """

    rows: tuple[Row, ...]
    entries: int
    left_out: Mapping[str, int]


class _Query(NamedTuple):
    """A query read: the phrases that it looks for, and texts that must or must not be beside; `bare` if there are none."""

    phrases: tuple[str, ...]
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]
    bare: bool


def import_list(nlp: Language, entries: Iterable[ListedPhrase]) -> Imported:
    """Returns the rows that a list makes.

    Conditions make a row of the tier `thesaurus`, their words `near` and `avoid`. A phrase without any is `safe` if it has two
    content words or more and no name.

    Args:
        nlp: a spaCy pipeline of English.
        entries: the list.
    """
    read = [(_read_query(entry.query), _alternatives(entry.expected)) for entry in entries]
    texts = dict.fromkeys(text for query, originals in read for part in (*query[:3], originals) for text in part)
    parser: Any = nlp.get_pipe("parser")
    docs = dict(zip(texts, parser.pipe(tag(nlp, ((text, False) for text in texts))), strict=True))
    heads = {original: headed(nlp, docs[original][:]) for _, originals in read for original in originals}
    tokenizer = load_tokenizer()
    left_out: Counter[str] = Counter()
    merged: dict[tuple[tuple[str, ...], str], Row] = {}
    for query, originals in read:
        reason = "no phrase" if not query.phrases else "nothing is expected" if not originals else ""
        for phrase in query.phrases if not reason else ():
            row = _row(phrase, query, originals, docs, heads)
            reason = _fault(row, tokenizer)
            if not reason:
                key = words(row.spun), row.pos
                merged[key] = _merged(merged[key], row) if key in merged else row
        left_out.update([reason] if reason else [])
    return Imported(tuple(_unchained(list(merged.values()))), len(read), dict(left_out.most_common()))


def read_list(data: bytes, name: str) -> list[ListedPhrase]:
    """Reads a list as the screener exports it: CSV, or the like with other delimiters, with a header.

    Args:
        data: the file, UTF-8.
        name: what it is called, for messages.

    Raises:
        InputError: if it is not UTF-8, not CSV, or lacks a column.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{name}: the list is not UTF-8 (byte {error.start})") from error
    try:
        records = _records(text)
    except csv.Error as error:
        raise InputError(f"{name}: the list cannot be read as CSV: {error}") from error
    header = [" ".join(cell.lower().replace("_", " ").split()) for cell in records[0]] if records else []
    phrase, expected = _column(header, _PHRASE), _column(header, _EXPECTED)
    if phrase is None or expected is None:
        which = "tortured phrases" if phrase is None else "expected phrases"
        raise InputError(f"{name}: the header names no column of {which}: {', '.join(header) or 'it is empty'}")
    query = _column(header, _QUERY)
    found = []
    for record in records[1:]:
        cells = dict(enumerate(cell.strip() for cell in record))
        asked = cells.get(phrase, "") if query is None else cells.get(query, "") or cells.get(phrase, "")
        if asked or cells.get(expected):
            found.append(ListedPhrase(asked, cells.get(expected, "")))
    return found


def _records(text: str) -> list[list[str]]:
    try:
        delimiter = csv.Sniffer().sniff(text.split("\n", 1)[0], _DELIMITERS).delimiter
    except csv.Error:
        delimiter = ","
    lines = text.splitlines(keepends=True)
    try:
        return list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        # Tables are exported unquoted, too, with the queries' own quotation marks in them.
        return list(csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE))


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((i for name in names for i, cell in enumerate(header) if name in cell.split()[:3]), None)


def _read_query(query: str) -> _Query:
    """Reads a query. One without quotation marks is a phrase; a phrase in any order (`~5`) is one under a condition."""
    query = query.translate(_PLAIN)
    if '"' not in query:
        query = f'"{query}"'
    phrases: list[str] = []
    wanted: list[str] = []
    unwanted: list[str] = []
    held = phrases
    loose = False
    for quoted, distance, word, bare in _QUERY_PARTS.findall(query):
        if word:
            held = {"AND": wanted, "NOT": unwanted}.get(word, held)
        elif text := " ".join((quoted or bare).split()):
            held.append(text)
            loose |= bool(distance)
    acronyms = [acronym for phrase in phrases for acronym in _PARENTHESES.findall(phrase)]
    phrases = [_PARENTHESES.sub("", phrase).strip() for phrase in phrases]
    conditional = loose or wanted or unwanted or acronyms
    return _Query(
        tuple(filter(_WORD.search, phrases)),
        (*wanted, *(acronym.upper() for acronym in acronyms if acronym)),
        tuple(unwanted),
        not conditional,
    )


def _alternatives(expected: str) -> tuple[str, ...]:
    """What is expected, without what is no words of it: doubts, and acronyms in parentheses."""
    text = " ".join(_UNSURE.sub("", expected.translate(_PLAIN)).split())
    text = _PARENTHESES.sub(lambda match: "" if _is_acronym(match[1], text[: match.start()]) else match[0], text)
    found = (one for part in _EITHER.split(text) for one in _distributed(part))
    return tuple(dict.fromkeys(one for one in map(_lowered, found) if _WORD.search(one)))


def _is_acronym(text: str, before: str) -> bool:
    """Whether a word is made of letters of those before it, in order, or is in capitals."""
    letters = iter(before.lower())
    return text.isupper() or all(char in letters for char in text.lower() if char.isalnum())


def _distributed(text: str) -> Iterator[str]:
    """The alternatives of a phrase: "voice search/query" and "renal or kidney failure" are two of two words each."""
    sides = [side.split() for side in _TIGHT.split(text)]
    counts = [len(side) for side in sides]
    single = counts[0] == 1 or (counts[-1] == 1 and "/" in text)
    if not single or len(set(counts)) == 1 or any(count != 1 for count in counts[1:-1]):
        yield from map(" ".join, sides)
        return
    for word in (sides[0][-1], *(side[0] for side in sides[1:])):
        yield " ".join((*sides[0][:-1], word, *sides[-1][1:]))


def _lowered(text: str) -> str:
    """A phrase in lower case where its capitals are a title's; acronyms keep theirs."""
    parts = text.split()
    capital = [part for part in parts if is_capital(part)]
    title = len(capital) == 1 == (len(parts) > 1 and parts[0] in capital) or len(capital) > 1 or len(parts) == 1
    return " ".join(part.lower() if title and part[1:].islower() else part for part in parts)


def _row(
    phrase: str, query: _Query, originals: tuple[str, ...], docs: Mapping[str, Doc], heads: Mapping[str, Headed | None]
) -> Row:
    doc = docs[phrase]
    own = {form for token in doc for form in (token.lower_, lemma_of(token.lower_, token.tag_))}
    avoid = frozenset(_content(docs[text] for text in query.unwanted)) - own
    near = frozenset(_content(docs[text] for text in query.wanted)) - own - avoid
    named = any(is_capital(token.text) or token.tag_ in _NAMES for token in doc)
    sure = query.bare and not named and sum(map(is_content, doc)) >= 2
    spun = phrase.lower()
    pos = ""
    if inflecting := _inflecting(spun, [heads[original] for original in originals]):
        spun, lemmatised = inflecting
        pos, originals = _NOUN, tuple(map(_with_capitals, lemmatised, originals))
    originals = tuple(original for original in originals if words(original) != words(spun))
    return Row(spun, pos, originals, near, avoid, "safe" if sure else "thesaurus")


def _content(docs: Iterable[Doc]) -> Iterator[str]:
    """The lemmas of content words."""
    for doc in docs:
        for token in doc:
            if is_content(token) and _WORD.fullmatch(token.text):
                yield token.lower_ if token.tag_ in _NAMES or token.text.isupper() else lemma_of(token.lower_, token.tag_)


def _inflecting(spun: str, heads: list[Headed | None]) -> tuple[str, tuple[str, ...]] | None:
    """A phrase with its head as a lemma, and its originals likewise; None if they are not all nouns that inflect alike.

    The head is found by the originals, since what is tortured is tagged badly.
    """
    found = [head for head in heads if head and head.pos == _NOUN]
    if len(found) < len(heads) or len({head.tag for head in found}) != 1:
        return None
    form = found[0].tag
    parts = words(spun)
    at = head_of(parts, _NOUN)
    if tuple(spun.replace("-", " ").split()) != parts:
        return None  # it has marks of its own
    for lemma in lemmas(parts[at]).get(_NOUN, ()):
        if inflected(" ".join((*parts[:at], lemma, *parts[at + 1 :])), _NOUN, form) == " ".join(parts):
            # As it was written, hyphens and all.
            begin = sum(len(part) + 1 for part in parts[:at])
            return spun[:begin] + lemma + spun[begin + len(parts[at]) :], tuple(head.text for head in found)
    return None


def _with_capitals(text: str, source: str) -> str:
    """A phrase in lower case with the capitals of what it was made from."""
    return " ".join(word if low == word.lower() else low for low, word in zip(text.split(), source.split(), strict=True))


def _fault(row: Row, tokenizer: Callable[[str], Doc]) -> str:
    """Why a row is none, in a few words; nothing if it is sound."""
    if not row.originals:
        return "what is expected is the phrase itself"
    if any(len(original.split()) > _LONGEST for original in row.originals):
        return "what is expected is explained"
    if any(faults(row)):
        return "other marks than the lexicon has"
    return "" if norms(tokenizer(row.spun)) == words(row.spun) else "words that spaCy splits otherwise"


def _merged(one: Row, other: Row) -> Row:
    """Two rows of the same words as one: what is sure without conditions needs none."""
    first, second = sorted((one, other), key=lambda row: TIERS.index(row.tier))
    avoid = first.avoid & second.avoid
    originals = tuple(dict.fromkeys((*first.originals, *second.originals)))
    return replace(first, originals=originals, near=(first.near | second.near) - avoid, avoid=avoid)


def _unchained(rows: list[Row]) -> Iterator[Row]:
    """Rows of which none is safe whose original is tortured itself to another safe one."""
    safe = {words(row.spun) for row in rows if row.tier == "safe"}
    for row in rows:
        chained = row.tier == "safe" and any(words(original) in safe for original in row.originals)
        yield replace(row, tier="thesaurus") if chained else row
