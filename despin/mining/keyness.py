"""Finds words and pairs of words that spun texts have more often than clean ones, and asks a judge what they stand for.

Source: B. Monroe, M. Colaresi and K. Quinn, "Fightin' Words: Lexical Feature Selection and Evaluation for Identifying the
Content of Political Conflict", Political Analysis 16 (2008), 372-403.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from despin.document.morphology import lemma_of, pos_of
from despin.errors import InputError
from despin.lexicon.matching import HYPHENS
from despin.lexicon.rows import Row
from despin.mining.entries import Entry, is_content
from despin.mining.findings import Finding, entries_of
from despin.mining.guesses import guess
from despin.mining.tagged import tag_texts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Span, Token

    from despin.document.tagged import TaggedBlock
    from despin.judge.base import Judge
    from despin.lexicon.rows import Lexicon
    from despin.mining.tagged import TaggedText

# Terms under this z-score are not over-represented beyond chance, at one in forty.
_LEAST_Z = 1.96
# With these, two words are no phrase; nor with `to` as the first.
_JOINTS = frozenset({"a", "an", "the", "and", "or", "but"})


class Term(NamedTuple):
    """A lemma with its Universal POS, which is empty for words that do not inflect, or two neighbouring lemmas."""

    lemmas: tuple[str, ...]
    pos: str = ""


@dataclass(frozen=True, slots=True)
class KeyTerm:
    """A term that spun texts have more often: its z-score, its count in them, and how many of them have it."""

    term: Term
    z: float
    count: int
    texts: int


@dataclass(slots=True)
class _Counts:
    """How often terms stand in some texts, and how many words, and pairs of neighbouring words, there are in all."""

    terms: Counter[Term] = field(default_factory=Counter)
    texts: Counter[Term] = field(default_factory=Counter)
    totals: Counter[int] = field(default_factory=Counter)


def learn(
    nlp: Language,
    spun: Iterable[str],
    clean: Iterable[str],
    lexicon: Lexicon,
    judge: Judge,
    *,
    least: int = 2,
    limit: int = 200,
    known: bool = False,
) -> list[Finding]:
    """Returns terms that spun texts have more often than clean ones, with what a judge takes them for, highest z-score first.

    The spun texts are kept in memory; of the clean ones only counts of terms that spun ones have.

    Args:
        nlp: a spaCy pipeline of English.
        spun: spun texts.
        clean: texts that were never spun, best of the same fields of life.
        lexicon: what is known already.
        judge: the judge, whose proposals are lemmas.
        least: how often a term must stand in the spun texts.
        limit: how many are returned at most.
        known: whether originals that the lexicon has are among what is returned.

    Raises:
        InputError: if there are no words in the spun texts or in the clean ones.
    """
    texts = list(tag_texts(nlp, spun))
    ranked = iter(over_represented(texts, tag_texts(nlp, clean), least=least))
    entries = entries_of(lexicon)
    words = {(entry.spun, entry.pos) for entry in entries}
    found: list[Finding] = []
    while len(found) < limit and (some := list(islice(ranked, limit))):
        for key, one in zip(some, guess(nlp, judge, _places(texts, some)), strict=True):
            new = [original for original in one.originals if Entry(one.text, one.pos, original) not in entries]
            is_known = not new if one.originals else (one.text, one.pos) in words
            if is_known and not known:
                continue
            originals = one.originals if known else new
            example = one.examples[originals[0] if originals else ""]
            row = Row(one.text, one.pos, tuple(originals), example=example)
            found.append(Finding(row, key.count, key.texts, is_known, round(key.z, 2)))
    return found[:limit]


def over_represented(spun: Iterable[TaggedText], clean: Iterable[TaggedText], *, least: int = 1) -> list[KeyTerm]:
    """Returns the terms with a meaning of their own that spun texts have more often than clean ones, highest z-score first.

    A pair of words is left out whose words, or one of them, stand out as much by themselves, and one with an article.

    Args:
        spun: spun texts.
        clean: texts that were never spun.
        least: how often a term must stand in the spun texts.

    Raises:
        InputError: if there are no words in the ones or the others.
    """
    counts, content = _count(spun)
    others, _ = _count(clean, counts.terms)
    if not (counts.terms and others.totals):
        raise InputError("there are no words to compare, in the spun texts or in the clean ones")
    scores = {
        term: z_score(counts.terms[term], others.terms[term], counts.totals[len(term.lemmas)], others.totals[len(term.lemmas)])
        for term in content
        if counts.terms[term] >= least and not (_JOINTS.intersection(term.lemmas) or term.lemmas[0] == "to")
    }
    alone: dict[str, float] = {}
    for term, z in scores.items():
        if len(term.lemmas) == 1:
            alone[term.lemmas[0]] = max(z, alone.get(term.lemmas[0], z))
    found = [
        KeyTerm(term, z, counts.terms[term], counts.texts[term])
        for term, z in scores.items()
        if z >= _LEAST_Z and (len(term.lemmas) == 1 or all(alone.get(lemma, 0.0) < z for lemma in term.lemmas))
    ]
    return sorted(found, key=lambda key: (-key.z, key.term))


def z_score(count: int, other: int, total: int, other_total: int, prior: float | None = None) -> float:
    """Returns by how many standard deviations the log-odds of a word in one corpus exceed those in another.

    These are equations 16, 20 and 22 of the source. The prior of a word is its share of both corpora together.

    Args:
        count: how often the word stands in the first corpus.
        other: how often in the second.
        total: how many words the first corpus has.
        other_total: how many the second has.
        prior: how many words the prior counts as. If None, as many as the smaller corpus has: with far fewer, words that the
            second corpus lacks altogether, as garbled ones are, would hardly stand out.
    """
    whole = total + other_total
    if not 0 < count + other < whole:
        return 0.0
    size = min(total, other_total) if prior is None else prior
    alpha = max(size, 1) * (count + other) / whole
    rest = max(size, 1) - alpha
    odds = math.log((count + alpha) / (total - count + rest)) - math.log((other + alpha) / (other_total - other + rest))
    return odds / math.sqrt(1 / (count + alpha) + 1 / (other + alpha))


def _count(texts: Iterable[TaggedText], only: Collection[Term] | None = None) -> tuple[_Counts, set[Term]]:
    """Counts terms, all or only some; also which of them have a meaning of their own somewhere."""
    counts = _Counts()
    content: set[Term] = set()
    for text in texts:
        here: Counter[Term] = Counter()
        for block in text.blocks:
            for term, span in _terms(block):
                counts.totals[len(term.lemmas)] += 1
                if only is None or term in only:
                    here[term] += 1
                    if only is None and term not in content and any(is_content(block.doc[i]) for i in range(*span)):
                        content.add(term)
        counts.terms.update(here)
        counts.texts.update(here.keys())
    return counts, content


def _terms(block: TaggedBlock) -> Iterator[tuple[Term, tuple[int, int]]]:
    """The terms of a block with their first token and the one after their last; no names and nothing protected."""
    before = ""
    for token in block.doc:
        if not token.is_alpha or block.mask[token.i] or _is_compounded(token):
            before = ""
            continue
        lemma = lemma_of(token.lower_, token.tag_)
        yield Term((lemma,), pos_of(token.tag_)), (token.i, token.i + 1)
        if before and not token.is_sent_start:
            yield Term((before, lemma)), (token.i - 1, token.i + 1)
        before = lemma


def _is_compounded(token: Token) -> bool:
    """Whether a hyphen joins a token to a neighbour."""
    doc, i = token.doc, token.i
    after = not token.whitespace_ and i + 1 < len(doc) and doc[i + 1].text in HYPHENS
    return after or (i > 0 and doc[i - 1].text in HYPHENS and not doc[i - 1].whitespace_)


def _places(texts: Sequence[TaggedText], keys: Sequence[KeyTerm]) -> list[list[tuple[TaggedBlock, Span]]]:
    """Where terms stand, term by term."""
    found: dict[Term, list[tuple[TaggedBlock, Span]]] = {key.term: [] for key in keys}
    for text in texts:
        for block in text.blocks:
            for term, (start, end) in _terms(block):
                if term in found:
                    found[term].append((block, block.doc[start:end]))
    return [found[key.term] for key in keys]
