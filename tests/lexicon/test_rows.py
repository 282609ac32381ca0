"""Lexicon files are read strictly, and written as they were read."""

from pathlib import Path

import pytest

from despin.errors import LexiconError
from despin.lexicon.rows import COLUMNS, Lexicon, head_of, packaged_files, words, write

HEADER = "\t".join(COLUMNS) + "\n"


def test_the_packaged_lexicon_is_written_as_it_stands() -> None:
    for path in packaged_files():
        assert write(Lexicon.read(path).rows) == path.read_text(encoding="utf-8")


def test_the_packaged_lexicon_is_broad() -> None:
    rows = Lexicon.load().rows
    assert len(rows) >= 20_000
    assert {row.tier for row in rows} == {"safe", "context", "thesaurus", "generated"}


def test_every_packaged_row_is_found_by_its_first_word() -> None:
    lexicon = Lexicon.load()
    for row in lexicon.rows:
        assert any(found is row for _, _, found in lexicon.beginning(words(row.spun)[0])), row.where


def test_extra_rows_come_after_the_packaged_ones(tmp_path: Path) -> None:
    path = tmp_path / "own.tsv"
    path.write_text(f"{HEADER}canine\tNOUN\tdog|hound\tbark  walk\t\tthesaurus\t\t\r\n\n", encoding="utf-8")
    row = Lexicon.load(path).rows[-1]
    assert (row.spun, row.originals, row.near, row.avoid) == ("canine", ("dog", "hound"), {"bark", "walk"}, frozenset())
    assert row.where == f"{path}:2"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("spun\toriginal\n", ":1: the header"),
        ("# One.\n# Two.\nspun\toriginal\n", ":3: the header"),
        ("# One.", ":1: the header"),
        (f"# One.\n{HEADER}canine\tNOUN\tdog\n", ":3: 3 columns"),
        (f"{HEADER}canine\tNOUN\tdog\n", ":2: 3 columns"),
        (f"{HEADER}\tNOUN\tdog\t\t\tthesaurus\t\t\n", ":2: the column spun is empty"),
        (f"{HEADER}canine\tDOG\tdog\t\t\tthesaurus\t\t\n", ":2: pos 'DOG'"),
        (f"{HEADER}canine\tNOUN\tdog\t\t\tcertain\t\t\n", ":2: tier 'certain'"),
        ("\xff", "not UTF-8 (byte 0)"),
    ],
)
def test_broken_files_are_refused_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "own.tsv"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(LexiconError, match=rf"own\.tsv.*{message.replace('(', '[(]').replace(')', '[)]')}"):
        Lexicon.read(path)


def test_comments_may_stand_before_the_header(tmp_path: Path) -> None:
    rows = [row for path in packaged_files() for row in Lexicon.read(path).rows if row.spun.startswith("s")][:50]
    path = tmp_path / "own.tsv"
    path.write_text(write(rows, comments=["Made of a list,\nby a person.", "50 rows"]), encoding="utf-8")
    assert path.read_text(encoding="utf-8").startswith(f"# Made of a list, by a person.\n# 50 rows\n{HEADER}")
    for read in (Lexicon.read(path), Lexicon(packaged=[path])):
        assert write(read.rows) == write(rows)
        assert [row.line for row in read.rows] == list(range(4, 54))
        assert read.beginning(words(read.rows[7].spun)[0])


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="cannot be read"):
        Lexicon.read(tmp_path / "none.tsv")


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("each various other", ("each", "various", "other")),
        ("Self-esteem", ("self", "esteem")),
        ("don't", ("do", "n't")),
        ("it's parents' job", ("it", "'s", "parents", "'", "job")),
        ("word", ("word",)),
        ("omega-3 fat", ("omega-3", "fat")),
        ("24-hour", ("24", "hour")),
        ("in any event, when", ("in", "any", "event", ",", "when")),
    ],
)
def test_texts_are_split_as_spacy_does(text: str, split: tuple[str, ...]) -> None:
    assert words(text) == split


@pytest.mark.parametrize(
    ("text", "pos", "head"),
    [
        ("get rid of", "VERB", "get"),
        ("surgical procedure", "NOUN", "procedure"),
        ("word of mouth", "NOUN", "word"),
        ("very large", "ADJ", "large"),
        ("as well as", "", None),
    ],
)
def test_the_head_is_the_word_that_inflects(text: str, pos: str, head: str | None) -> None:
    spun = words(text)
    at = head_of(spun, pos)
    assert (spun[at] if at >= 0 else None) == head
