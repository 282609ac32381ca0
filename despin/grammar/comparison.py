"""Comparatives and superlatives that were built twice or the long way: "more better", "most cheap".

`more` and `most` also count ("more strong winds", "most old houses"), and a writer may choose them ("more rough than elegant").
So they are only touched where they can do nothing but compare: after a verb such as `is` and before `than` or the end, after
`a` or `the`; and short adjectives that take -er, only if the language models find the long form strange.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from despin.document.morphology import inflect, lemmas
from despin.grammar.words import Slip
from despin.realize import article, cased

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.grammar.words import Words

_DEGREES = {"more": "JJR", "most": "JJS"}
# Adjectives of everyday prose that are hardly ever compared with `more`.
_SHORT = frozenset(
    "bad big bright broad busy cheap clean clever close cold cool dark deep dirty dry early easy fast few fine fresh good "
    "great handy happy hard healthy heavy high hot hungry large late lazy light long loud low lucky messy narrow near neat "
    "new nice noisy old poor pretty quick quiet rich rough safe sharp short sick simple slow small smart smooth soft soon "
    "strict strong sweet tall tasty thick thin tidy tight tiny tough ugly warm weak wealthy wet wide wise young".split()
)
# Those that are nouns or stand before countless ones, of which there may be more or most: "the most good", "more light than".
_COUNTED = frozenset(
    "cold cool dark dry fast few fine good hard heavy high large light long low new old quiet small warm young".split()
)
# Comparatives by form that compare nothing, or are nouns and verbs as well.
_NONE = frozenset("elder former inner later latter lesser lower outer other upper utter".split())
_COPULAS = frozenset(
    "am are be became become becomes becoming been being feel feels felt gets getting got grew grow grows is keeps look looked "
    "looks made make makes remain remains seem seemed seems sound sounds was were".split()
)
_BOOSTERS = frozenset("bit even far little lot much significantly slightly so".split())
_AMOUNTS = frozenset("and any few many no once one or some three two what".split())
_DETERMINERS = frozenset("her his its my our the their your".split())
_ENDS = frozenset(".;!?")
_AFTER = _ENDS | {"than", "when", "if", "because", "to"}
# What makes of `than` a choice between two words: "more wet than dry".
_CHOICE = frozenset({"JJ", "JJR", "RB", "VBN", "VBG", "VB"})
_HYPHENS = frozenset("-‐‑–—/")


def comparatives(words: Words, spun: bool) -> Iterator[Slip]:
    """Yields comparatives and superlatives that are built wrongly.

    Args:
        words: a block.
        spun: whether the document was spun.
    """
    for i in range(len(words.lower) - 1):
        degree = words.lower[i]
        if degree in _DEGREES and words.words[i].islower() and words.words[i + 1].islower() and words.follows(i + 1):
            slip = _doubled(words, i) or _long(words, i, spun)
            if slip:
                yield slip


def _doubled(words: Words, i: int) -> Slip | None:
    """The slip of a degree before a form that has it already: "is more stronger than", "the most strongest"."""
    form = words.lower[i + 1]
    tag = _DEGREES[words.lower[i]]
    built = (inflect(lemma, tag) for lemma in lemmas(form).get("ADJ", ()) if lemma != form)
    if form in _NONE or form not in built or words.at(i + 2) in _HYPHENS:
        return None
    fits = words.at(i - 1) in _DETERMINERS and words.follows(i) if tag == "JJS" else _compares(words, i)
    return Slip(i, i + 2, words.words[i + 1], "compared twice", 0.95) if fits else None


def _long(words: Words, i: int, spun: bool) -> Slip | None:
    """The slip of a degree before a short adjective: "is more cheap than", "the most cheap"."""
    word = words.lower[i + 1]
    if word not in _SHORT or words.at(i + 2) in _HYPHENS:
        return None
    tag = _DEGREES[words.lower[i]]
    form = inflect(word, tag)
    start = i
    original = form
    if tag == "JJS":
        fits = spun and word not in _COUNTED and words.at(i - 1) in _DETERMINERS and words.follows(i)
    elif words.at(i - 1) in ("a", "an") and words.follows(i):
        fits = spun and words.tag(i + 2) in ("NN", "NNS", "JJ")
        start, original = i - 1, f"{cased(article(form), words.words[i - 1], False)} {form}"
    else:
        fits = _compares(words, i) and (spun or words.at(i + 2) == "than")
        fits = fits or (spun and words.at(i - 1) == "even" and words.tag(i + 2) == "NNS")
        fits = fits or (spun and word not in _COUNTED and _outdoes(words, i) and words.at(i - 1) not in _AMOUNTS)
    if not fits or " " in form:
        return None
    return Slip(start, i + 2, original, f"{words.lower[i]} before a short adjective", 0.9, 4.0)


def _compares(words: Words, i: int) -> bool:
    """Whether `more` and the adjective after it stand as a predicate, and compare."""
    before = i - 1
    while words.at(before) in _BOOSTERS or (words.at(before) in ("a", "the") and words.at(before + 1) in _BOOSTERS):
        before -= 1
    if words.at(before) not in _COPULAS or not words.follows(i) or words.at(before - 1) == "there":
        return False
    return words.at(i + 2) in _AFTER and (words.at(i + 2) != "than" or _outdoes(words, i))


def _outdoes(words: Words, i: int) -> bool:
    """Whether `than` and what is outdone follow, not another word to choose: "more wet than dry"."""
    return words.at(i + 2) == "than" and words.tag(i + 3) not in _CHOICE
