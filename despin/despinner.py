"""The transform itself: a text goes in, passes the stages in order, and a `Restoration` comes out.

Blocks are cut and parsed, protected words marked, sites found and judged, the document's spin rate estimated, edits
chosen, judged once more with their neighbours repaired, and realised. That is one round; rounds follow until nothing is
left to do, so that restoring a restored text changes nothing.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from despin.document.blocks import Block, blocks
from despin.document.names import Names, entities, is_capital, opens_sentence
from despin.document.parsing import load_model, parse
from despin.document.protection import Protection, protect
from despin.errors import TooLargeError
from despin.judge import context
from despin.judge.base import Judge, Passage, Slot
from despin.judge.decision import Verdict, choose, estimate_spin_rate, judge_sites, reasons
from despin.judge.trigram import TrigramJudge
from despin.lexicon.rows import Lexicon
from despin.realize import agreeing_verb, article, cased
from despin.restoration import Alternative, Detection, Edit, Evidence, Restoration, compose, replay
from despin.settings import Settings
from despin.sites import Site, find_sites

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

# A round repairs what the last one made recognisable; three are usual. A text that has not settled after so many stays.
_MAX_ROUNDS = 12
# A document is estimated and decided in pieces of about this many characters, which bounds memory.
_PIECE = 400_000
_ALTERNATIVES = 3
_STRONGEST = 10


class Despinner:
    """Restores spun texts; loads spaCy's model, the lexicon and the judge once, when first needed.

    Args:
        settings: the dials; the defaults if None.
        lexicon: the rows to apply; the packaged lexicon if None.
        judge: the language model that judges candidates; the trigram if None.
        nlp: a spaCy pipeline of English with tagger, parser and lemmatizer; the installed small model if None.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        lexicon: Lexicon | None = None,
        judge: Judge | None = None,
        nlp: Language | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._given = (lexicon, judge, nlp)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The rows that are applied."""
        return self._given[0] or Lexicon.load()

    @cached_property
    def judge(self) -> Judge:
        """The language model that judges candidates."""
        return self._given[1] or TrigramJudge()

    @cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline that parses."""
        return self._given[2] or load_model()

    def __call__(self, text: str) -> Restoration:
        """Restores a text.

        Raises:
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        self._check_size(text)
        memory: dict[tuple[str, bool, bytes], _Judged] = {}
        edits: tuple[Edit, ...] = ()
        rate: float | None = None
        seen = {text: 0}
        states = [(text, edits)]
        now = text
        for _ in range(_MAX_ROUNDS):
            found, here = self._round(now, memory)
            rate = here if rate is None else rate
            if not found:
                return Restoration(now, edits, rate)
            now = replay(now, found)
            edits = compose(edits, found, text)
            if now in seen:
                # The rounds go in a circle; its first text in alphabetical order stands for all of them.
                now, edits = min(states[seen[now] :], key=lambda state: state[0])
                return Restoration(now, edits, rate)
            seen[now] = len(states)
            states.append((now, edits))
        return Restoration(text, (), rate or 0.0)

    def detect(self, text: str) -> Detection:
        """Judges whether a text was spun, without restoring it.

        Raises:
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        self._check_size(text)
        words = sites = 0
        expected = 0.0
        weighted = 0.0
        edits: list[Edit] = []
        for piece in self._pieces(text, {}):
            words += piece.words
            sites += len(piece.sites)
            weighted += piece.spin_rate * len(piece.sites)
            expected += sum(_expected(verdicts) for verdicts in piece.verdicts)
            edits += piece.edits
        strongest = sorted(edits, key=lambda edit: (-edit.confidence, edit.start))[:_STRONGEST]
        return Detection(
            weighted / sites if sites else 0.0, 1000 * expected / words if words else 0.0, sites, words, tuple(strongest)
        )

    def pipe(self, texts: Iterable[str], *, batch_size: int = 16, n_process: int = 1) -> Iterator[Restoration]:
        """Restores many texts, lazily and in order; the results are those of single calls.

        Args:
            texts: the texts.
            batch_size: how many texts a process is handed at a time.
            n_process: number of processes; with 1, everything happens in this one.
        """
        if batch_size < 1 or n_process < 1:
            raise ValueError("batch_size and n_process must be 1 or more.")
        if n_process == 1:
            yield from map(self, texts)
            return
        lexicon, judge, nlp = self._given
        if nlp is not None:
            raise ValueError("A Despinner with a pipeline of its own works in one process; leave nlp out.")
        remaining = iter(texts)
        with ProcessPoolExecutor(n_process, get_context("spawn"), _start_worker, (self.settings, lexicon, judge)) as executor:
            waiting: deque[Future[list[Restoration]]] = deque()
            while True:
                while len(waiting) < 2 * n_process and (batch := list(islice(remaining, batch_size))):
                    waiting.append(executor.submit(_restore_batch, batch))
                if not waiting:
                    return
                yield from waiting.popleft().result()

    def _check_size(self, text: str) -> None:
        if len(text) > self.settings.max_characters:
            raise TooLargeError(
                f"it has {len(text):,} characters; the limit is {self.settings.max_characters:,} (setting max_characters)"
            )

    def _round(self, text: str, memory: dict[tuple[str, bool, bytes], _Judged]) -> tuple[tuple[Edit, ...], float]:
        """One round over a text: its edits, and its spin rate."""
        edits: list[Edit] = []
        sites = 0
        weighted = 0.0
        for piece in self._pieces(text, memory):
            edits += piece.edits
            sites += len(piece.sites)
            weighted += piece.spin_rate * len(piece.sites)
        return tuple(edits), weighted / sites if sites else 0.0

    def _pieces(self, text: str, memory: dict[tuple[str, bool, bytes], _Judged]) -> Iterator[_Piece]:
        protection = protect(text)
        piece: list[Block] = []
        for block in blocks(text):
            if piece and block.end - piece[0].start > _PIECE:
                yield self._piece(text, piece, protection, memory)
                piece = []
            piece.append(block)
        if piece:
            yield self._piece(text, piece, protection, memory)

    def _piece(
        self,
        text: str,
        cut: Sequence[Block],
        protection: Protection,
        memory: dict[tuple[str, bool, bytes], _Judged],
    ) -> _Piece:
        judged = self._judge_blocks(text, cut, protection, memory)
        counts = Counter(lemma for block in judged for lemma in block.lemmas)
        echoes: dict[tuple[str, str], list[float]] = {}
        for block in judged:
            for site in block.sites:
                for candidate, preference in zip(site.candidates, site.judged, strict=True):
                    echoes.setdefault((candidate.row.spun, candidate.lemma), []).append(preference)
        for block in judged:
            block.look_around(counts, echoes)
        sites = [site for block in judged for site in block.sites]
        settings = self.settings
        estimated = settings.spin_rate is not None or len(sites) >= settings.min_sites
        rate = estimate_spin_rate(sites, settings)
        verdicts = [judge_sites(block.sites, rate, estimated, settings) for block in judged]
        chosen = [choose(found, settings) for found in verdicts]
        if any(chosen):
            # A repaired neighbour makes the next decision easier: judge again, with the repairs in place.
            again = [block.rejudged(self.judge, acted) if acted else block for block, acted in zip(judged, chosen, strict=True)]
            rate = estimate_spin_rate([site for block in again for site in block.sites], settings)
            verdicts = [judge_sites(block.sites, rate, estimated, settings) for block in again]
            chosen = [choose(found, settings) for found in verdicts]
        edits = [
            edit
            for block, span, acted in zip(judged, cut, chosen, strict=True)
            for edit in self._edits(text, block, span, acted, rate, protection)
        ]
        return _Piece(sites, verdicts, rate, edits, sum(block.words for block in judged))

    def _judge_blocks(
        self,
        text: str,
        cut: Sequence[Block],
        protection: Protection,
        memory: dict[tuple[str, bool, bytes], _Judged],
    ) -> list[_Judged]:
        """Parses the blocks, finds their sites and asks the judge; remembers what an earlier round left as it was."""
        parsed = {(text[b.start : b.end], b.capitals): None for b in cut}
        known = {(key[0], key[1]): value.doc for key, value in memory.items()}
        docs: dict[tuple[str, bool], Doc] = {key: known[key] for key in parsed if key in known}
        new = [key for key in parsed if key not in docs]
        docs.update(zip(new, parse(self.nlp, new), strict=True))
        names = Names((doc, key[0], key[1]) for key, doc in docs.items())
        result = []
        for block in cut:
            source = text[block.start : block.end]
            doc = docs[source, block.capitals]
            mask = self._mask(doc, source, block, protection, names)
            key = (source, block.capitals, mask)
            if key not in memory:
                memory[key] = _judge_block(doc, mask, self.lexicon, self.judge)
            result.append(memory[key].fresh())
        return result

    def _mask(self, doc: Doc, source: str, block: Block, protection: Protection, names: Names) -> bytes:
        """One byte a token: 1 where it may not be changed."""
        ignore = self.settings.ignore
        return bytes(
            protection.touches(block.start + token.idx, block.start + token.idx + len(token))
            or (bool(ignore) and (token.lower_ in ignore or token.lemma_.lower() in ignore))
            or names.protects(token, source, block.capitals)
            for token in doc
        )

    def _edits(
        self,
        text: str,
        block: _Judged,
        span: Block,
        acted: Sequence[Verdict],
        rate: float,
        protection: Protection,
    ) -> Iterator[Edit]:
        """Realises the chosen verdicts of a block, in order."""
        doc = block.doc
        taken = [(v.site.start, v.site.end) for v in acted]
        at = -1
        for verdict in sorted(acted, key=lambda v: v.site.start):
            site = verdict.site
            if not span.capitals and self._is_entity(text, doc, span, site):
                continue
            start = span.start + doc[site.start].idx
            last = doc[site.end - 1]
            end = span.start + last.idx + len(last)
            original = cased(verdict.best.original, text[start:end], span.capitals)
            if not original:
                if site.end < len(doc) and doc[site.end].is_alpha and not block.mask[site.end]:
                    follower = doc[site.end]
                    to = span.start + follower.idx
                    original = cased(text[to : to + len(follower)], text[start], False)
                    end = to + len(follower)
                elif site.start and doc[site.start - 1].whitespace_:
                    start -= 1
            if site.start and doc[site.start - 1].lower_ in ("a", "an") and not block.mask[site.start - 1] and original:
                before = doc[site.start - 1]
                wanted = article(original)
                begin = span.start + before.idx
                if wanted != before.lower_ and begin >= at:
                    original = cased(wanted, text[begin : begin + 1], False) + text[begin + len(before) : start] + original
                    start = begin
            if start < at or text[start:end] == original or protection.touches(start, end):
                continue
            yield Edit(start, end, text[start:end], original, verdict.spun, *_explained(verdict, rate))
            at = end
            verb = agreeing_verb(doc, site.start, site.end, verdict.best.original)
            if verb and not block.mask[verb[0]] and not any(a <= verb[0] < b for a, b in taken):
                token, form = doc[verb[0]], verb[1]
                start = span.start + token.idx
                end = start + len(token)
                if start >= at and text[start:end] != form:
                    reason = (Evidence("agrees with its repaired subject", 0.0),)
                    yield Edit(start, end, text[start:end], cased(form, text[start:end], False), verdict.spun, (), reason)
                    at = end

    def _is_entity(self, text: str, doc: Doc, span: Block, site: Site) -> bool:
        """Whether a site that opens a sentence with a capital is a name to spaCy's entity recogniser."""
        token = doc[site.start]
        begin = span.start + token.idx
        word = text[begin : begin + len(token)]
        if not is_capital(word) or word.isupper() or not opens_sentence(token):
            return False
        return any(a < site.end and site.start < b for a, b in entities(self.nlp, token.sent))


@dataclass(slots=True)
class _Piece:
    """What one round found in a piece of a document."""

    sites: list[Site]
    verdicts: list[list[Verdict]]
    spin_rate: float
    edits: list[Edit]
    words: int


@dataclass(slots=True)
class _Judged:
    """A block's parse with its judged sites.

    Attributes:
        doc: the parsed block.
        mask: one byte a token, 1 where it may not be changed.
        sites: its sites.
        passage: the block as the judge reads it.
        slots: the sites as the judge reads them.
        lemmas: the lemmas of its words.
        words: how many words it has.
    """

    doc: Doc
    mask: bytes
    sites: list[Site]
    passage: Passage
    slots: list[Slot]
    lemmas: list[str] = field(default_factory=list)
    words: int = 0

    def fresh(self) -> _Judged:
        """Returns a copy whose candidates can take the document's evidence."""
        sites = [
            replace(site, candidates=[replace(c, features=dict(c.features)) for c in site.candidates]) for site in self.sites
        ]
        return replace(self, sites=sites)

    def look_around(self, counts: Counter[str], echoes: Mapping[tuple[str, str], Sequence[float]]) -> None:
        """Adds to each candidate what the rest of the document says about it.

        Args:
            counts: how often each lemma stands in the document.
            echoes: for each pair of spun words and original, the judge's preferences at all sites of the document.
        """
        vocab = self.doc.vocab
        for site in self.sites:
            for candidate, judged in zip(site.candidates, site.judged, strict=True):
                row = candidate.row
                own = row.spun.split()
                content = [w for w in candidate.lemma.lower().split() if w not in own and not vocab[w].is_stop]
                found = context.elsewhere(content, counts)
                if found:
                    candidate.features["elsewhere"] = found
                if "near" not in candidate.features and any(counts[word] for word in row.near):
                    candidate.features["nearby"] = 1.0
                others = echoes[row.spun, candidate.lemma]
                if len(others) > 1:
                    candidate.features["echo"] = context.echo(judged, others)
                    candidate.features["repeated"] = math.log(len(others))

    def rejudged(self, judge: Judge, acted: Sequence[Verdict]) -> _Judged:
        """Returns a copy in which each site is judged with the repairs of the others in place."""
        repairs = {id(v.site): v for v in acted}
        chosen = sorted((slot.start, slot.end, repairs[id(site)].best.original) for site, slot in self._paired(repairs))
        words: list[str] = []
        moved: list[int] = []  # where each old word begins among the new ones
        at = 0
        for start, end, original in chosen:
            moved += range(len(words), len(words) + start - at)
            words += self.passage.words[at:start]
            moved += [len(words)] * (end - start)
            words += original.split()
            at = end
        moved += range(len(words), len(words) + len(self.passage.words) - at)
        words += self.passage.words[at:]
        moved.append(len(words))
        passage = Passage(tuple(words), frozenset(moved[start] for start in self.passage.starts))
        taken = [(start, end) for start, end, _ in chosen]
        asked = [
            k
            for k, (site, slot) in enumerate(zip(self.sites, self.slots, strict=True))
            if id(site) in repairs or not any(a < slot.end and slot.start < b for a, b in taken)
        ]
        slots = [replace(slot, start=moved[slot.start], end=moved[slot.end]) for slot in (self.slots[k] for k in asked)]
        sites = list(self.sites)
        for k, scores in zip(asked, judge.score(passage, slots), strict=True):
            sites[k] = replace(sites[k], judged=[score - scores[0] for score in scores[1:]])
        return replace(self, sites=sites)

    def _paired(self, repairs: dict[int, Verdict]) -> list[tuple[Site, Slot]]:
        return [(site, slot) for site, slot in zip(self.sites, self.slots, strict=True) if id(site) in repairs]


def _judge_block(doc: Doc, mask: bytes, lexicon: Lexicon, judge: Judge) -> _Judged:
    sites = find_sites(doc, lexicon, lambda start, end: not any(mask[start:end]))
    words: list[str] = []
    starts: set[int] = {0}
    word_of: list[int] = []
    joined = True
    for token in doc:
        if token.is_sent_start and (not words or not joined or token.i == 0):
            starts.add(len(words))
        glued = joined and words and (token.text[:1] in "'’-" or token.lower_ == "n't" or words[-1][-1:] == "-")
        if token.is_space:
            word_of.append(max(0, len(words) - 1))
            joined = False
            continue
        if glued and len(token) > 0 and (words[-1][-1:].isalnum() or words[-1][-1:] == "-"):
            words[-1] += token.text
        else:
            words.append(token.text)
        word_of.append(len(words) - 1)
        joined = not token.whitespace_
    passage = Passage(tuple(words), frozenset(starts))
    slots = []
    for site in sites:
        first, last = word_of[site.start], word_of[site.end - 1]
        before = "".join(doc[i].text for i in range(site.start) if word_of[i] == first and not doc[i].is_space)
        after = "".join(
            doc[i].text for i in range(site.end, min(len(doc), site.end + 4)) if word_of[i] == last and not doc[i].is_space
        )
        readings = [passage.words[first : last + 1]]
        readings += (tuple((before + candidate.original + after).split()) for candidate in site.candidates)
        slots.append(Slot(first, last + 1, tuple(readings)))
    for site, scores in zip(sites, judge.score(passage, slots), strict=True):
        site.judged = [score - scores[0] for score in scores[1:]]
    lemmas = [token.lemma_.lower() for token in doc if token.is_alpha]
    return _Judged(doc, mask, sites, passage, slots, lemmas, len(lemmas))


def _explained(verdict: Verdict, rate: float) -> tuple[tuple[Alternative, ...], tuple[Evidence, ...]]:
    site = verdict.site
    judged = dict(zip((c.original for c in site.candidates), site.judged, strict=True))
    items = [Evidence(reason, round(nats, 3)) for reason, nats in reasons(verdict.best, judged[verdict.best.original])]
    items.append(Evidence(f"spin rate of the document: {rate:.2f}", round(verdict.prior, 3)))
    alternatives = tuple(Alternative(original, round(share, 4)) for original, share in verdict.others[:_ALTERNATIVES])
    return alternatives, tuple(items)


def _expected(verdicts: Sequence[Verdict]) -> float:
    """Expected number of spun sites among verdicts, of overlapping ones the most probable only."""
    total = 0.0
    end = -1
    held = 0.0
    for verdict in sorted(verdicts, key=lambda v: (v.site.start, v.site.end)):
        if verdict.site.start >= end:
            total += held
            held = verdict.spun
        else:
            held = max(held, verdict.spun)
        end = max(end, verdict.site.end)
    return total + held


_worker: Despinner


def _start_worker(settings: Settings, lexicon: Lexicon | None, judge: Judge | None) -> None:
    global _worker  # noqa: PLW0603 - a worker process owns one Despinner for its life
    _worker = Despinner(settings, lexicon, judge)


def _restore_batch(texts: list[str]) -> list[Restoration]:
    return [_worker(text) for text in texts]
