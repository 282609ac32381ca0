"""Spins clean text as article spinners do, every change marked: what models are trained on and figures are taken on.

A spinner looks words and phrases up in a dictionary of synonyms, blind to sense and often to part of speech, and puts one in
their place, more or less inflected. The dictionary here is the lexicon read forwards, and WordNet's synonyms where its
files are given. Each document has a spinner of its own: how much it changes, how far down its lists it goes, how often it
repeats itself, how badly it inflects.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from despin.document.morphology import lemma_of, pos_of
from despin.document.protection import protect
from despin.errors import LexiconError
from despin.lexicon.rows import head_of, words
from despin.realize import article, cased, inflected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from spacy.language import Language

    from despin.lexicon.rows import Lexicon

_LIGHT = frozenset({"be", "have", "do"})
_WORD = re.compile(r"[a-z][a-z' -]*")
# What a spinner that has just changed a word does to its rate: changes come in runs.
_AFTER, _ELSEWHERE = 1.6, 0.85


class Dictionary:
    """A spinner's dictionary: what it may write for each word or phrase, most usual first.

    Args:
        entries: (original, part of speech) → what is written instead; an empty part of speech means fixed text.
    """

    __slots__ = ("fixed", "phrases", "single")

    def __init__(self, entries: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.single: dict[tuple[str, str], list[str]] = {}
        self.fixed: dict[str, list[str]] = {}
        self.phrases: dict[str, list[tuple[tuple[str, ...], str, list[str]]]] = defaultdict(list)
        for (original, pos), spun in entries.items():
            parts = words(original)
            if len(parts) > 1:
                self.phrases[parts[0]].append((parts, pos, list(spun)))
            elif pos:
                self.single[parts[0], pos] = list(spun)
            else:
                self.fixed.setdefault(parts[0], []).extend(spun)
        for found in self.phrases.values():
            found.sort(key=lambda entry: -len(entry[0]))

    @classmethod
    def of_lexicon(cls, lexicon: Lexicon) -> Dictionary:
        """Reads a lexicon forwards; what stands first in its row comes first."""
        ranked: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
        for row in lexicon.rows:
            for rank, original in enumerate(row.originals):
                if original:
                    ranked[original.lower(), row.pos].append((rank, row.spun))
        return cls({key: list(dict.fromkeys(spun for _, spun in sorted(found))) for key, found in ranked.items()})

    @classmethod
    def of_wordnet(cls, folder: Path) -> Dictionary:
        """Reads WordNet's database files (`index.*`, `data.*`): synonyms sense by sense, then words of neighbouring senses.

        Args:
            folder: where the files lie, such as Debian's `wordnet-base` puts them. Source: Princeton WordNet 3.0/3.1.

        Raises:
            LexiconError: if they are not there.
        """
        if not (folder / "index.noun").is_file():
            raise LexiconError(f"{folder}: there are no WordNet files (index.noun, data.noun and so on).")
        members: dict[tuple[str, str], list[str]] = {}
        neighbours: dict[tuple[str, str], list[tuple[str, str]]] = {}
        files = {"n": "noun", "v": "verb", "a": "adj", "s": "adj", "r": "adv"}
        for name in ("noun", "verb", "adj", "adv"):
            for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
                if line.startswith(" "):
                    continue
                cells = line.split(" | ")[0].split()
                count = int(cells[3], 16)
                key = (name, cells[0])
                members[key] = [re.sub(r"\(.*\)", "", cells[4 + 2 * k]).replace("_", " ").lower() for k in range(count)]
                at = 5 + 2 * count
                neighbours[key] = [
                    (files[cells[at + 4 * k + 2]], cells[at + 4 * k + 1])
                    for k in range(int(cells[at - 1]))
                    if cells[at + 4 * k] in ("@", "&")
                ]
        entries: dict[tuple[str, str], list[str]] = {}
        for name, pos in (("noun", "NOUN"), ("verb", "VERB"), ("adj", "ADJ"), ("adv", "ADV")):
            for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
                if line.startswith(" "):
                    continue
                cells = line.split()
                lemma = cells[0].replace("_", " ")
                senses = [(name, offset) for offset in cells[-int(cells[2]) :]][:6]
                near = [word for sense in senses for word in members[sense]]
                far = [word for sense in senses for other in neighbours[sense] for word in members[other]][:4]
                found = [
                    word
                    for word in dict.fromkeys(near + far)
                    if _WORD.fullmatch(word) and len(word.split()) <= 3 and lemma not in (word, *word.split())
                ]
                if found and _WORD.fullmatch(lemma):
                    entries[lemma, pos] = found
        return cls(entries)


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
        rng: the source of its habits and its choices.
        rate: the share of the words it could change that it does change, 0 to 1.
    """

    def __init__(self, dictionaries: Sequence[Dictionary], rng: random.Random, rate: float) -> None:
        self._rng = rng
        self._rate = rate
        known = [dictionary for k, dictionary in enumerate(dictionaries) if rng.random() < (0.4 if k else 0.92)]
        known = known or [dictionaries[0]]
        if rng.random() < 0.3:
            rng.shuffle(known)
        self._known = known
        self._decay = rng.choice((0.2, 0.35, 0.5, 0.65, 0.85))
        self._wrong_pos = rng.choice((0.0, 0.05, 0.1, 0.25))
        self._uninflected = rng.choice((0.0, 0.0, 0.03, 0.1))
        self._function_words = rng.choice((0.0, 0.2, 0.6))
        self._loyalty = rng.random()
        self._habits: dict[object, str] = {}

    def spin(self, tokens: Sequence[str], tags: Sequence[str], lemmas: Sequence[str]) -> Iterator[SpunToken]:
        """Yields what becomes of each token of a sentence, in order.

        Args:
            tokens: the words and marks.
            tags: their fine-grained tags.
            lemmas: their lemmas.
        """
        low = [token.lower() for token in tokens]
        bases = [lemma.lower() for lemma in lemmas]
        at = 0
        rate = self._rate * _ELSEWHERE
        while at < len(tokens):
            change = None
            is_name = tags[at].startswith("NNP") or (at > 0 and tokens[at][:1].isupper())
            if tokens[at][:1].isalpha() and not is_name and self._rng.random() < min(0.9, rate):
                change = self._phrase(low, tags, bases, at) or self._word(low[at], tags[at], bases[at], at)
            if change and change.words != tuple(low[change.first : change.last]):
                rate = self._rate * _AFTER
                yield change
                at = change.last
            else:
                rate = self._rate * _ELSEWHERE
                yield SpunToken((tokens[at],), at, at + 1, "")
                at += 1

    def _phrase(self, low: list[str], tags: Sequence[str], bases: list[str], at: int) -> SpunToken | None:
        for dictionary in self._known:
            for key in dict.fromkeys((low[at], bases[at])):
                for parts, pos, spun in dictionary.phrases.get(key, ()):
                    end = at + len(parts)
                    head = head_of(parts, pos)
                    if end > len(low) or (head >= 0 and pos_of(tags[at + head]) != pos):
                        continue
                    same = all(low[at + k] == part or (k == head and bases[at + k] == part) for k, part in enumerate(parts))
                    if same and self._rng.random() < 0.8:
                        tag = tags[at + head] if head >= 0 else ""
                        return self._written(self._pick(spun, parts), pos, tag, at, end, " ".join(parts))
        return None

    def _word(self, low: str, tag: str, base: str, at: int) -> SpunToken | None:
        rng = self._rng
        pos = pos_of(tag)
        key, use = (base, pos), pos
        if pos and rng.random() < self._wrong_pos:
            others = [p for p in ("NOUN", "VERB", "ADJ", "ADV") if p != pos and any((low, p) in d.single for d in self._known)]
            if others:
                use = rng.choice(others)
                key = (low, use)
        spun = next((d.single[key] for d in self._known if key in d.single), None) if use else None
        fixed = [written for d in self._known for written in d.fixed.get(low, ())]
        content = bool(pos) and base not in _LIGHT
        if fixed and (spun is None or rng.random() < 0.25) and (content or rng.random() < self._function_words):
            return self._written(self._pick(fixed, low), "", "", at, at + 1, base)
        if spun and (content or rng.random() < 0.3 * self._function_words):
            return self._written(self._pick(spun, key), use, tag if use == pos else "", at, at + 1, base)
        return None

    def _pick(self, spun: Sequence[str], key: object) -> str:
        if key in self._habits and self._rng.random() < self._loyalty:
            return self._habits[key]
        picked = self._rng.choices(spun, [self._decay**rank for rank in range(len(spun))])[0]
        self._habits[key] = picked
        return picked

    def _written(self, spun: str, pos: str, tag: str, first: int, last: int, original: str) -> SpunToken:
        form = inflected(spun, pos, tag) if pos and tag and self._rng.random() >= self._uninflected else spun
        return SpunToken(tuple(form.split()), first, last, original)


@dataclass(frozen=True, slots=True)
class Simulation:
    """A spun text with its sites.

    Attributes:
        text: the spun text.
        gold: the same with every site marked, `{~~spun~>original~~}`, as `despin eval` reads it.
        sites: how many words or phrases were changed.
    """

    text: str
    gold: str
    sites: int


def simulate(text: str, nlp: Language, dictionaries: Sequence[Dictionary], *, rate: float, seed: int) -> Simulation:
    """Spins a clean text.

    Args:
        text: the text; what despin protects stays.
        nlp: a spaCy pipeline of English.
        dictionaries: where the spinner looks words up.
        rate: the share of the words it could change that it does change, 0 to 1.
        seed: the same seed gives the same text.
    """
    spinner = Spinner(dictionaries, random.Random(seed), rate)  # noqa: S311 - nothing secret
    protection = protect(text)
    doc = nlp(text)
    changes: list[tuple[int, int, str]] = []
    for sentence in doc.sents:
        tokens = [token for token in sentence if not token.is_space]
        spun = spinner.spin([t.text for t in tokens], [t.tag_ for t in tokens], [lemma_of(t.lower_, t.tag_) for t in tokens])
        for item in spun:
            start = tokens[item.first].idx
            end = tokens[item.last - 1].idx + len(tokens[item.last - 1])
            if item.original and item.words and not protection.touches(start, end):
                changes.append((start, end, cased(" ".join(item.words), text[start:end], False)))
    return _marked(text, _with_articles(text, changes))


def _with_articles(text: str, changes: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Takes the article before a changed word along, as better spinners do."""
    for start, end, spun in changes:
        before = re.search(r"\b(an?) $", text[max(0, start - 4) : start], re.IGNORECASE)
        if before and article(spun) != before[1].lower():
            begin = start - len(before[0])
            yield begin, end, f"{cased(article(spun), before[1][:1], False)} {spun}"
        else:
            yield start, end, spun


def _marked(text: str, changes: Iterable[tuple[int, int, str]]) -> Simulation:
    out: list[str] = []
    gold: list[str] = []
    at = count = 0
    for start, end, spun in changes:
        if start < at:
            continue
        out += text[at:start], spun
        gold += text[at:start], "{~~", spun, "~>", text[start:end], "~~}"
        at = end
        count += 1
    return Simulation("".join([*out, text[at:]]), "".join([*gold, text[at:]]), count)
