"""A spinner's dictionary: what it may write for each word or phrase, from the lexicon read forwards or from WordNet."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from despin.errors import LexiconError
from despin.lexicon.rows import words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from despin.lexicon.rows import Lexicon

_WORD = re.compile(r"[a-z][a-z' -]*")
_POS = ("NOUN", "VERB", "ADJ", "ADV")


class Dictionary:
    """What a spinner may write for each word or phrase, most usual first.

    Args:
        entries: (original, part of speech) → what is written instead; an empty part of speech means fixed text.
    """

    __slots__ = ("fixed", "phrases", "single")

    def __init__(self, entries: Mapping[tuple[str, str], Sequence[str]]) -> None:
        self.single: dict[tuple[str, str], list[str]] = {}
        self.fixed: dict[str, list[str]] = {}
        # By their first two words.
        self.phrases: dict[tuple[str, str], list[tuple[tuple[str, ...], str, list[str]]]] = defaultdict(list)
        for (original, pos), spun in entries.items():
            parts = words(original)
            if len(parts) > 1:
                self.phrases[parts[0], parts[1]].append((parts, pos, list(spun)))
            elif pos:
                self.single[parts[0], pos] = list(spun)
            else:
                self.fixed.setdefault(parts[0], []).extend(spun)
        for found in self.phrases.values():
            found.sort(key=lambda entry: -len(entry[0]))

    @classmethod
    def of_lexicon(cls, lexicon: Lexicon) -> Dictionary:
        """Reads a lexicon forwards; first comes what spinners write for the most words, as spinners prefer it."""
        ranked: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        usual = Counter(row.spun for row in lexicon.rows for _ in row.originals)
        for row in lexicon.rows:
            for rank, original in enumerate(row.originals):
                if original:
                    ranked[original.lower(), row.pos].append((-usual[row.spun], rank, row.spun))
        return cls({key: list(dict.fromkeys(spun for _, _, spun in sorted(found))) for key, found in ranked.items()})

    @classmethod
    def of_wordnet(cls, folder: Path) -> Dictionary:
        """Reads WordNet's database files (`index.*`, `data.*`): synonyms sense by sense, then words of neighbouring senses.

        Where WordNet's counts know some of the words, those that they lack, which are rare, are left out.

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
        index = [
            (pos, name, line.split())
            for name, pos in zip(("noun", "verb", "adj", "adv"), _POS, strict=True)
            for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines()
            if not line.startswith(" ")
        ]
        counted = {cells[0].replace("_", " ") for _, _, cells in index if cells[-int(cells[2]) - 1] != "0"}
        entries: dict[tuple[str, str], list[str]] = {}
        for pos, name, cells in index:
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
                entries[lemma, pos] = [word for word in found if word in counted] or found
        return cls(entries)
