"""Sites: the places of a tagged text where rows of the lexicon apply, each with its candidates as they would read there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from despin.judge import context
from despin.lexicon.matching import Match, find_matches
from despin.lexicon.rows import COPIED, GENERATED, PROPOSED, words
from despin.realize import inflected

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc

    from despin.lexicon.rows import Lexicon, Row

# At most so many candidates a site: the best-ranked; more would be asked of the judge in vain.
MAX_CANDIDATES = 24


@dataclass(slots=True)
class Candidate:
    """An original that a site may have had.

    Attributes:
        original: the words as they would stand there, in lower case but for names.
        lemma: the original as its row has it.
        row: the row that proposes it.
        features: what speaks for it or against it, the judges' preferences in nats included, by name (see
            `despin.judge.decision.Weights`).
        nats: its log-likelihood ratio against keeping the words, as `despin.judge.decision.weigh` left it.
    """

    original: str
    lemma: str
    row: Row
    features: dict[str, float]
    nats: float = 0.0


@dataclass(slots=True)
class Site:
    """A span of a `Doc` that may be spinners' output.

    Attributes:
        start: index of the first token.
        end: index after the last token.
        spun: the words that stand there, in lower case.
        candidates: the originals that it may have had: the lexicon's, or a judge's own.
        ratio: log-likelihood ratio of its having been spun, as `despin.judge.decision.weigh` left it.
    """

    start: int
    end: int
    spun: str
    candidates: list[Candidate]
    ratio: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the lexicon knows the words; else a judge alone proposes something, or a copy has something else."""
        return self.candidates[0].row.tier not in (PROPOSED, COPIED)


def find_sites(
    doc: Doc,
    lexicon: Lexicon,
    allowed: Callable[[int, int], bool],
    parse: Callable[[Doc], None],
    respelled: Callable[[str], str] | None = None,
) -> list[Site]:
    """Returns the sites of a `Doc` in order, with what does not depend on the rest of the document.

    Args:
        doc: a tagged block.
        lexicon: the rows to apply.
        allowed: whether the tokens from the first index to the second (exclusive) may be changed.
        parse: adds its dependencies to the block; called where they are asked for.
        respelled: see `find_matches`.
    """
    spans: dict[tuple[int, int], list[Match]] = {}
    for match in find_matches(doc, lexicon, respelled):
        spans.setdefault((match.start, match.end), []).append(match)
    sites = []
    sentences: dict[int, frozenset[str]] = {}
    for (start, end), matches in sorted(spans.items()):
        if not allowed(start, end):
            continue
        spun = " ".join(token.lower_ for token in doc[start:end]) if end - start > 1 else doc[start].lower_
        candidates = _candidates(doc, spun, matches, sentences, parse)
        if candidates:
            sites.append(Site(start, end, spun, candidates))
    return sites


def _candidates(
    doc: Doc, spun: str, matches: list[Match], sentences: dict[int, frozenset[str]], parse: Callable[[Doc], None]
) -> list[Candidate]:
    start, end = matches[0].start, matches[0].end
    before = doc[start - 1].lower_ if start else ""
    after = doc[end].lower_ if end < len(doc) else ""
    possessive = after in ("'s", "’s")
    found: dict[str, Candidate] = {}
    weights: dict[str, float] = {}
    clashing: dict[str, bool] = {"": False}
    shared = {"phrase": math.log(end - start)} if end - start > 1 else {}
    if context.class_clash(doc, start, end):
        shared["clash"] = 1.0
    for match in matches:
        row = match.row
        if row.avoid and row.avoid & _lemmas(doc, start, sentences):
            continue
        features = {row.tier: 1.0, **shared}
        if match.head >= 0 and not match.agrees:
            features["retagged"] = 1.0
        if row.near and row.near & _lemmas(doc, start, sentences):
            features["near"] = 1.0
            parse(doc)
            if context.depends_on(doc, start, end, row.near):
                features["dependency"] = 1.0
        for form in _forms(row, match.tags):
            original = form.text
            if original == spun:
                continue
            if form.first == before or form.last == after if original else possessive:
                continue  # it would double a word
            own = features.copy()
            if fewer := end - start - form.size:
                own["fewer"] = float(fewer)
            if form.number not in clashing:
                clashing[form.number] = context.number_clash(doc, start, form.number)
            if clashing[form.number]:
                own["number"] = 1.0
            old = found.get(original)
            if old is None:
                found[original] = Candidate(original, form.lemma, row, own)
                weights[original] = form.weight
            else:
                if _strength(own) > _strength(old.features):
                    found[original] = Candidate(original, form.lemma, row, own)
                weights[original] = max(weights[original], form.weight)
    best = list(found.values())
    if len(best) > MAX_CANDIDATES:
        best = sorted(best, key=lambda c: (c.row.tier == GENERATED, -weights[c.original], c.original))[:MAX_CANDIDATES]
    # Rows that somebody wrote share among themselves, as if there were no others.
    written = [candidate for candidate in best if candidate.row.tier != GENERATED]
    shares = [(sum(weights[c.original] for c in among), math.log(len(among) or 1)) for among in (best, written)]
    for candidate in best:
        total, choices = shares[candidate.row.tier != GENERATED]
        candidate.features |= {"share": math.log(weights[candidate.original] / total), "choices": choices}
    return best


def number_tag(form: str, lemma: str, tag: str) -> str:
    """Returns the tag that tells a noun's number in a form under a tag, `NN` or `NNS`; nothing for other words.

    A plural that reads like its lemma ("advice") is a singular.
    """
    if tag == "NNS":
        return "NN" if form == lemma else tag
    return tag if tag == "NN" else ""


class _Form(NamedTuple):
    """A row's original in one of the forms that it may take at a site; `number` is its tag if that is a noun's."""

    text: str
    lemma: str
    weight: float
    number: str
    first: str
    last: str
    size: int


@lru_cache(maxsize=65536)
def _forms(row: Row, tags: tuple[str, ...]) -> tuple[_Form, ...]:
    """A row's originals as they read where its head has one of some tags, the likeliest first; see `Match.tags`."""
    forms = []
    for rank, lemma in enumerate(row.originals):
        for k, tag in enumerate(tags or ("",)):
            text = inflected(lemma, row.pos, tag) if tag else lemma
            parts = words(text)
            number = number_tag(text, lemma, tag)
            # A tag that is not the tagger's is half as likely.
            forms.append(
                _Form(text, lemma, (1.0 if k == 0 else 0.5) / (1 + rank), number, parts[0], parts[-1], len(text.split()))
            )
    return tuple(forms)


def _strength(features: dict[str, float]) -> tuple[float, ...]:
    """Orders two rows that propose the same original: evidence first, then the tier."""
    return (
        features.get("safe", 0.0),
        -features.get(GENERATED, 0.0),
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
