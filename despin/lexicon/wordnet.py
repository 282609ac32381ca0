"""Reads WordNet's database files: synsets, and the synsets of each word, the usual sense first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from despin.errors import LexiconError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

# A synset's part of speech and its place in the file.
Synset = tuple[str, str]
_FILES = {"NOUN": "noun", "VERB": "verb", "ADJ": "adj", "ADV": "adv"}
_TYPES = {"n": "NOUN", "v": "VERB", "a": "ADJ", "s": "ADJ", "r": "ADV"}
# Pointers to a hypernym, and to an adjective that is similar.
_WIDER = frozenset("@&")


class Word(NamedTuple):
    """A lemma of one part of speech, its synsets, the usual one first, and whether WordNet's counts know it."""

    lemma: str
    pos: str
    synsets: Sequence[Synset]
    counted: bool


@dataclass(frozen=True, slots=True)
class WordNet:
    """WordNet's words and synsets.

    Attributes:
        words: the words, in order of part of speech and lemma.
        members: the lemmas of each synset.
        wider: for each synset those of wider or similar meaning.
    """

    words: Sequence[Word]
    members: Mapping[Synset, Sequence[str]]
    wider: Mapping[Synset, Sequence[Synset]]

    @classmethod
    def read(cls, folder: Path) -> WordNet:
        """Reads the files `index.*` and `data.*`.

        Args:
            folder: where the files lie, such as Debian's `wordnet-base` puts them. Source: Princeton WordNet 3.0/3.1.

        Raises:
            LexiconError: if they are not there.
        """
        if not (folder / "index.noun").is_file():
            raise LexiconError(f"{folder}: there are no WordNet files (index.noun, data.noun and so on).")
        words: list[Word] = []
        members: dict[Synset, list[str]] = {}
        wider: dict[Synset, list[Synset]] = {}
        for pos, name in _FILES.items():
            for line in _lines(folder / f"data.{name}"):
                cells = line.split(" | ")[0].split()
                count = int(cells[3], 16)
                members[pos, cells[0]] = [
                    re.sub(r"\(.*\)", "", cells[4 + 2 * k]).replace("_", " ").lower() for k in range(count)
                ]
                at = 5 + 2 * count
                wider[pos, cells[0]] = [
                    (_TYPES[cells[at + 4 * k + 2]], cells[at + 4 * k + 1])
                    for k in range(int(cells[at - 1]))
                    if cells[at + 4 * k] in _WIDER
                ]
            for line in _lines(folder / f"index.{name}"):
                cells = line.split()
                count = int(cells[2])
                synsets = [(pos, offset) for offset in cells[-count:]]
                words.append(Word(cells[0].replace("_", " "), pos, synsets, cells[-count - 1] != "0"))
        return cls(words, members, wider)


def _lines(file: Path) -> list[str]:
    return [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith(" ")]
