"""Sightings are counted, ordered and merged; what the lexicon has is known."""

from pathlib import Path

import pytest

from despin.despinner import Despinner
from despin.lexicon.check import lint
from despin.lexicon.rows import Lexicon, Row, write
from despin.mining.entries import Entry
from despin.mining.findings import Finding, Sighting, choose, example_of, gather, rows_of
from despin.mining.tagged import tag_texts

DOG, HOUND = Entry("hound", "NOUN", "dog"), Entry("dog", "NOUN", "hound")
BIG = Entry("huge", "ADJ", "big")


def lexicon(*entries: Entry) -> Lexicon:
    return Lexicon(Row(one.spun, one.pos, (one.original,)) for one in entries)


def test_places_count_once_and_texts_are_told_apart() -> None:
    seen = [
        Sighting(BIG, 0, 5, ""),
        Sighting(DOG, 0, 9, ""),
        Sighting(DOG, 0, 9, "A [hound=>dog]."),
        Sighting(DOG, 1, 9, "later"),
    ]
    dog, big = gather(seen, Lexicon())
    assert (dog.row.spun, dog.count, dog.texts, dog.row.example, dog.known) == ("hound", 2, 2, "A [hound=>dog].", False)
    assert (big.row.spun, big.count, big.texts) == ("huge", 1, 1)


@pytest.mark.parametrize(("either_way", "expected"), [(False, [True, False]), (True, [True, True])])
def test_what_is_known(either_way: bool, expected: list[bool]) -> None:
    seen = [Sighting(DOG, 0, 1, ""), Sighting(DOG, 0, 2, ""), Sighting(HOUND, 0, 1, "")]
    assert [one.known for one in gather(seen, lexicon(DOG), either_way=either_way)] == expected


def test_rare_and_known_findings_are_left_out() -> None:
    row = Row("a", "", ("b",))
    found = [Finding(row, 3, 1, True), Finding(row, 2, 1, False), Finding(row, 2, 1, False), Finding(row, 1, 1, False)]
    assert choose(found, least=2, limit=9) == found[1:3]
    assert choose(found, least=2, limit=1) == found[1:2]
    assert choose(found, least=1, limit=9, known=True) == found


def test_rows_of_the_same_words_become_one_that_the_lexicon_reads(tmp_path: Path) -> None:
    found = [
        Finding(Row("hound", "NOUN", ("dog",)), 3, 1, False),
        Finding(Row("big", "ADJ", (), example="A [big=>?] house."), 3, 1, False),
        Finding(Row("hound", "NOUN", ("pet", "dog"), example="A [hound=>pet]."), 2, 1, False),
        Finding(Row("hound", "", ("beast",)), 2, 1, False),
    ]
    path = tmp_path / "rows.tsv"
    path.write_text(write(rows_of(found)), encoding="utf-8")
    read = Lexicon.read(path)
    assert [(r.spun, r.pos, r.originals, r.example) for r in read.rows] == [
        ("hound", "", ("beast",), ""),
        ("hound", "NOUN", ("dog", "pet"), "A [hound=>pet]."),
    ]
    assert list(lint(read)) == []


def test_examples_mark_the_site(despinner: Despinner) -> None:
    text = "It rained.  The hound\nran off [fast]. A Hound sleeps."
    (block,) = next(tag_texts(despinner.nlp, [text])).blocks
    first, second = (block.doc.char_span(at, at + 5) for at in (text.index("hound"), text.index("Hound")))
    assert example_of(block, second, "Dog") == "A [Hound=>Dog] sleeps."
    assert example_of(block, second, "") == "A [Hound=>?] sleeps."
    assert example_of(block, first, "dog") == ""  # brackets of its own
