"""Spins clean text as article spinners do, every change marked: what models are trained on and figures are taken on.

A spinner looks words and phrases up in a dictionary of synonyms, blind to sense and often to part of speech, and puts one in
their place, more or less inflected. The dictionary here is the lexicon read forwards, and WordNet's synonyms where its
files are given. Each document has a spinner of its own: how much it changes, how far down its lists it goes, how often it
repeats itself, how badly it inflects, whether it mends the articles before what it changed. How often it does what was
set by comparison with marked texts (`tests/benchmarks/simulation.py`).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from despin.document import morphology
from despin.document.blocks import blocks
from despin.document.morphology import lemma_of, pos_of
from despin.document.parsing import tag
from despin.document.protection import protect
from despin.lexicon.rows import head_of
from despin.marks import mark
from despin.realize import article, cased, inflected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from spacy.language import Language

    from despin.lexicon.dictionary import Dictionary

# Grammatical words so common that most spinners' dictionaries lack them.
_GRAMMATICAL = frozenset(
    "be have do can will would must and or but not so as if than then with in on at by for from to of up out about over into "
    "too very just only even more such other this that these those who which what there here now well".split()
)
# Light verbs and nouns of time, which they change half as often as others.
_LIGHT = frozenset(
    "get go know say think see take make come give use ask leave pay time day week month year hour thing".split()
)
_ARTICLES = ("a", "an")
# Comparatives that no ending makes: what stands for them is not inflected.
_COMPARED = frozenset({"more", "most", "less", "least"})
_DEGREE = {"JJR": "more", "RBR": "more", "JJS": "most", "RBS": "most"}
# A spinner that has just changed a word changes the next one a little less often than others.
_AFTER = 0.8


@dataclass(frozen=True, slots=True)
class SpunToken:
    """What became of a token or phrase.

    Attributes:
        words: the words that stand there now.
        first: index of the first original token.
        last: index after the last.
        original: the dictionary's entry that was looked up, a lemma or phrase; empty where nothing changed.
    """

    words: tuple[str, ...]
    first: int
    last: int
    original: str


class Spinner:
    """One document's spinner.

    Args:
        dictionaries: where it looks words up, the chief one first; it knows some of them.
        rng: the source of its choices.
        rate: the share of the words it could change that it does change, 0 to 1; keywords and common words are changed less.
        tool: the source of its habits, which spinners may share; that of its choices if None.
    """

    def __init__(
        self, dictionaries: Sequence[Dictionary], rng: random.Random, rate: float, tool: random.Random | None = None
    ) -> None:
        self._rng = rng
        self._rate = rate
        rng = tool or rng
        known = [dictionary for k, dictionary in enumerate(dictionaries) if rng.random() < (0.4 if k else 0.92)]
        known = known or [dictionaries[0]]
        if rng.random() < 0.3:
            rng.shuffle(known)
        self._known = known
        self._decay = rng.choice((0.2, 0.35, 0.5, 0.65, 0.85))
        self._wordy = rng.choice((0.05, 0.2, 0.5, 1.0))
        self._phrases = rng.choice((0.15, 0.3, 0.5, 0.8))
        self._misread = rng.choice((0.0, 0.05, 0.1, 0.25))
        self._uninflected = rng.choice((0.0, 0.0, 0.03, 0.08))
        self._misinflected = rng.choice((0.0, 0.1, 0.4))
        self._particles_dropped = rng.choice((0.0, 0.0, 0.1, 0.3))
        self._articles_left = rng.choice((0.0, 0.0, 0.0, 0.0, 0.1, 1.0))
        self._grammatical = rng.choice((0.0, 0.05, 0.2))
        self._connectives = rng.choice((0.2, 0.4, 0.7))
        self._loyalty = rng.random() ** 0.5
        self._steadiness = rng.random()
        self._keywords = rng.choice((0.0, 0.1, 0.2, 0.4))
        self._draws: dict[str, float] = {}
        self._habits: dict[tuple[tuple[str, ...], str], str] = {}

    def spin(self, tokens: Sequence[str], tags: Sequence[str], lemmas: Sequence[str]) -> Iterator[SpunToken]:
        """Yields what becomes of each token of a sentence, in order.

        An indefinite article that was put right for the changed word after it is a change of its own, whose `original` is
        the article; most spinners make it, some leave the article wrong.

        Args:
            tokens: the words and marks.
            tags: their fine-grained tags.
            lemmas: their lemmas.
        """
        low = [token.lower() for token in tokens]
        bases = [lemma.lower() for lemma in lemmas]
        at = 0
        rate = self._rate
        article_at = -1
        while at < len(tokens):
            change = None
            is_name = tags[at].startswith("NNP") or (at > 0 and tokens[at][:1].isupper())
            share = min(0.9, rate) * (0.5 if bases[at] in _LIGHT else 1)
            if tokens[at][:1].isalpha() and not is_name and self._draw(bases[at], tags[at]) < share:
                change = (
                    self._phrase(low, tags, bases, at)
                    or self._without_particle(low, tags, bases, at)
                    or self._word(low[at], tags[at], bases[at], at)
                )
            if change and change.words == tuple(low[change.first : change.last]):
                change = None
            if article_at >= 0:
                yield self._article(tokens, article_at, change)
                article_at = -1
            if change:
                yield change
            elif low[at] in _ARTICLES:
                article_at = at
            else:
                yield SpunToken((tokens[at],), at, at + 1, "")
            rate = self._rate * (_AFTER if change else 1)
            at = change.last if change else at + 1
        if article_at >= 0:
            yield self._article(tokens, article_at, None)

    def _draw(self, base: str, tag: str) -> float:
        """What decides whether a word is changed, 0 to 1: often the same as the last time that it came, 1 for a keyword."""
        drawn = self._draws.get(base)
        if drawn is None or (drawn < 1 and self._rng.random() >= self._steadiness):
            # Spinners can be told which words to keep: those that the article is to be found by.
            keyword = drawn is None and pos_of(tag) == "NOUN" and self._rng.random() < self._keywords
            drawn = self._draws[base] = 1.0 if keyword else self._rng.random()
        return drawn

    def _article(self, tokens: Sequence[str], at: int, change: SpunToken | None) -> SpunToken:
        if change and (right := article(change.words[0])) != tokens[at].lower() and self._rng.random() >= self._articles_left:
            return SpunToken((right,), at, at + 1, tokens[at].lower())
        return SpunToken((tokens[at],), at, at + 1, "")

    def _phrase(self, low: list[str], tags: Sequence[str], bases: list[str], at: int) -> SpunToken | None:
        if at + 1 == len(low):
            return None
        begins = dict.fromkeys((one, two) for one in (low[at], bases[at]) for two in (low[at + 1], bases[at + 1]))
        for dictionary in self._known:
            for begin in begins:
                for parts, pos, spun in dictionary.phrases.get(begin, ()):
                    end = at + len(parts)
                    head = head_of(parts, pos)
                    if end > len(low) or (head >= 0 and pos_of(tags[at + head]) != pos):
                        continue
                    same = all(low[at + k] == part or (k == head and bases[at + k] == part) for k, part in enumerate(parts))
                    if same and self._rng.random() < self._phrases:
                        tag = tags[at + head] if head >= 0 else ""
                        return self._written(self._pick(spun, parts, pos), pos, tag, at, end, " ".join(parts))
        return None

    def _without_particle(self, low: list[str], tags: Sequence[str], bases: list[str], at: int) -> SpunToken | None:
        """A phrasal verb that loses its particle, "open up" that becomes "open"."""
        phrasal = tags[at].startswith("VB") and at + 1 < len(tags) and tags[at + 1] == "RP"
        if phrasal and self._rng.random() < self._particles_dropped:
            return SpunToken((low[at],), at, at + 2, f"{bases[at]} {low[at + 1]}")
        return None

    def _word(self, low: str, tag: str, base: str, at: int) -> SpunToken | None:
        rng = self._rng
        pos = pos_of(tag)
        key = (base, pos)
        if rng.random() >= (self._grammatical if base in _GRAMMATICAL else 1 if pos else self._connectives):
            return None
        if pos and rng.random() < self._misread:
            others = [
                (lemma, other)
                for other, found in morphology.lemmas(low).items()
                for lemma in found
                if other != pos and any((lemma, other) in dictionary.single for dictionary in self._known)
            ]
            if others:
                key = rng.choice(others)
        spun = next((d.single[key] for d in self._known if key in d.single), None) if pos else None
        fixed = [written for d in self._known for written in d.fixed.get(low, ())]
        if fixed and (spun is None or rng.random() < 0.25):
            return self._written(self._pick(fixed, (low,), ""), "", "", at, at + 1, base)
        if spun:
            if low in _COMPARED:
                tag = ""
            elif key != (base, pos) or rng.random() < self._misinflected:
                # Without the tag, the form is all that tells how it is inflected.
                tag = rng.choice(morphology.tags(low, *key) or (tag if key[1] == pos else "",))
            return self._written(self._pick(spun, key[:1], key[1]), key[1], tag, at, at + 1, base)
        return None

    def _pick(self, spun: Sequence[str], key: tuple[str, ...], pos: str) -> str:
        if (key, pos) in self._habits and self._rng.random() < self._loyalty:
            return self._habits[key, pos]
        # A word for a phrase, or a phrase for a word, is rarer than like for like.
        is_phrase = len(key) > 1
        weights = [self._decay**k * (1 if (" " in new) == is_phrase else self._wordy) for k, new in enumerate(spun)]
        picked = self._rng.choices(spun, weights)[0]
        self._habits[key, pos] = picked
        return picked

    def _written(self, spun: str, pos: str, tag: str, first: int, last: int, original: str) -> SpunToken:
        form = spun
        if pos and tag and self._rng.random() >= self._uninflected:
            periphrastic = tag in _DEGREE and " " not in spun and self._rng.random() < self._misinflected
            form = f"{_DEGREE[tag]} {spun}" if periphrastic else inflected(spun, pos, tag)
        return SpunToken(tuple(form.split()), first, last, original)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A spun text with its sites.

    Attributes:
        text: the spun text.
        gold: the same with every site marked, as `despin.marks` has it.
    """

    text: str
    gold: str


def simulate(
    text: str, nlp: Language, dictionaries: Sequence[Dictionary], *, rate: float, seed: int, tool: int | None = None
) -> Simulation:
    """Spins a clean text.

    Args:
        text: the text; what despin protects stays.
        nlp: a spaCy pipeline of English.
        dictionaries: where the spinner looks words up.
        rate: the share of the words it could change that it does change, 0 to 1.
        seed: the same seed gives the same text.
        tool: spinners of the same number have the same habits, as the runs of one program on one text; each its own if None.
    """
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    spinner = Spinner(dictionaries, rng, rate, None if tool is None else random.Random(tool))  # noqa: S311
    protection = protect(text)
    cut = list(blocks(text))
    changes: list[tuple[int, int, str]] = []
    for block, doc in zip(cut, tag(nlp, ((text[b.start : b.end], b.capitals) for b in cut)), strict=True):
        for sentence in doc.sents:
            tokens = [token for token in sentence if not token.is_space]
            lemmas = [lemma_of(token.lower_, token.tag_) for token in tokens]
            spun = spinner.spin([token.text for token in tokens], [token.tag_ for token in tokens], lemmas)
            for first, last, now in _with_articles(spun):
                start = block.start + tokens[first].idx
                end = block.start + tokens[last - 1].idx + len(tokens[last - 1])
                if not protection.touches(start, end):
                    changes.append((start, end, cased(now, text[start:end], block.capitals)))
    return Simulation(*mark(text, changes))


def _with_articles(spun: Iterable[SpunToken]) -> Iterator[tuple[int, int, str]]:
    """Yields the changes as first token, index after the last, words; articles put right go with what they stand before."""
    article_at = None
    for item in spun:
        if item.original in _ARTICLES and item.words in (("a",), ("an",)):
            article_at = item
        elif item.original:
            both = (*article_at.words, *item.words) if article_at else item.words
            yield (article_at or item).first, item.last, " ".join(both)
            article_at = None
