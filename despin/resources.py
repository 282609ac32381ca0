"""What is loaded once and serves every document: spaCy's model, the lexicon, the judges."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from despin.document.parsing import load_model
from despin.judge.encoder import EncoderJudge
from despin.judge.ngrams import ProseJudge, TrigramJudge
from despin.lexicon.rows import Lexicon
from despin.lexicon.screen import Screen
from despin.settings import DEEP, ENCODER, Settings
from despin.spelling import Speller

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from spacy.language import Language

    from despin.judge.base import Judge, Scorer


class Resources:
    """What the stages share, each part loaded when it is first needed.

    Args:
        settings: the dials.
        lexicon: the rows to apply; the packaged lexicon if None.
        judges: the language models that judge candidates, the first of which screens documents for the others; the packaged
            ones if None.
        nlp: a spaCy pipeline of English with tagger and parser; the installed small model if None.
        progress: called, while the deep judge reads, with the number of readings that it has scored and of all.
        threads: in so many threads the encoder reads; as many as there are cores if None.
    """

    def __init__(
        self,
        settings: Settings,
        lexicon: Lexicon | None = None,
        judges: Sequence[Judge] | None = None,
        nlp: Language | None = None,
        progress: Callable[[int, int], None] | None = None,
        threads: int | None = None,
    ) -> None:
        self.given = (lexicon, judges, nlp)
        self._threads = threads
        self._settings = settings
        self._progress = progress

    @cached_property
    def lexicon(self) -> Lexicon:
        """The rows that are applied."""
        return self.given[0] or Lexicon.load()

    @cached_property
    def judges(self) -> Sequence[Judge]:
        """The language models that judge candidates."""
        return self.given[1] or (*self.local_judges, EncoderJudge(threads=self._threads))

    @cached_property
    def local_judges(self) -> Sequence[Judge]:
        """Those of them that read a few words around a place only, loaded without the others."""
        return [judge for judge in self.given[1] if judge.local] if self.given[1] else (self.first_judge, ProseJudge())

    @cached_property
    def first_judge(self) -> Judge:
        """The first of the judges, loaded without the others."""
        return self.given[1][0] if self.given[1] else TrigramJudge()

    @cached_property
    def screen(self) -> Screen:
        """What tells which documents are worth more than a quick look."""
        return Screen.load(self.lexicon)

    @cached_property
    def speller(self) -> Speller:
        """What tells words from garbled ones."""
        return Speller(self.lexicon)

    @cached_property
    def reviewer(self) -> Scorer | None:
        """The deep judge, if the settings ask for it."""
        if self._settings.judge == ENCODER:
            return None
        from despin.judge.deep import DeepJudge  # for those who installed it

        return DeepJudge(None if self._settings.judge == DEEP else Path(self._settings.judge), self._progress)

    @cached_property
    def nlp(self) -> Language:
        """The spaCy pipeline that tags and parses."""
        return self.given[2] or load_model()
