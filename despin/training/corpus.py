"""Prose to train on: tagged once, then spun anew at every reading, as word pieces with what stood at each place.

The first step is slow and its result is kept in a folder; the second is cheap enough to be done while a model trains, so that
no spin is seen twice. Beside them stand texts that something else has spun, or translated there and back, each change marked.
"""

from __future__ import annotations

import lzma
import zlib
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, count, islice
from typing import TYPE_CHECKING, NamedTuple

import spacy
from spacy.tokens import DocBin

from despin.document.morphology import lemma_of, pos_of
from despin.document.parsing import tag
from despin.errors import InputError
from despin.judge.encoder import BEGIN, END, MASK, WINDOW, known_as
from despin.lexicon.simulate import Spinner, SpunToken
from despin.marks import original_spans, original_text

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from spacy.language import Language
    from spacy.tokens import Span
    from spacy.vocab import Vocab

    from despin.judge.encoder import Pieces
    from despin.lexicon.dictionary import Dictionary

# A corpus' lines come in blocks of so many; one block in so many is kept for measuring.
_BLOCK, _KEPT, _WHICH = 200, 20, 7
# Tagged paragraphs are kept in files of so many.
SHARD = 10_000
_LONGEST = 3_000
# A quarter of the windows are clean; the rest are spun at one of these rates.
_CLEAN = 0.25
_RATES = (0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.9)
# A quarter of the windows are as short as short texts are; after so many of the paragraphs a window ends early.
_SHORT, _ENDS = 0.25, 0.08
_MASKED = 0.05
# So many wrong originals stand beside the right one, and so many places that stand as written are asked about at all.
_WRONG, _ASKED = 8, 0.5
_PER_SPUN = 30
# A lemma that prose has so often belongs to the vocabulary.
_USUAL = 40
_ARTICLES = frozenset({"a", "an"})
# Sentences of marked text with a longer change, or with more of their words changed, are left out: too little of them is sure.
_LONGEST_CHANGE, _MOST_CHANGED = 6, 0.6
_CHANGES = "changes"


def held_out(line: int) -> bool:
    """Whether a line of a corpus, by its number from 0, is kept out of training, so that figures can be taken on it."""
    return line // _BLOCK % _KEPT == _WHICH


def lines_of(corpus: Path, *, held: bool = False) -> Iterator[str]:
    """Yields the paragraphs of a corpus that are not held out, stripped; blank ones are left out.

    Args:
        corpus: a text file in UTF-8, plain or `.xz`, one paragraph a line.
        held: whether those that are held out are wanted instead.

    Raises:
        InputError: if it is not UTF-8.
    """
    with lzma.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".xz" else corpus.open(encoding="utf-8") as lines:
        try:
            for k, line in enumerate(lines):
                if held_out(k) == held and (stripped := line.strip()):
                    yield stripped
        except UnicodeDecodeError as error:
            raise InputError(f"{corpus}: is not UTF-8") from error


def documents(paragraphs: Iterable[str], length: int = 200) -> Iterator[str]:
    """Yields documents of so many words or a few more: consecutive paragraphs."""
    held: list[str] = []
    words = 0
    for paragraph in paragraphs:
        held.append(paragraph)
        words += len(paragraph.split())
        if words >= length:
            yield "\n\n".join(held)
            held, words = [], 0


class Sentence(NamedTuple):
    """A tagged sentence: words and marks, fine-grained tags, lemmas; what became of each, if that is known."""

    words: list[str]
    tags: list[str]
    lemmas: list[str]
    rewritten: list[SpunToken] | None = None


def prepare(nlp: Language, corpora: Sequence[Path], folder: Path, *, marked: bool = False) -> list[Path]:
    """Tags prose, one paragraph a line, and keeps it as spaCy's `DocBin` files of some 10,000 paragraphs.

    Files that are there are not made again, so that an interrupted run goes on where it stopped. Lines that are kept for
    measuring are left out (`held_out`); marked lines have the numbers of their originals'.

    Args:
        nlp: a spaCy pipeline of English that tags and cuts sentences.
        corpora: text files in UTF-8, plain or `.xz`.
        folder: where the files go.
        marked: whether the prose is spun and marked, as `despin.marks` reads it; the originals are tagged.

    Raises:
        InputError: if a corpus is not UTF-8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = []
    for corpus in corpora:
        # A marked line that is cut may end within a mark.
        wanted = (line[:_LONGEST] for line in lines_of(corpus) if not (marked and len(line) > _LONGEST))
        stat = corpus.stat()
        version = zlib.crc32(f"{corpus.resolve()} {stat.st_size} {stat.st_mtime_ns}".encode())
        for number in count():
            held = list(islice(wanted, SHARD))
            if not held:
                break
            shard = folder / f"{corpus.name.split('.')[0]}-{version:08x}-{number:03}.spacy"
            shards.append(shard)
            if shard.exists():
                continue
            docs = list(tag(nlp, ((original_text(line) if marked else line, False) for line in held)))
            if marked:
                for doc, gold in zip(docs, held, strict=True):
                    doc.user_data[_CHANGES] = [(start, end, site.spun) for start, end, site in original_spans(gold)]
            begun = shard.with_suffix(".part")
            DocBin(attrs=["TAG", "SENT_START"], docs=docs, store_user_data=marked).to_disk(begun)
            begun.rename(shard)
    return shards


def paragraphs(shard: Path, vocab: Vocab) -> Iterator[list[Sentence]]:
    """Yields what a file that `prepare` made holds, a list of sentences a paragraph."""
    for doc in DocBin().from_disk(shard).get_docs(vocab):
        changes = doc.user_data.get(_CHANGES)
        yield [sentence for sent in doc.sents if (sentence := _sentence(sent, changes))]


def vocabulary(shards: Iterable[Path], dictionary: Dictionary) -> list[str]:
    """Returns the lemmas that a model is to name, the commonest first: content words of the prose, and what a spinner's
    dictionary holds.

    Args:
        shards: files that `prepare` made.
        dictionary: its originals are named whether the prose has them or not.
    """
    vocab = spacy.blank("en").vocab
    named = {lemma for lemma, _ in dictionary.single} | set(dictionary.fixed)
    counts: Counter[str] = Counter()
    for shard in shards:
        for sentence in chain.from_iterable(paragraphs(shard, vocab)):
            tagged = zip(sentence.lemmas, sentence.tags, strict=True)
            counts.update(lemma for lemma, label in tagged if pos_of(label) and not label.startswith("NNP"))
    named.update(lemma for lemma, count in counts.items() if count >= _USUAL)
    return sorted(filter(str.isalpha, named), key=lambda lemma: (-counts[lemma], lemma))


@dataclass(slots=True)
class Example:
    """A window of text as a model reads it, with what was done to it; places are indices of its word pieces.

    Attributes:
        ids: its word pieces, begin and end marks included.
        words: start, end, and whether it was spun, of each word and each spun phrase.
        originals: start, end and original of each place that was spun or masked.
        choices: start, end, the words that stand there, candidates, and whether the first of them is the original (else
            the words stand as written).
    """

    ids: list[int]
    words: list[tuple[int, int, bool]] = field(default_factory=list)
    originals: list[tuple[int, int, str]] = field(default_factory=list)
    choices: list[tuple[int, int, str, list[str], bool]] = field(default_factory=list)

    def cut(self, length: int) -> None:
        """Drops what does not fit into so many pieces."""
        del self.ids[length:]
        self.words = [item for item in self.words if item[1] <= length]
        self.originals = [item for item in self.originals if item[1] <= length]
        self.choices = [item for item in self.choices if item[1] <= length]


class Simulator:
    """Makes examples of prose.

    Args:
        dictionaries: the spinners' dictionaries.
        vocabulary: the lemmas that the model can name.
        pieces: splits a word into the ids of its pieces.
    """

    def __init__(self, dictionaries: Sequence[Dictionary], vocabulary: Mapping[str, int], pieces: Pieces) -> None:
        self._dictionaries = dictionaries
        self._vocabulary = vocabulary
        self._pieces = pieces
        self._inverse = _inverse(dictionaries)

    def examples(self, source: Iterator[list[Sentence]], rng: random.Random) -> Iterator[Example]:
        """Yields one example a window of consecutive sentences, spun by a spinner of its own or as it was found."""
        for window in self._windows(source, rng):
            rate = 0.0 if rng.random() < _CLEAN else rng.choice(_RATES)
            yield self._example(window, Spinner(self._dictionaries, rng, rate), rng)

    def _windows(self, source: Iterator[list[Sentence]], rng: random.Random) -> Iterator[list[Sentence]]:
        window: list[Sentence] = []
        held, limit = 0, _length(rng)
        for paragraph in source:
            for sentence in paragraph:
                size = sum(len(self._pieces(word)) for word in sentence.words)
                if window and held + size > limit:
                    yield window
                    window, held, limit = [], 0, _length(rng)
                window.append(sentence)
                held += size
            if window and rng.random() < _ENDS:
                yield window
                window, held, limit = [], 0, _length(rng)
        if window:
            yield window

    def _example(self, window: Sequence[Sentence], spinner: Spinner, rng: random.Random) -> Example:
        example = Example([BEGIN])
        for sentence in window:
            for item in spinner.spin(*sentence[:3]) if sentence.rewritten is None else sentence.rewritten:
                if item.words:
                    spun = bool(item.original) and item.original not in _ARTICLES
                    self._add(example, item.words, sentence, item.first, item.original if spun else "", rng)
        example.cut(WINDOW - 1)
        example.ids.append(END)
        return example

    def _add(
        self, example: Example, words: Sequence[str], sentence: Sentence, first: int, original: str, rng: random.Random
    ) -> None:
        """Adds a word that stands as written, or a spun word or phrase with its original."""
        start = len(example.ids)
        tagged, lemma = sentence.tags[first], sentence.lemmas[first]
        judged = not tagged.startswith("NNP") and words[0][:1].isalpha()
        common = not original and judged and bool(pos_of(tagged)) and lemma in self._vocabulary
        if common and rng.random() < _MASKED:
            example.ids.append(MASK)
            example.originals.append((start, start + 1, lemma))
            return
        for word in words:
            at = len(example.ids)
            example.ids += self._pieces(word)
            if len(words) > 1 and judged and word[:1].isalpha():
                example.words.append((at, len(example.ids), bool(original)))
        end = len(example.ids)
        if not judged:
            return
        example.words.append((start, end, bool(original)))
        true = known_as(original, self._vocabulary) if original else ""
        stands = known_as(" ".join(words), self._vocabulary)
        if original:
            example.originals.append((start, end, true))
        elif rng.random() >= _ASKED:
            return
        wrong = [other for other in self._inverse.get(stands, ()) if other not in (true, stands)]
        if wrong or original:
            wrong = rng.sample(wrong, min(len(wrong), _WRONG))
            example.choices.append((start, end, stands, [true, *wrong] if original else wrong, bool(original)))


def _length(rng: random.Random) -> int:
    return rng.randrange(12, WINDOW) if rng.random() < _SHORT else WINDOW - 4


def _sentence(span: Span, changes: Sequence[tuple[int, int, str]] | None) -> Sentence | None:
    """A sentence with `n't` joined to its verb, as a model reads it; nothing if too little of what became of it is sure."""
    found = Sentence([], [], [])
    starts: list[int] = []
    ends: list[int] = []
    for token in span:
        if token.is_space:
            continue
        if found.words and token.lower_ in ("n't", "n’t"):
            found.words[-1] += token.text
            found.tags[-1] = "MD"
            ends[-1] += len(token)
            continue
        starts.append(token.idx)
        ends.append(token.idx + len(token))
        found.words.append(token.text)
        found.tags.append(token.tag_)
        found.lemmas.append(lemma_of(token.lower_, token.tag_))
    if changes is None:
        return found
    inside = [one for one in changes if one[0] < span.end_char and span.start_char < max(one[0] + 1, one[1])]
    rewritten = _rewritten(found, starts, ends, inside)
    return found._replace(rewritten=rewritten) if rewritten else None


def _rewritten(
    sentence: Sentence, starts: Sequence[int], ends: Sequence[int], changes: Sequence[tuple[int, int, str]]
) -> list[SpunToken] | None:
    """What became of a sentence's words; nothing if that is too much, or is not known of whole words."""
    found: list[SpunToken] = []
    at = changed = 0

    def stay(until: int) -> None:
        found.extend(SpunToken((sentence.words[k],), k, k + 1, "") for k in range(at, until))

    for a, b, spun in changes:
        first, last = bisect_right(starts, a) - 1, bisect_left(starts, b)
        words = tuple(spun.split())
        if not at <= first < last or max(last - first, len(words)) > _LONGEST_CHANGE:
            return None
        if starts[first] != a or ends[last - 1] != b:
            return None
        stay(first)
        is_verb_with_not = sentence.words[first].lower().endswith(("n't", "n’t"))
        alone = last == first + 1 and not is_verb_with_not
        lemma = sentence.lemmas[first] if alone else " ".join(sentence.words[first:last]).lower()
        found.append(SpunToken(words, first, last, lemma))
        changed += last - first
        at = last
    stay(len(starts))
    return found if changed <= _MOST_CHANGED * len(starts) else None


def _inverse(dictionaries: Sequence[Dictionary]) -> dict[str, list[str]]:
    """For what spinners write the originals that it may stand for, those first that have it early in their lists."""
    ranked: dict[str, dict[str, int]] = {}
    for dictionary in dictionaries:
        phrases = ((" ".join(parts), spun) for entry in dictionary.phrases.values() for parts, _, spun in entry)
        single = ((lemma, spun) for (lemma, _), spun in dictionary.single.items())
        for original, written in chain(single, dictionary.fixed.items(), phrases):
            for rank, spun in enumerate(written):
                known = ranked.setdefault(spun, {})
                known[original] = min(rank, known.get(original, rank))
    return {spun: sorted(known, key=lambda o: (known[o], o))[:_PER_SPUN] for spun, known in ranked.items()}
