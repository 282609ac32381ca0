"""Dictionaries hold what spinners write, most usual first, from the lexicon or from WordNet's files."""

from pathlib import Path

import pytest

from despin.errors import LexiconError
from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import Lexicon


def test_what_spinners_write_most_comes_first(tmp_path: Path) -> None:
    header = "spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\n"
    rows = "".join(f"{spun}\tNOUN\t{originals}\t\t\tsafe\t\t\n" for spun, originals in (("a", "x"), ("b", "y|x|z")))
    (tmp_path / "rows.tsv").write_text(header + rows)
    assert Dictionary.of_lexicon(Lexicon.read(tmp_path / "rows.tsv")).single["x", "NOUN"] == ["b", "a"]


def test_wordnets_files_are_read(tmp_path: Path) -> None:
    for name, pos in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        line = f"00000001 03 {pos} 02 big_word 0 long_word 0 001 @ 00000002 {pos} 0000 | a gloss\n"
        other = f"00000002 03 {pos} 01 thing 0 000 | a gloss\n"
        (tmp_path / f"data.{name}").write_text(f"  1 licence\n{line}{other}")
        (tmp_path / f"index.{name}").write_text(f"  1 licence\nbig_word {pos} 1 1 @ 1 0 00000001\n")
    assert Dictionary.of_wordnet(tmp_path).phrases["big", "word"][0] == (("big", "word"), "NOUN", ["long word", "thing"])


def test_words_that_wordnet_never_counted_are_left_out(tmp_path: Path) -> None:
    for name in ("noun", "verb", "adj", "adv"):
        (tmp_path / f"data.{name}").write_text("00000001 03 n 03 dog 0 hound 0 barker 0 000 | a gloss\n")
        index = "".join(f"{word} n 1 0 1 {count} 00000001\n" for word, count in (("dog", 1), ("hound", 1), ("barker", 0)))
        (tmp_path / f"index.{name}").write_text(index)
    assert Dictionary.of_wordnet(tmp_path).single["dog", "NOUN"] == ["hound"]
    assert Dictionary.of_wordnet(tmp_path).single["barker", "NOUN"] == ["dog", "hound"]


def test_missing_wordnet_files_are_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="no WordNet files"):
        Dictionary.of_wordnet(tmp_path)
