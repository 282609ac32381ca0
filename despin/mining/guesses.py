"""Asks a judge what the spun words of many places stand for: one answer for all of them, as a row of the lexicon has it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from despin.document.morphology import lemmas, with_lemmas
from despin.document.parsing import parse
from despin.lexicon.rows import Lexicon
from despin.mining.entries import headed, written
from despin.mining.findings import example_of
from despin.reading import read_block
from despin.realize import inflected

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from spacy.language import Language
    from spacy.tokens import Span

    from despin.document.tagged import TaggedBlock
    from despin.judge.base import Judge, Proposal

    _Place = tuple[TaggedBlock, Span]

# The judge is asked at so many places, spread over all of them, for so many originals each.
_PLACES, _ASKED = 32, 10
# So many originals are offered, none whose probability is less in the mean over the places.
_OFFERED, _LEAST_SHARE = 3, 0.05


@dataclass(frozen=True, slots=True)
class Guess:
    """What some spun words stand for.

    Attributes:
        text: the words as a row writes them.
        pos: the Universal POS of their head; empty for fixed text.
        originals: lemmas, the most probable first; none if the judge knows none.
        examples: for each original a sentence with it, where it is most probable; under the empty text one without.
    """

    text: str
    pos: str
    originals: tuple[str, ...]
    examples: Mapping[str, str]


def guess(nlp: Language, judge: Judge, terms: Sequence[Sequence[_Place]]) -> list[Guess]:
    """Returns for each of some terms what a judge takes it for.

    A term is written as it is at most of its places. What the judge proposes is summed in probability; of fixed text it is
    not asked, since no lemma tells the form that would stand there.

    Args:
        nlp: a spaCy pipeline of English that parses.
        judge: the judge, whose proposals are lemmas.
        terms: for each term its places, one or more.
    """
    forms = [_form(nlp, _spread(places)) for places in terms]
    return [opinion.guess(form) for form, opinion in zip(forms, _opinions(nlp, judge, forms), strict=True)]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a row writes a term, its part of speech, and places where the term stands in such a form."""

    text: str
    pos: str
    places: Sequence[_Place]


@dataclass(slots=True)
class _Opinion:
    """What a judge says of a term: at how many places, how probable each original is in all, and an example of each."""

    places: int = 0
    shares: dict[str, float] = field(default_factory=dict)
    best: dict[str, tuple[float, str]] = field(default_factory=dict)

    def guess(self, form: _Form) -> Guess:
        """What it comes to."""
        ranked = sorted(self.shares.items(), key=lambda item: (-item[1], item[0]))
        likely = [original for original, share in ranked if share >= _LEAST_SHARE * self.places][:_OFFERED]
        examples = {"": example_of(*form.places[0], "")} | {original: self.best[original][1] for original in likely}
        return Guess(form.text, form.pos, tuple(likely), examples)


def _spread(places: Sequence[_Place]) -> Sequence[_Place]:
    """Some of many places, evenly from first to last."""
    return [places[k * len(places) // _PLACES] for k in range(_PLACES)] if len(places) > _PLACES else places


def _form(nlp: Language, places: Iterable[_Place]) -> _Form:
    forms: dict[tuple[str, str], list[_Place]] = {}
    for block, span in places:
        head = headed(nlp, span)
        key = (head.text, head.pos) if head else (written(span).lower(), "")
        forms.setdefault(key, []).append((block, span))
    (text, pos), own = max(forms.items(), key=lambda item: len(item[1]))
    return _Form(text, pos, own)


def _opinions(nlp: Language, judge: Judge, forms: Sequence[_Form]) -> list[_Opinion]:
    """What a judge would put where each form stands; nothing for fixed text, since no lemma tells its form."""
    opinions = [_Opinion() for _ in forms]
    own = [_forms_of(form.text) for form in forms]
    asked: dict[int, tuple[TaggedBlock, list[tuple[int, Span]]]] = {}
    for k, form in enumerate(forms):
        for block, span in form.places if form.pos else ():
            asked.setdefault(id(block), (block, []))[1].append((k, span))
    nothing = Lexicon()
    for block, spans in asked.values():
        reading = read_block(block.doc, block.mask, nothing, judge, lambda doc: parse(nlp, doc))
        slots = reading.slots_at((span.start, span.end) for _, span in spans)
        for (k, span), proposals in zip(spans, judge.propose(reading.passage, slots, _ASKED), strict=True):
            _add(nlp, opinions[k], forms[k].pos, own[k], block, span, proposals)
    return opinions


def _add(
    nlp: Language,
    opinion: _Opinion,
    pos: str,
    own: set[str],
    block: TaggedBlock,
    span: Span,
    proposals: Sequence[Proposal],
) -> None:
    """Adds to an opinion what the judge proposes at one place; probable are the proposals, or the words that stand there."""
    opinion.places += 1
    head = headed(nlp, span)
    total = 1 + sum(math.exp(proposal.nats) for proposal in proposals)
    for proposal in proposals:
        original = " ".join(proposal.words)
        if head is None or original in own or original not in lemmas(original).get(pos, ()):
            continue
        share = math.exp(proposal.nats) / total
        opinion.shares[original] = opinion.shares.get(original, 0.0) + share
        if share > opinion.best.get(original, (0.0, ""))[0]:
            opinion.best[original] = share, example_of(block, span, inflected(original, pos, head.tag))


def _forms_of(text: str) -> set[str]:
    """The words of a text, and the lemmas that they may have."""
    return set().union(*map(with_lemmas, text.split()))
