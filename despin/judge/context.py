"""What spaCy sees at a site: pure functions of a `Doc` that tell evidence for or against a candidate.

Each function looks at one thing and returns a figure, 0 where it has nothing to say; the decision weighs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from despin.document.morphology import lemma_of, pos_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from spacy.tokens import Doc, Span

_SINGULAR = frozenset("a an this that each every another either neither one".split())
_PLURAL = frozenset("these those many few several both two three four five six seven eight nine ten".split())


def sentence_lemmas(sentence: Span) -> frozenset[str]:
    """Returns the lemmas and lower-case forms of a sentence's words."""
    return frozenset(form for token in sentence for form in (token.lower_, lemma_of(token.lower_, token.tag_)))


def depends_on(doc: Doc, start: int, end: int, lemmas: Collection[str]) -> bool:
    """Whether a span's head governs, or is governed by, a word with one of the lemmas.

    A preposition is looked through, so that "sense of neighborhood" joins its two nouns. The `Doc` must have been parsed.
    """
    root = doc[start:end].root
    linked = [root.head, *root.children]
    linked += [grand for token in linked if token.tag_ in ("IN", "TO", "RP") for grand in (token.head, *token.children)]
    return any(
        token.lower_ in lemmas or lemma_of(token.lower_, token.tag_) in lemmas for token in linked if not start <= token.i < end
    )


def number_clash(doc: Doc, start: int, tag: str) -> bool:
    """Whether a noun with a tag (`NN` or `NNS`) at a token would break with the determiner before it."""
    if tag not in ("NN", "NNS"):
        return False
    for i in range(start - 1, max(-1, start - 4), -1):
        token = doc[i]
        if token.lower_ in (_SINGULAR if tag == "NNS" else _PLURAL):
            return token.tag_ in ("DT", "PDT", "CD", "PRP", "JJ")
        if pos_of(token.tag_) not in ("ADJ", "ADV", "NOUN") or token.tag_.startswith("NNP"):
            return False
    return False


def class_clash(doc: Doc, start: int, end: int) -> bool:
    """Whether the words at a span break the grammar around them: a noun after a modal, a verb after an article.

    Spinners swap words without regard to their part of speech; what follows betrays it.
    """
    first, last = doc[start], doc[end - 1]
    before = doc[start - 1] if start else None
    after = doc[end] if end < len(doc) else None
    if before is not None:
        if before.tag_ in ("MD", "TO") and first.tag_ in ("NN", "NNS", "JJ", "VBZ", "VBN"):
            return True
        if before.tag_ == "DT" and first.tag_ in ("VB", "VBP", "VBZ", "MD"):
            return True
    if after is not None:
        return last.tag_ in ("VB", "VBP") and after.tag_ == "VBZ"
    return False


def elsewhere(words: Collection[str], counts: Mapping[str, int]) -> float:
    """How strongly an original's words stand elsewhere in the document: spinners leave traces.

    Args:
        words: the content words of the original that the spun words lack, as lemmas.
        counts: how often each lemma stands in the document.

    Returns:
        1.0 for one occurrence of the rarest of them up to 2.0 for many; 0.0 if one does not occur, or there are none.
    """
    fewest = min((counts.get(word, 0) for word in words), default=0)
    return 0.0 if fewest == 0 else min(2.0, 1.0 + (fewest - 1) / 4)


class Echo:
    """How the judge likes one replacement of the same spun words, in nats, wherever they stand in a document."""

    __slots__ = ("_total", "count")

    def __init__(self) -> None:
        self.count = 0
        self._total = 0.0

    def add(self, preference: float) -> None:
        """Adds the judge's preference at one more site."""
        self.count += 1
        self._total += _cut(preference)

    def without(self, own: float) -> float:
        """Returns the mean of the preferences but for one site's own, each cut off at 8 nats, shrunk towards 0 where they are
        few.
        """
        return (self._total - _cut(own)) / self.count


def _cut(nats: float) -> float:
    return max(-8.0, min(8.0, nats))
