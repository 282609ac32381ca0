"""Dictionaries hold what spinners write, most usual first, from the lexicon or from WordNet."""

from pathlib import Path

from despin.lexicon.dictionary import Dictionary
from despin.lexicon.rows import Lexicon
from despin.lexicon.wordnet import Word, WordNet


def test_what_spinners_write_most_comes_first(tmp_path: Path) -> None:
    header = "spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\n"
    rows = "".join(f"{spun}\tNOUN\t{originals}\t\t\tsafe\t\t\n" for spun, originals in (("a", "x"), ("b", "y|x|z")))
    (tmp_path / "rows.tsv").write_text(header + rows)
    assert Dictionary.of_lexicon(Lexicon.read(tmp_path / "rows.tsv")).single["x", "NOUN"] == ["b", "a"]


def test_synonyms_come_before_words_of_wider_meaning() -> None:
    first, second = ("NOUN", "1"), ("NOUN", "2")
    wordnet = WordNet(
        [Word("big word", "NOUN", [first], True)],
        {first: ["big word", "long word"], second: ["thing"]},
        {first: [second], second: []},
    )
    assert Dictionary.of_wordnet(wordnet).phrases["big", "word"][0] == (("big", "word"), "NOUN", ["long word", "thing"])


def test_words_that_wordnet_never_counted_are_left_out() -> None:
    dog = ("NOUN", "1")
    words = [Word(lemma, "NOUN", [dog], lemma != "barker") for lemma in ("dog", "hound", "barker")]
    dictionary = Dictionary.of_wordnet(WordNet(words, {dog: ["dog", "hound", "barker"]}, {dog: []}))
    assert dictionary.single["dog", "NOUN"] == ["hound"]
    assert dictionary.single["barker", "NOUN"] == ["dog", "hound"]
