"""Words and phrases that stand twice in a row: "the the", "in order to in order to", "health and wellness and wellness".

Much is said twice on purpose. In any text only such words are taken for slips as nobody says twice: those that must have
something after them, of which no second one may follow. In a spun text, where a phrase that swallowed its neighbour's words is
usual, more are.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from despin.document.morphology import lemmas
from despin.grammar.words import Slip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from despin.grammar.words import Words

_LONGEST = 8
_ARTICLES = frozenset({"a", "an", "the"})
_DETERMINERS = _ARTICLES | frozenset("its our their this these your".split())
_PREPOSITIONS = frozenset(
    "about against among at before between by during for from in into of on over through to toward towards under upon with "
    "within without".split()
)
_DEPENDENT = _PREPOSITIONS | _DETERMINERS
_MODALS = frozenset("can could may might must shall should to will would".split())
# Words that are nothing without what follows and follow no other of their kind.
_NEVER_TWICE = frozenset("a an of our than the their your its during would should could been also among".split())
# Those that end one phrase and begin the next in good English ("turn it on on Monday", "what it is is clear").
_NEVER_TWICE_SPUN = _NEVER_TWICE | frozenset(
    "about all and are as be but by can each every from has have if into is more most not or other some this these they was we "
    "were when which while who will with you".split()
)
_WH = frozenset("as how it than that there what whatever when where whether which who whoever why".split())
_CLOSING = frozenset("a an at by for from his in its my our than that the their to which who with your".split())
# Said twice, or more often, for effect.
_EMPHATIC = frozenset(
    "again aye bad big blah bla boo bye cha chop clap down far fast good ha hard haha he hear hey high home hot how hurry hush "
    "knock late little long louder many maybe more much my nice night no now oh ok okay old on over please pretty quick quite "
    "really right round row run slow slowly so soon sorry still stop sure tap tick too tut up very wait walk warm well why "
    "wow yada yeah yes young yum".split()
)
_LINKS = frozenset("after against and as but by for in is of on or over per than to upon was with".split())
# "You can do what you can do", "workers and office workers and", "help the people help the people".
_ON_PURPOSE = _WH | {"and", "help", "let", "make", "makes", "or"}
_HYPHENS = frozenset("-‐‑–—")
_NOMINAL = frozenset({"NN", "NNS"})
_REASON = "the same words twice"


def repetitions(words: Words, spun: bool) -> Iterator[Slip]:
    """Yields what stands twice by mistake.

    Args:
        words: a block.
        spun: whether the document was spun.
    """
    free = 0
    for start, size in _repeated(words):
        if start < free:
            continue
        slip = _word(words, start, spun) if size == 1 else _phrase(words, start, size, spun)
        if slip:
            yield slip
            free = slip.end


def _repeated(words: Words) -> list[tuple[int, int]]:
    """Where words stand twice in a row: the index of the first, and how many they are; the longest first in each place.

    Of "the seat of the seat of the" only the first reading counts, `the seat of`, since the others are part of it.
    """
    found: list[tuple[int, int]] = []
    for size in range(1, _LONGEST + 1):
        run = 0
        for i, first, second in zip(count(), words.lower, words.lower[size:], strict=False):
            run = run + 1 if first == second and first[0].isalpha() else 0
            if run == size:
                found.append((i - size + 1, size))
    return sorted(found, key=lambda place: (place[0], -place[1]))


def _stands(words: Words, start: int, end: int) -> bool:
    """Whether words stand on one line with nothing between, in lower case but for the first of a sentence, and apart."""
    inner = words.words[start:end]
    first = inner[0].islower() or (words.opens(start) and inner[0].istitle())
    return (
        first
        and all(word.islower() for word in inner[1:])
        and all(words.follows(i) for i in range(start + 1, end))
        and words.at(start - 1) not in _HYPHENS
        and words.at(end) not in _HYPHENS
    )


def _word(words: Words, at: int, spun: bool) -> Slip | None:
    """A word that stands twice, not oftener."""
    word, before, after = words.at(at), words.at(at - 1), words.at(at + 2)
    if not _stands(words, at, at + 2) or word in (before, after):
        return None
    whole = words.words[at]
    if word in _NEVER_TWICE:
        if word == "of" and after == "course":
            return None
        return Slip(at, at + 2, whole, _REASON, 0.98)
    if (word == "to" and after in _DETERMINERS) or (word == "be" and before in _MODALS):
        return Slip(at, at + 2, whole, _REASON, 0.95)
    start, _ = words.sentence(at)
    if not spun or word in _EMPHATIC or len(word) < 2:
        return None
    if word in _NEVER_TWICE_SPUN:
        told = any(word in _WH for word in words.lower[start:at])
        return None if told else Slip(at, at + 2, whole, _REASON, 0.9)
    tags = {words.tag(at), words.tag(at + 1)}
    if len(word) > 3 and lemmas(word) and len(tags) == 1 and tags <= _NOMINAL | {"JJ", "VBG", "VBN", "RB", "VB"}:
        return Slip(at, at + 2, whole, _REASON, 0.85, 2.0)
    return None


def _phrase(words: Words, start: int, size: int, spun: bool) -> Slip | None:
    """A phrase that stands twice."""
    end = start + 2 * size
    phrase = words.lower[start : start + size]
    if not _stands(words, start, end) or len(set(phrase)) == 1 or words.lower[end : end + size] == phrase:
        return None
    whole = " ".join(words.words[start : start + size])
    if _is_unfinished(phrase) or (spun and size == 2 and _is_swallowed(words, start)):
        return Slip(start, end, whole, _REASON, 0.95)
    said = _LINKS.intersection((phrase[0], phrase[-1])) or _ON_PURPOSE.intersection(phrase) or phrase[0] in ("a", "an")
    return Slip(start, end, whole, _REASON, 0.85, 2.0) if spun and not said else None


def _is_unfinished(phrase: Sequence[str]) -> bool:
    """Whether nobody would say a phrase twice for effect: it goes on, or is long and goes back to what was said."""
    first, last = phrase[0], phrase[-1]
    if len(phrase) == 2:
        return first in _PREPOSITIONS and last in _DETERMINERS
    if last in _CLOSING:
        return first not in _CLOSING or first in _DEPENDENT
    return len(phrase) > 3 and first in _DEPENDENT and last not in _LINKS and "is" not in phrase


def _is_swallowed(words: Words, start: int) -> bool:
    """Whether a noun is joined to a noun and once more, and nothing follows on it: "health and wellness and wellness"."""
    if words.at(start) not in ("and", "or") or words.tag(start + 4) in _NOMINAL | {"JJ"}:
        return False
    return all(words.tag(i) in _NOMINAL for i in (start - 1, start + 1, start + 3))
