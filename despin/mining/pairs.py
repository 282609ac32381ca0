"""Learns from texts that differ only where they were spun: spun texts and their originals, and copies of one article."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from despin.consensus.alignment import Copy, differing
from despin.consensus.words import WordReader
from despin.document.morphology import lemmas, pos_of, tags
from despin.lexicon.alignment import Difference, differences
from despin.mining.entries import Entry, entry, words_in
from despin.mining.findings import Sighting, entries_of, example_of
from despin.mining.tagged import tag_texts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Span

    from despin.consensus.words import Word
    from despin.document.tagged import TaggedBlock
    from despin.lexicon.rows import Lexicon
    from despin.mining.tagged import TaggedText


class Swap(NamedTuple):
    """Words of a spun text, and those that stand in their place in another.

    Attributes:
        block: the block that the spun words stand in.
        spun: the spun words.
        other: the block that the original stands in.
        original: the words in their place.
        text: the number of the text that holds the original.
    """

    block: TaggedBlock
    spun: Span
    other: TaggedBlock
    original: Span
    text: int


def learn(nlp: Language, pairs: Sequence[tuple[str, str]], lexicon: Lexicon) -> list[Sighting]:
    """Returns what texts and their originals teach.

    Args:
        nlp: a spaCy pipeline of English.
        pairs: originals, each with what a spinner made of it.
        lexicon: what is known, which tells how neighbours that were swapped belong together.

    Raises:
        InputError: if a pair is too long to be compared.
    """
    tagged = tag_texts(nlp, (text for pair in pairs for text in pair))
    swaps = []
    for number, _ in enumerate(pairs):
        one, other = next(tagged), next(tagged)
        swaps += _swaps(one, other, number, number, differences(one.text, other.text))[0]
    return list(sightings(nlp, swaps, lexicon))


def learn_from_copies(nlp: Language, copies: Sequence[str], lexicon: Lexicon) -> list[Sighting]:
    """Returns what spun copies of one article teach: where two differ, the words of each may be the other's original.

    A pair is seen once in every copy that holds the original at a place, so that of two directions the likelier comes first: a
    spinner that changes less than half of the words leaves more copies with the original than with any one spun word.

    Args:
        nlp: a spaCy pipeline of English.
        copies: two copies or more, whose sentences may stand in any order.
        lexicon: as for `learn`; it also tells which words of two copies belong together.
    """
    reader = WordReader(lexicon)
    numbered = enumerate(tag_texts(nlp, copies))
    swaps = [
        swap
        for (i, one), (k, other) in combinations(numbered, 2)
        for way in _swaps(one, other, i, k, _differences(one, other, reader))
        for swap in way
    ]
    return list(sightings(nlp, swaps, lexicon))


def sightings(nlp: Language, swaps: Iterable[Swap], lexicon: Lexicon) -> Iterator[Sighting]:
    """Yields what swaps teach, each place of an original once.

    Neighbours that were all swapped look like one phrase for another. They are taken apart, word by word, where one of them
    is known to the lexicon, or was swapped alone elsewhere. A word that spaCy tags unlike its original, as it may in spun
    text, counts as the lemma that is known, or was found elsewhere, if there is one.

    Args:
        nlp: a spaCy pipeline of English.
        swaps: the swaps.
        lexicon: what is known.
    """
    read = [(swap, entry(nlp, swap.spun, swap.original)) for swap in swaps]
    single = {found for swap, found in read if found and len(words_in(swap.spun)) == 1}
    known = entries_of(lexicon) | single
    either_way = known | {one.reversed() for one in known}
    for swap, found in read:
        parts = [(part, entry(nlp, part.spun, part.original)) for part in _apart(swap)]
        taught = parts if any(one in either_way for _, one in parts) else [(swap, found)]
        for part, one in taught:
            if one:
                example = example_of(part.block, part.spun, part.original.text)
                yield Sighting(_as_known(one, known), part.text, part.other.start + part.original.start_char, example)


def _differences(one: TaggedText, other: TaggedText, reader: WordReader) -> Iterator[Difference]:
    """Where a text differs from a copy of it, which may have its sentences elsewhere."""
    copy = Copy(words for block in other.blocks for words in reader.sentences(block.doc, block.mask))
    starts = {id(block.doc): block.start for block in (*one.blocks, *other.blocks)}

    def span(words: Sequence[Word]) -> tuple[int, int]:
        first, last = words[0].token, words[-1].token
        return starts[id(first.doc)] + first.idx, starts[id(last.doc)] + last.idx + len(last)

    for block in one.blocks:
        for aligned in filter(None, map(copy.align, reader.sentences(block.doc, block.mask))):
            for start, end in differing(aligned):
                if others := aligned.across(start, end):
                    yield Difference(*span(aligned.words[start:end]), *span(others))


def _swaps(
    one: TaggedText, other: TaggedText, number: int, other_number: int, found_differences: Iterable[Difference]
) -> tuple[list[Swap], list[Swap]]:
    """Where two texts differ, the first one's words as the originals, and the other one's."""
    ways: tuple[list[Swap], list[Swap]] = ([], [])
    for start, end, other_start, other_end in found_differences:
        found, opposite = one.find(start, end), other.find(other_start, other_end)
        if found and opposite:
            ways[0].append(Swap(*opposite, *found, number))
            ways[1].append(Swap(*found, *opposite, other_number))
    return ways


def _as_known(found: Entry, known: Container[Entry]) -> Entry:
    """An entry of fixed text, if both sides are one word, as the known entry of lemmas that it is a form of."""
    if found.pos:
        return found
    pairs = (
        (Entry(lemma, pos, other), pos)
        for pos, values in lemmas(found.spun).items()
        for lemma in values
        for other in lemmas(found.original).get(pos, ())
    )
    for one, pos in pairs:
        if one in known and {*tags(found.spun, one.spun, pos)} & {*tags(found.original, one.original, pos)}:
            return one
    return found


def _apart(swap: Swap) -> list[Swap]:
    """A swap word by word, if it has as many words on both sides, more than one, which agree in part of speech."""
    spun, original = words_in(swap.spun), words_in(swap.original)
    if len(spun) != len(original) or len(spun) == 1:
        return []
    pairs = list(zip(spun, original, strict=True))
    if any(pos_of(a.tag_) != pos_of(b.tag_) for a, b in pairs):
        return []
    return [swap._replace(spun=a.doc[a.i : a.i + 1], original=b.doc[b.i : b.i + 1]) for a, b in pairs if a.lower_ != b.lower_]
