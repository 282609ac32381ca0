"""The transform itself: a text goes in, passes the stages in order, and a `Restoration` comes out.

That is one round; rounds follow until nothing is left to do, so that restoring a restored text changes nothing.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cached_property
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING

from despin.document.views import TEXT
from despin.draft import Draft
from despin.errors import TooLargeError
from despin.resources import Resources
from despin.restoration import Detection, Edit, Restoration, compose, replay, traced
from despin.settings import Settings
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
    """

    def __init__(
        self,
        settings: Settings | None = None,
        lexicon: Lexicon | None = None,
        judges: Sequence[Judge] | None = None,
        nlp: Language | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._resources = Resources(self.settings, lexicon, judges, nlp, progress)
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
        edits: tuple[Edit, ...] = ()
        seen = {text: 0}
        states = [(text, edits)]
        for _ in range(_MAX_ROUNDS):
            found = self._round(draft)
            if not found:
                flags = traced(sorted(draft.view.flags(draft.flags), key=lambda flag: flag.start), edits)
                return Restoration(draft.source, edits, draft.spin_rate or 0.0, flags)
            edits = compose(edits, found, text)
            if draft.source in seen:
                # The rounds go in a circle; its first text in alphabetical order stands for all of them.
                now, edits = min(states[seen[draft.source] :], key=lambda state: state[0])
                return Restoration(now, edits, draft.spin_rate or 0.0)
            seen[draft.source] = len(states)
            states.append((draft.source, edits))
        return Restoration(text, (), draft.spin_rate or 0.0)

    def detect(self, text: str, kind: str = TEXT) -> Detection:
        """Judges whether a text was spun, without restoring it; arguments and errors are those of a call.

        Returns:
            The verdict; the strongest sites in characters of the text or source.
        """
        return self._substitution.detect(self._draft(text, kind))

    def read(self, text: str) -> list[tuple[int, Reading]]:
        """Finds a text's sites and asks every judge about them, whatever the spin rate: what weights are fitted on.

        Returns:
            Each block's first character in the text, and its reading.

        Raises:
            TooLargeError: if the text is longer than the setting `max_characters`.
        """
        return self._substitution.read(self._draft(text))

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
        if len(text) > self.settings.max_characters:
            raise TooLargeError(
                f"it has {len(text):,} characters; the limit is {self.settings.max_characters:,} (setting max_characters)"
            )
        resources = self._resources
        return Draft(text, lambda: resources.nlp, self.settings.ignore, kind, resources.speller.knows)

    def _round(self, draft: Draft) -> tuple[Edit, ...]:
        """One round over a document: its edits, which are made."""
        before = draft.source
        draft.flags.clear()
        edits: tuple[Edit, ...] = ()
        for stage in self._stages:
            if found := draft.view.edits(stage(draft)):
                draft.source = replay(draft.source, found)
                edits = compose(edits, found, before)
        return edits


_worker: Despinner


def _start_worker(settings: Settings, lexicon: Lexicon | None, judges: Sequence[Judge] | None) -> None:
    global _worker  # noqa: PLW0603 - a worker process owns one Despinner for its life
    _worker = Despinner(settings, lexicon, judges)


def _restore_batch(texts: list[str], kind: str) -> list[Restoration]:
    return [_worker(text, kind) for text in texts]
