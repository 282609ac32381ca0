"""Repairs what is wrong in any English sentence: words that stand twice, articles before the wrong sound, comparatives built
twice. It comes last, since what other stages put in may cause it as well as what a spinner did.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from despin.document.morphology import with_lemmas
from despin.grammar.articles import articles
from despin.grammar.comparison import comparatives
from despin.grammar.repetition import repetitions
from despin.grammar.words import Words
from despin.restoration import Edit, Evidence
from despin.settings import GRAMMAR

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.document.blocks import Block
    from despin.draft import Draft
    from despin.grammar.words import Slip
    from despin.judge.base import Scorer
    from despin.resources import Resources
    from despin.settings import Settings


class Grammar:
    """The stage that repairs grammar.

    Args:
        settings: the dials.
        resources: the judges.
    """

    name = GRAMMAR

    def __init__(self, settings: Settings, resources: Resources) -> None:
        self._settings = settings
        self._resources = resources

    def __call__(self, draft: Draft) -> list[Edit]:
        """See `Stage`."""
        rate = draft.spin_rate if self._settings.spin_rate is None else self._settings.spin_rate
        spun = rate is not None and rate >= self._settings.gate
        return [edit for piece in draft.pieces() for block in piece for edit in self._edits(draft, block, spun)]

    def _edits(self, draft: Draft, block: Block, spun: bool) -> Iterator[Edit]:
        text = draft.text[block.start : block.end]
        words = Words(text, lambda: draft.tagged([block])[0][0])
        slips = [*repetitions(words, spun), *articles(words, self._is_known if spun else _never), *comparatives(words, spun)]
        at = 0
        for slip in sorted(slips, key=lambda slip: (slip.start, -slip.end)):
            start, end = words.spans[slip.start][0], words.spans[slip.end - 1][1]
            if start < at or draft.protection.touches(block.start + start, block.start + end):
                continue
            if self._is_masked(draft, block, start, end) or not self._is_better(words, slip):
                continue
            spans = block.start + start, block.start + end
            yield Edit(
                *spans, text[start:end], slip.original, slip.confidence, (), (Evidence(slip.reason, 0.0),), stage=GRAMMAR
            )
            at = end

    def _is_masked(self, draft: Draft, block: Block, start: int, end: int) -> bool:
        """Whether a character's word may not be changed: a name, or a word to ignore."""
        doc, mask = draft.tagged([block])[0]
        return any(mask[token.i] for token in doc if token.idx < end and start < token.idx + len(token))

    def _is_known(self, word: str) -> bool:
        """Whether the lexicon knows a word, in one of its forms, as spinners' output."""
        return any(map(self._resources.lexicon.beginning, with_lemmas(word)))

    def _is_better(self, words: Words, slip: Slip) -> bool:
        """Whether the judges that look at near words prefer a repair, by as much as it asks for."""
        total = 0.0
        for judge in chain((self._resources.first_judge,), self._further()):
            nats = min(words.preferences(slip, judge))
            if nats < slip.least:
                return False
            total += nats
        return total >= slip.margin

    def _further(self) -> Iterator[Scorer]:
        yield from (judge for judge in self._resources.judges[1:] if judge.local)


def _never(word: str) -> bool:  # noqa: ARG001 - as in a document that was not spun
    return False
