"""The transform itself: a text goes in, passes the stages in order, and a `Restoration` comes out.

That is one round; rounds follow until nothing is left to do, so that restoring a restored text changes nothing.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import fields
from functools import cached_property
from itertools import islice, takewhile
from multiprocessing import get_context
from typing import TYPE_CHECKING

from despin.consensus.evidence import Witnesses
from despin.consensus.merge import Merge, compare, placed
from despin.document.parsing import parse
from despin.document.tagged import TaggedBlock
from despin.document.views import TEXT
from despin.draft import Draft
from despin.errors import TooLargeError, UnrelatedError
from despin.resources import Resources
from despin.restoration import Detection, Edit, Restoration, compose, replay, traced
from despin.settings import GRAMMAR, QUICK, SUBSTITUTION, Settings
from despin.stages.characters import Characters
from despin.stages.grammar import Grammar
from despin.stages.scraping import Scraping
from despin.stages.spelling import Spelling
from despin.stages.spintax import Spintax
from despin.stages.style import Style
from despin.stages.substitution import Substitution

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from spacy.language import Language

    from despin.judge.base import Judge
    from despin.judge.decision import Verdict
    from despin.lexicon.rows import Lexicon
    from despin.reading import Reading
    from despin.stages.base import Stage

# A round repairs what the last one made recognisable; three are usual. A text that has not settled after so many stays.
_MAX_ROUNDS = 12


class Despinner:
    """Restores spun texts; loads spaCy's model, the lexicon and the judges once, when first needed.

    The setting `judge` adds the deep judge, which is asked last, at the sites that the others leave unsure.

    Args:
        settings: the dials; the defaults if None.
        lexicon: the rows to apply; the packaged lexicon if None.
        judges: the language models that judge candidates, weighed by name as `despin/judge/weights.json` says. The first
            screens documents for the others. The packaged ones if None.
        nlp: a spaCy pipeline of English with tagger and parser; the installed small model if None.
        progress: called, while the deep judge reads, with the number of readings that it has scored and of all.
        threads: in so many threads the encoder reads; as many as there are cores if None. Where each process has a core, more
            would only wait for each other.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        lexicon: Lexicon | None = None,
        judges: Sequence[Judge] | None = None,
        nlp: Language | None = None,
        progress: Callable[[int, int], None] | None = None,
        threads: int | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._resources = Resources(self.settings, lexicon, judges, nlp, progress, threads)
        self._substitution = Substitution(self.settings, self._resources)

    @property
    def lexicon(self) -> Lexicon:
        """The rows that are applied."""
        return self._resources.lexicon

    @property
    def judges(self) -> Sequence[Judge]:
        """The language models that judge candidates."""
        return self._resources.judges

    @property
    def nlp(self) -> Language:
        """The spaCy pipeline that tags and parses."""
        return self._resources.nlp

    @cached_property
    def _stages(self) -> list[Stage]:
        """The stages that the settings ask for, in the order in which a text passes them."""
        stages: list[Stage] = [
            Characters(),
            Style(),
            Scraping(),
            Spintax(self._resources),
            Spelling(self.settings, self._resources),
            self._substitution,
            Grammar(self.settings, self._resources),
        ]
        return [stage for stage in stages if stage.name in self.settings.stages]

    def __call__(self, text: str, kind: str = TEXT) -> Restoration:
        """Restores a text.

        Args:
            text: the text, or the source of a document.
            kind: what it is: `text`, `markdown` or `html`.

        Returns:
            The restored text or source; edits and flags in its characters.

        Raises:
            ConfigError: if there is no such kind.
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        draft = self._draft(text, kind)
        # Who asks for other stages alone, or says that texts are spun, wants them done.
        asked = SUBSTITUTION in self.settings.stages and self.settings.spin_rate is None
        draft.screened = self.settings.screen and asked
        return self._restored(draft)

    def merge(self, texts: Sequence[str], base: int = 0, kind: str | Sequence[str] = TEXT, *, strict: bool = True) -> Merge:
        """Restores a text with the help of its copies, which other spins of the same article are.

        A copy that has a candidate's words, or words that it may have become, speaks for it; a word that only a copy has is a
        candidate, too. Copies that are the base itself but for a few words, or each other, count once.

        Args:
            texts: the base and its copies, in any order.
            base: which of them is restored, counted from 0.
            kind: what they are, as in a call, or what each is.
            strict: whether a text that is no copy of the base is an error; else it is not heard.

        Returns:
            The base's restoration, with the places where the copies differ.

        Raises:
            ConfigError: if there is no such kind.
            TooLargeError: if a text is longer than the setting `max_characters`.
            UnrelatedError: if a text is no copy of the base.
            ValueError: if there are fewer than two texts, or no such base, or not a kind for each text.
        """
        if len(texts) < 2 or not 0 <= base < len(texts):
            raise ValueError("A merge takes two texts or more, and one of them as its base.")
        if not isinstance(kind, str) and len(kind) != len(texts):
            raise ValueError("A merge takes one kind for all texts, or one for each.")
        kinds = [kind] * len(texts) if isinstance(kind, str) else kind
        drafts = []
        for number, (text, its) in enumerate(zip(texts, kinds, strict=True), 1):
            try:
                drafts.append(self._tidied(self._draft(text, its)))
            except TooLargeError as error:
                raise TooLargeError(f"text {number}: {error}") from error
        tagged = [self._tagged(draft) for draft in drafts]
        others = [k for k in range(len(texts)) if k != base]
        witnesses = self._witnesses([tagged[k] for k in others])
        compared = compare(tagged[base], witnesses)
        related = []
        for k, (other, words) in enumerate(zip(others, witnesses.sizes, strict=True)):
            if compared.is_copy(k, words):
                related += [] if compared.is_same(k) else [k]
            elif strict:
                reason = f"of {compared.words:,} words {compared.shared[k]:,} stand in sentences that it has, too"
                raise UnrelatedError(reason, other, base)
        draft = drafts[base]
        if draft.source != texts[base]:
            draft = self._draft(texts[base], kinds[base])
            compared = compare(self._tagged(draft), witnesses)
        view = draft.view
        draft.attest = witnesses.only(_distinct(related, [tagged[k] for k in others], witnesses)).attest
        restoration = self._restored(draft)
        differences = view.stretches(compared.differences)
        own = {field.name: getattr(restoration, field.name) for field in fields(restoration)}
        return Merge(**own, base=base, places=tuple(placed(differences, texts[base], restoration.edits)))

    def _witnesses(self, copies: Sequence[Sequence[TaggedBlock]]) -> Witnesses:
        nlp = self._resources.nlp
        return Witnesses(copies, self.lexicon, lambda doc: parse(nlp, doc))

    def _tagged(self, draft: Draft) -> list[TaggedBlock]:
        """A document's blocks, tagged."""
        return [
            TaggedBlock(doc, draft.text[block.start : block.end], block.start, mask)
            for piece in draft.pieces()
            for block, (doc, mask) in zip(piece, draft.tagged(piece), strict=True)
        ]

    def _tidied(self, draft: Draft) -> Draft:
        """A document after the stages that come before spun words."""
        for stage in takewhile(lambda stage: stage.name not in (SUBSTITUTION, GRAMMAR), self._stages):
            draft.source = replay(draft.source, draft.view.edits(stage(draft)))
        return draft

    def _restored(self, draft: Draft) -> Restoration:
        """Passes the stages in rounds until none finds anything."""
        text = draft.source
        edits: tuple[Edit, ...] = ()
        seen = {text: 0}
        states = [(text, edits)]
        for _ in range(_MAX_ROUNDS):
            found = self._round(draft)
            if not found:
                flags = traced(sorted(draft.view.stretches(draft.flags), key=lambda flag: flag.start), edits)
                return Restoration(draft.source, edits, draft.spin_rate or 0.0, flags, draft.screened)
            edits = compose(edits, found, text)
            if draft.source in seen:
                # The rounds go in a circle; its first text in alphabetical order stands for all of them.
                now, edits = min(states[seen[draft.source] :], key=lambda state: state[0])
                return Restoration(now, edits, draft.spin_rate or 0.0, (), draft.screened)
            seen[draft.source] = len(states)
            states.append((draft.source, edits))
        return Restoration(text, (), draft.spin_rate or 0.0, (), draft.screened)

    def detect(self, text: str, kind: str = TEXT) -> Detection:
        """Judges whether a text was spun, without restoring it; arguments and errors are those of a call.

        Returns:
            The verdict; the strongest sites in characters of the text or source.
        """
        return self._substitution.detect(self._draft(text, kind))

    def read(self, text: str, copies: Sequence[str] = ()) -> list[tuple[int, Reading]]:
        """Finds a text's sites and asks every judge about them, whatever the spin rate: what weights are fitted on.

        Args:
            text: the text.
            copies: copies of it, whose word is heard, too.

        Returns:
            Each block's first character in the text, and its reading.

        Raises:
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        draft = self._draft(text)
        if copies:
            draft.attest = self._witnesses([self._tagged(self._draft(copy)) for copy in copies]).attest
        return self._substitution.read(draft)

    def decide(self, text: str) -> Iterator[tuple[Reading, list[Verdict]]]:
        """Decides on the spun words of a text as it stands, in a single round.

        Yields:
            Each block's reading, and the verdicts on its sites that are acted on.

        Raises:
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        yield from self._substitution.decide(self._draft(text))

    def pipe(
        self, texts: Iterable[str], kind: str = TEXT, *, batch_size: int = 16, n_process: int = 1
    ) -> Iterator[Restoration]:
        """Restores many texts, lazily and in order; the results are those of single calls.

        Args:
            texts: the texts.
            kind: what they are, as in a call.
            batch_size: how many texts a process is handed at a time.
            n_process: number of processes; with 1, everything happens in this one.
        """
        if batch_size < 1 or n_process < 1:
            raise ValueError("batch_size and n_process must be 1 or more.")
        if n_process == 1:
            yield from (self(text, kind) for text in texts)
            return
        lexicon, judges, nlp = self._resources.given
        if nlp is not None:
            raise ValueError("A Despinner with a pipeline of its own works in one process; leave nlp out.")
        remaining = iter(texts)
        with ProcessPoolExecutor(n_process, get_context("spawn"), _start_worker, (self.settings, lexicon, judges)) as executor:
            waiting: deque[Future[list[Restoration]]] = deque()
            while True:
                while len(waiting) < 2 * n_process and (batch := list(islice(remaining, batch_size))):
                    waiting.append(executor.submit(_restore_batch, batch, kind))
                if not waiting:
                    return
                yield from waiting.popleft().result()

    def _draft(self, text: str, kind: str = TEXT) -> Draft:
        if reason := self.settings.refusal(text):
            raise TooLargeError(reason)
        resources = self._resources
        return Draft(text, lambda: resources.nlp, self.settings.ignore, kind, resources.speller.knows)

    def _round(self, draft: Draft) -> tuple[Edit, ...]:
        """One round over a document: its edits, which are made."""
        before = draft.source
        draft.flags.clear()
        edits: tuple[Edit, ...] = ()
        draft.screened = draft.screened and not self._resources.screen.suspects(draft.text)
        for stage in self._stages:
            if draft.screened and stage.name not in QUICK:
                continue
            if found := draft.view.edits(stage(draft)):
                draft.source = replay(draft.source, found)
                edits = compose(edits, found, before)
        return edits


def _distinct(related: Sequence[int], copies: Sequence[Sequence[TaggedBlock]], witnesses: Witnesses) -> list[int]:
    """Those of some copies that are heard: of copies that are the same but for a few words one, whatever their order.

    Args:
        related: the copies, as indices.
        copies: all copies.
        witnesses: the same.
    """
    heard: list[int] = []
    for k in sorted(related, key=lambda k: [block.source for block in copies[k]]):
        compared = compare(copies[k], witnesses.only(heard))
        if not any(compared.shared[i] and compared.is_same(i) for i in range(len(heard))):
            heard.append(k)
    return heard


_worker: Despinner


def _start_worker(settings: Settings, lexicon: Lexicon | None, judges: Sequence[Judge] | None) -> None:
    global _worker  # noqa: PLW0603 - a worker process owns one Despinner for its life
    _worker = Despinner(settings, lexicon, judges, threads=1)


def _restore_batch(texts: list[str], kind: str) -> list[Restoration]:
    return [_worker(text, kind) for text in texts]
