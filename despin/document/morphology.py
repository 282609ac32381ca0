"""Forms and lemmas of English words, from lemminflect, with what it leaves open: comparatives and mass nouns."""

from __future__ import annotations

import re
from functools import lru_cache

from lemminflect import getAllInflections, getAllLemmas, getAllLemmasOOV, getInflection

# Penn Treebank tags by Universal POS, the order in which an ambiguous form is tried.
TAGS = {
    "NOUN": ("NN", "NNS"),
    "VERB": ("VB", "VBP", "VBZ", "VBG", "VBD", "VBN"),
    "ADJ": ("JJ", "JJR", "JJS"),
    "ADV": ("RB", "RBR", "RBS"),
}
_POS = {tag: pos for pos, known in TAGS.items() for tag in known} | {"NNP": "NOUN", "NNPS": "NOUN"}
_KNOWN = frozenset(tag for known in TAGS.values() for tag in known)
# Nouns that have no plural in the sense that articles use, so that "recommendations" becomes "advice".
_MASS = frozenset(
    "advice aid assistance behavior behaviour bread cash clothing electricity encouragement equipment evidence feedback "
    "fun furniture grass guidance happiness hardware health help homework housework information jewelry knowledge laundry "
    "luck luggage mail money motivation music news patience plumbing praise privacy progress proof research rice safety "
    "sewage software stigma stuff support traffic training transportation travel water wealth weather well-being wellbeing "
    "wellness wildlife wisdom work".split()
)
# Plurals of no singular of their own, which dictionaries give as singulars.
_PLURALS = frozenset("people police folk cattle".split())
_BE = {"VB": "be", "VBP": "are", "VBZ": "is", "VBG": "being", "VBD": "was", "VBN": "been"}
_VOWELS = re.compile(r"[aeiouy]+")
_DEGREE = {"JJR": "more", "RBR": "more", "JJS": "most", "RBS": "most"}
# Adjectives of two syllables that take -er and -est, those in -y apart.
_SHORT = frozenset("clever quiet narrow simple gentle little noble able humble subtle shallow hollow".split())
_IRREGULAR_DEGREE = frozenset("good well bad badly far little much many".split())


def pos_of(tag: str) -> str:
    """Returns the Universal POS of a fine-grained tag where it is a noun's, verb's, adjective's or adverb's, else nothing."""
    return _POS.get(tag, "")


@lru_cache(maxsize=65536)
def lemma_of(form: str, tag: str) -> str:
    """Returns the lemma of a lower-case form under a fine-grained tag; the form itself for words that do not inflect."""
    pos = pos_of(tag)
    if not pos:
        return form
    known = lemmas(form).get(pos) or getAllLemmasOOV(form, pos).get(pos)
    return known[0] if known else form


@lru_cache(maxsize=65536)
def lemmas(form: str) -> dict[str, tuple[str, ...]]:
    """Returns the lemmas that a lower-case form may belong to, by Universal POS; empty for unknown words."""
    found: dict[str, tuple[str, ...]] = {}
    for pos, values in getAllLemmas(form).items():
        pos = {"AUX": "VERB", "PROPN": "NOUN"}.get(pos, pos)
        if pos in TAGS:
            found[pos] = tuple(dict.fromkeys(found.get(pos, ()) + values))
    if "VERB" in found and "ADJ" not in found and form not in found["VERB"]:
        found["ADJ"] = (form,)  # a participle
    return found


def with_lemmas(form: str) -> frozenset[str]:
    """Returns a lower-case form and the lemmas that it may belong to, whatever their part of speech."""
    return frozenset((form, *(lemma for values in lemmas(form).values() for lemma in values)))


@lru_cache(maxsize=65536)
def tags(form: str, lemma: str, pos: str) -> tuple[str, ...]:
    """Returns the fine-grained tags under which a form is an inflection of a lemma."""
    return tuple(tag for tag in TAGS[pos] if form in _forms(lemma, tag))


@lru_cache(maxsize=65536)
def inflect(lemma: str, tag: str) -> str:
    """Returns a lemma in the form that a tag asks for; periphrastic where English is (`more important`)."""
    if tag in ("NN", "VB", "VBP", "JJ", "RB") and lemma != "be":
        return lemma
    if lemma == "be":
        return _BE.get(tag, lemma)
    if tag == "NNS" and lemma in _MASS:
        return lemma
    if tag in _DEGREE and not _compares_by_ending(lemma):
        return f"{_DEGREE[tag]} {lemma}"
    forms = _inflections(lemma, tag) if tag in _KNOWN else ()
    return forms[0] if forms else lemma


def _inflections(lemma: str, tag: str) -> tuple[str, ...]:
    """Returns what lemminflect gives for a lemma under a tag."""
    return _paradigm(lemma).get(tag) or getInflection(lemma, tag)


@lru_cache(maxsize=65536)
def _paradigm(lemma: str) -> dict[str, tuple[str, ...]]:
    """The dictionary's forms of a lemma by tag, which lemminflect copies whole for every form that it is asked for."""
    forms: dict[str, tuple[str, ...]] = getAllInflections(lemma)
    return forms


def _forms(lemma: str, tag: str) -> tuple[str, ...]:
    if lemma == "be":
        return (_BE[tag], "am", "were") if tag in _BE else ()
    found = _inflections(lemma, tag)
    # A count noun's bare form is listed as a plural too ("feeling", "equipment"); only "sheep" has no other.
    return found if tag != "NNS" or found[:1] == (lemma,) else tuple(form for form in found if form != lemma)


def is_plural(form: str) -> bool:
    """Whether a noun's form is a plural that differs from its lemma; mass nouns are singular."""
    form = form.lower()
    return form in _PLURALS or any(lemma != form and form == inflect(lemma, "NNS") for lemma in lemmas(form).get("NOUN", ()))


def _compares_by_ending(lemma: str) -> bool:
    if lemma in _IRREGULAR_DEGREE or lemma in _SHORT:
        return True
    if "-" in lemma or (lemma.endswith("ly") and len(lemma) > 5):
        return False
    stem = lemma[:-1] if lemma.endswith("e") else lemma
    syllables = len(_VOWELS.findall(stem))
    return syllables <= 1 or (syllables == 2 and lemma.endswith("y"))
