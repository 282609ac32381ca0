"""WordNet's files are read as they are written."""

from pathlib import Path

import pytest

from despin.errors import LexiconError
from despin.lexicon.wordnet import Word, WordNet


def test_words_and_synsets_are_read(tmp_path: Path) -> None:
    for name, pos in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        line = f"00000001 03 {pos} 02 big_word 0 Long_word(p) 0 002 @ 00000002 {pos} 0000 ! 00000003 {pos} 0000 | a gloss\n"
        other = f"00000002 03 {pos} 01 thing 0 000 | a gloss\n"
        (tmp_path / f"data.{name}").write_text(f"  1 licence\n{line}{other}")
        (tmp_path / f"index.{name}").write_text(
            f"  1 licence\nbig_word {pos} 2 1 @ 2 0 00000001 00000002\nthing {pos} 1 0 1 1 00000002\n"
        )
    wordnet = WordNet.read(tmp_path)
    first, second = ("VERB", "00000001"), ("VERB", "00000002")
    assert [word for word in wordnet.words if word.pos == "VERB"] == [
        Word("big word", "VERB", [first, second], False),
        Word("thing", "VERB", [second], True),
    ]
    assert wordnet.members[first] == ["big word", "long word"]
    assert (wordnet.wider[first], wordnet.wider[second]) == ([second], [])


def test_missing_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no WordNet files"):
        WordNet.read(tmp_path)
