"""Sites: the places of a parsed text where rows of the lexicon apply, each with its candidates as they would read there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from despin.judge import context
from despin.lexicon.matching import Match, find_matches
from despin.realize import inflected, repeats

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    from despin.lexicon.rows import Lexicon, Row

# At most so many candidates a site: the best-ranked; more would be asked of the judge in vain.
MAX_CANDIDATES = 24
_APOSTROPHES = frozenset("'’")


@dataclass(slots=True)
class Candidate:
    """An original that a site may have had.

    Attributes:
        original: the words as they would stand there, in lower case but for names.
        lemma: the original as its row has it.
        row: the row that proposes it.
        features: what speaks for it or against it, the judges' preferences in nats included, by name (see
            `despin.judge.decision.WEIGHTS`).
        prior: its share among the site's candidates before the context is looked at, 0 to 1.
    """

    original: str
    lemma: str
    row: Row
    features: dict[str, float]
    prior: float = 0.0


@dataclass(slots=True)
class Site:
    """A span of a `Doc` that the lexicon knows as spinners' output.

    Attributes:
        start: index of the first token.
        end: index after the last token.
        candidates: the originals that it may have had.
    """

    start: int
    end: int
    candidates: list[Candidate]


def find_sites(doc: Doc, lexicon: Lexicon, allowed: Callable[[int, int], bool]) -> list[Site]:
    """Returns the sites of a `Doc` in order, with what does not depend on the rest of the document.

    Args:
        doc: a parsed block.
        lexicon: the rows to apply.
        allowed: whether the tokens from the first index to the second (exclusive) may be changed.
    """
    spans: dict[tuple[int, int], list[Match]] = {}
    for match in find_matches(doc, lexicon):
        spans.setdefault((match.start, match.end), []).append(match)
    sites = []
    sentences: dict[int, frozenset[str]] = {}
    for (start, end), matches in sorted(spans.items()):
        if not allowed(start, end):
            continue
        candidates = _candidates(doc, matches, sentences)
        if candidates:
            sites.append(Site(start, end, candidates))
    return sites


def _candidates(doc: Doc, matches: list[Match], sentences: dict[int, frozenset[str]]) -> list[Candidate]:
    start, end = matches[0].start, matches[0].end
    before = doc[start - 1].text if start else ""
    after = doc[end].text if end < len(doc) else ""
    possessive = after[:1] in _APOSTROPHES and after[1:].lower() == "s"
    spun = " ".join(token.lower_ for token in doc[start:end])
    found: dict[str, Candidate] = {}
    weights: dict[str, float] = {}
    clash = context.class_clash(doc, start, end)
    for match in matches:
        row = match.row
        if row.avoid and row.avoid & _lemmas(doc, start, sentences):
            continue
        features: dict[str, float] = {row.tier: 1.0}
        if end - start > 1:
            features["phrase"] = math.log(end - start)
        if clash:
            features["clash"] = 1.0
        if match.head >= 0 and not match.agrees:
            features["retagged"] = 1.0
        if row.near and row.near & _lemmas(doc, start, sentences):
            features["near"] = 1.0
            if context.depends_on(doc, start, end, row.near):
                features["dependency"] = 1.0
        for rank, lemma in enumerate(row.originals):
            share = 1.0 / (1 + rank)
            for k, tag in enumerate(match.tags or ("",)):
                original = inflected(lemma, row.pos, tag) if tag else lemma
                if original == spun or repeats(before, original, after) or (possessive and not original):
                    continue
                own = dict(features)
                if fewer := end - start - len(original.split()):
                    own["fewer"] = float(fewer)
                if tag and context.number_clash(doc, start, "NN" if original == lemma and tag == "NNS" else tag):
                    own["number"] = 1.0
                weight = share if k == 0 else share / 2
                old = found.get(original)
                if old is None or _strength(own) > _strength(old.features):
                    found[original] = Candidate(original, lemma, row, own)
                weights[original] = max(weights.get(original, 0.0), weight)
    best = sorted(found.values(), key=lambda candidate: (-weights[candidate.original], candidate.original))[:MAX_CANDIDATES]
    total = sum(weights[candidate.original] for candidate in best)
    for candidate in best:
        candidate.prior = weights[candidate.original] / total
    return best


def _strength(features: dict[str, float]) -> tuple[float, ...]:
    """Orders two rows that propose the same original: evidence first, then the tier."""
    return (
        features.get("safe", 0.0),
        features.get("near", 0.0),
        features.get("dependency", 0.0),
        -features.get("number", 0.0),
        features.get("context", 0.0),
        -features.get("retagged", 0.0),
    )


def _lemmas(doc: Doc, at: int, sentences: dict[int, frozenset[str]]) -> frozenset[str]:
    sentence = doc[at].sent
    found = sentences.get(sentence.start)
    if found is None:
        found = sentences[sentence.start] = context.sentence_lemmas(sentence)
    return found
