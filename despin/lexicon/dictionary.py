"""A spinner's dictionary: what it may write for each word or phrase, from the lexicon read forwards or from WordNet."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from despin.lexicon.rows import GENERATED, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from despin.lexicon.rows import Lexicon
    from despin.lexicon.wordnet import WordNet

_WORD = re.compile(r"[a-z][a-z' -]*")
# Of a WordNet word so many senses are taken, so many words of neighbouring ones, and phrases of so many words at most.
_SENSES, _FAR, _LONGEST = 6, 4, 3


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
        """Reads a lexicon's rows forwards, but for generated ones; first comes what spinners write for the most words, as
        spinners prefer it.
        """
        ranked: dict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
        rows = [row for row in lexicon.rows if row.tier != GENERATED]
        usual = Counter(row.spun for row in rows for _ in row.originals)
        for row in rows:
            for rank, original in enumerate(row.originals):
                if original:
                    ranked[original.lower(), row.pos].append((-usual[row.spun], rank, row.spun))
        return cls({key: list(dict.fromkeys(spun for _, _, spun in sorted(found))) for key, found in ranked.items()})

    @classmethod
    def of_pairs(cls, lexicon: Lexicon) -> Dictionary:
        """Reads the single words of a lexicon's tier `thesaurus` as a thesaurus, in both directions."""
        entries: dict[tuple[str, str], list[str]] = defaultdict(list)
        for row in lexicon.rows:
            if row.tier == "thesaurus" and row.pos and " " not in row.spun:
                for original in row.originals:
                    if original and " " not in original:
                        entries[original.lower(), row.pos].append(row.spun)
                        entries[row.spun, row.pos].append(original.lower())
        return cls({key: list(dict.fromkeys(words)) for key, words in entries.items()})

    @classmethod
    def of_wordnet(cls, wordnet: WordNet) -> Dictionary:
        """Reads synonyms sense by sense, then words of neighbouring senses.

        Where WordNet's counts know some of the words, those that they lack, which are rare, are left out.
        """
        counted = {word.lemma for word in wordnet.words if word.counted}
        entries: dict[tuple[str, str], list[str]] = {}
        for lemma, pos, synsets, _ in wordnet.words:
            senses = synsets[:_SENSES]
            near = [word for sense in senses for word in wordnet.members[sense]]
            far = [word for sense in senses for other in wordnet.wider[sense] for word in wordnet.members[other]][:_FAR]
            found = [
                word
                for word in dict.fromkeys(near + far)
                if _WORD.fullmatch(word) and len(word.split()) <= _LONGEST and lemma not in (word, *word.split())
            ]
            if found and _WORD.fullmatch(lemma):
                entries[lemma, pos] = [word for word in found if word in counted] or found
        return cls(entries)
