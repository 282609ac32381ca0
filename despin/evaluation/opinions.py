"""What a judge says of one text, and what the decision makes of all of them, beside what the marks say.

A judge is asked at the marked sites what it would put there, at the lexicon's sites which candidate it prefers, and at every
word how strongly it suspects it.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from despin.document.morphology import lemmas
from despin.judge.decision import Weights, choose, estimate_spin_rate, judge_sites, weigh
from despin.marks import spans, spun_text, words_of
from despin.reading import join
from despin.training.weights import Example, judge_example, label

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from despin.despinner import Despinner
    from despin.judge.base import Judge, Passage, Proposal, Slot
    from despin.marks import Mark
    from despin.reading import Reading
    from despin.settings import Settings
    from despin.sites import Candidate

# The evidence that a judge gives; what is not named here comes from the lexicon and the sentence.
_FEATURES = {
    "trigram": frozenset({"trigram", "echo", "spun_frequency", "original_frequency"}),
    "prose": frozenset({"prose"}),
    "encoder": frozenset({"encoder", "suspicion"}),
    "deep": frozenset({"deep"}),
}
# So many proposals are asked for.
PROPOSALS = 100


class TimedJudge:
    """A judge that counts the seconds that its opinions take; its proposals, which despin does not ask for, apart."""

    def __init__(self, judge: Judge) -> None:
        self.name = judge.name
        self.local = judge.local
        self.seconds = 0.0
        self._judge = judge

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        """See `Judge.score`."""
        with self._running():
            return self._judge.score(passage, slots)

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        """See `Judge.suspect`."""
        with self._running():
            return self._judge.suspect(passage, slots)

    def frequency(self, reading: Sequence[str]) -> float:
        """See `Judge.frequency`."""
        with self._running():
            return self._judge.frequency(reading)

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        """See `Judge.propose`."""
        return self._judge.propose(passage, slots, count)

    @contextmanager
    def _running(self) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - start


@dataclass(slots=True)
class Text:
    """A marked text as read; a clean one has no marks.

    Attributes:
        words: how many words it has.
        marks: its marked sites, each with its first character in the spun text and the one after its last.
        blocks: what `Despinner.read` returned.
        example: which of its candidates are right.
        seconds: how long each judge took, by name.
        weights: what to decide with.
    """

    words: int
    marks: list[Mark]
    blocks: list[tuple[int, Reading]]
    example: Example
    seconds: dict[str, float]
    weights: Weights


def read(reader: Despinner, judges: Sequence[TimedJudge], gold: str) -> Text:
    """Reads a marked or clean text with a Despinner of these judges; the weights are the packaged ones."""
    text = spun_text(gold)
    before = [judge.seconds for judge in judges]
    found = reader.read(text)
    seconds = {judge.name: judge.seconds - start for judge, start in zip(judges, before, strict=True)}
    return Text(len(words_of(text)), spans(gold), found, label(gold, found), seconds, Weights.load())


@dataclass(slots=True)
class Findings:
    """What a judge said of one text.

    Attributes:
        ranks: for each marked site of one word, how many proposals stand before the first accepted one.
        proposes: whether it proposed anything.
        must: marked sites that must be repaired.
        choices: at those that the lexicon covers, whether the best candidate is right.
        kept: for each of the lexicon's sites, whether no candidate is preferred.
        spun: for each word that must be repaired, how strongly it is suspected.
        other: the same for each word outside all marks.
        spin_rate: the text's, estimated with this judge's evidence.
        words: how many words the text has.
        seconds: how long the judge took for them.
    """

    ranks: list[int]
    proposes: bool
    must: int
    choices: list[bool]
    kept: list[bool]
    spun: list[float]
    other: list[float]
    spin_rate: float
    words: int
    seconds: float


def say(judge: Judge, text: Text, settings: Settings) -> Findings:
    """Returns what one judge says by itself.

    A judge that cannot suspect words is taken to suspect them as strongly as it prefers the best candidate of a site that
    covers them; of words at no site it then knows nothing.
    """

    def preference(candidate: Candidate) -> float:
        return candidate.features[judge.name]

    passage, firsts = join([reading for _, reading in text.blocks])
    ranks: list[int] = []
    proposes = False
    suspicions = []
    for first, (at, reading) in zip(firsts, text.blocks, strict=True):
        asked = _guesses(at, reading, text.marks)
        proposals = judge.propose(passage, reading.slots_at((span for span, _ in asked), first), PROPOSALS)
        proposes = proposes or any(proposals)
        ranks += (_rank(proposed, right) for proposed, (_, right) in zip(proposals, asked, strict=True))
        suspicions.append(judge.suspect(passage, reading.slots_at(reading.words, first)))
    if not any(suspicions):
        strongest = {id(site): max(map(preference, site.candidates)) for site in text.example.sites}
        suspicions = [_covering(reading, strongest, -math.inf) for _, reading in text.blocks]
    left_out = frozenset().union(*(known for name, known in _FEATURES.items() if name != judge.name))
    return Findings(
        ranks,
        proposes,
        sum(mark.must for *_, mark in text.marks),
        _choices(text, preference),
        [all(preference(candidate) <= 0 for candidate in site.candidates) for site in text.example.sites],
        *_parted(text, suspicions),
        _spin_rate(text, left_out, settings),
        text.words,
        text.seconds[judge.name],
    )


def decide(text: Text, settings: Settings) -> Findings:
    """Returns what the decision makes of all evidence, with the text's weights; it proposes nothing of its own."""
    sites = text.example.sites
    verdicts = [verdict for verdict, _ in judge_example(text.example, text.weights, settings)]
    acted = {id(verdict.site) for verdict in choose(verdicts, settings)}
    # What is believed, not what is done: a gate under which nothing is done would make all words alike.
    rate = estimate_spin_rate(sites, settings, text.weights)
    believed = judge_sites(sites, rate, True, replace(settings, gate=0.0), text.weights)
    posterior = {id(verdict.site): verdict.spun for verdict in believed}
    return Findings(
        [],
        False,
        sum(mark.must for *_, mark in text.marks),
        _choices(text, lambda candidate: candidate.nats),
        [id(site) not in acted for site in sites],
        *_parted(text, [_covering(reading, posterior, 0.0) for _, reading in text.blocks]),
        _spin_rate(text, frozenset(), settings),
        text.words,
        sum(text.seconds.values()),
    )


def _guesses(at: int, reading: Reading, marks: Sequence[Mark]) -> list[tuple[tuple[int, int], set[str]]]:
    """The marked sites of one word in a block, as spans of tokens, each with the lemmas that are right there."""
    asked: list[tuple[tuple[int, int], set[str]]] = []
    for mark in marks:
        accepted = [words[0] for original in mark.site.accepted if len(words := words_of(original)) == 1]
        tokens = [t.i for t in reading.doc if not t.is_space and mark.overlaps(at + t.idx, at + t.idx + len(t))]
        if mark.site.must and accepted and tokens and len(words_of(mark.site.spun)) == 1:
            right = {lemma for word in accepted for found in lemmas(word).values() for lemma in found}
            asked.append(((tokens[0], tokens[-1] + 1), right.union(accepted)))
    return asked


def _rank(proposed: Sequence[Proposal], right: Container[str]) -> int:
    """How many proposals stand before the first right one."""
    return next((rank for rank, one in enumerate(proposed) if " ".join(one.words) in right), PROPOSALS)


def _choices(text: Text, value: Callable[[Candidate], float]) -> list[bool]:
    """Whether the candidate of the highest value is right, at each marked site that a right candidate covers.

    Of several sites of the lexicon that hold a right candidate the longest counts; ties go to the lexicon's order.
    """
    longest: dict[int, tuple[int, bool]] = {}
    labels = iter(text.example.right)
    for at, reading in text.blocks:
        for site in reading.sites:
            right = next(labels)
            if not any(right):
                continue
            start, end = (at + character for character in reading.characters(site.start, site.end))
            best = max(range(len(right)), key=lambda k: value(site.candidates[k]))
            for number, mark in enumerate(text.marks):
                if mark.site.must and mark.overlaps(start, end) and end - start > longest.get(number, (0, False))[0]:
                    longest[number] = end - start, right[best]
    return [is_right for _, is_right in longest.values()]


def _covering(reading: Reading, values: Mapping[int, float], nothing: float) -> list[float]:
    """For each word the highest value of a site, by the site's id, that covers it."""
    found = [nothing] * len(reading.doc)
    for site in reading.sites:
        for i in range(site.start, site.end):
            found[i] = max(found[i], values.get(id(site), nothing))
    return [found[i] for i, _ in reading.words]


def _parted(text: Text, values: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """The values of the words that must be repaired, and of those outside all marks."""
    spun: list[float] = []
    other: list[float] = []
    for (at, reading), block in zip(text.blocks, values, strict=True):
        for (i, _), value in zip(reading.words, block, strict=True):
            start, end = (at + character for character in reading.characters(i, i + 1))
            touched = [mark.site for mark in text.marks if mark.overlaps(start, end)]
            if any(site.must for site in touched):
                spun.append(value)
            elif not touched:
                other.append(value)
    return spun, other


def _spin_rate(text: Text, left_out: frozenset[str], settings: Settings) -> float:
    """The spin rate that a document's sites show without some features."""
    sites = [replace(site, candidates=[_without(c, left_out) for c in site.candidates]) for site in text.example.sites]
    weigh(sites, text.weights)
    return estimate_spin_rate(sites, replace(settings, spin_rate=None), text.weights)


def _without(candidate: Candidate, left_out: frozenset[str]) -> Candidate:
    return replace(candidate, features={name: x for name, x in candidate.features.items() if name not in left_out})
