"""The lexicon's check finds every kind of fault, and the packaged rows have none."""

import re
from pathlib import Path

import pytest

from despin.lexicon.check import lint, self_test
from despin.lexicon.rows import COLUMNS, Lexicon

EXAMPLE = "The people here help [each various other=>each other]."


def lexicon(folder: Path, *rows: str) -> Lexicon:
    path = folder / "own.tsv"
    path.write_text("\n".join(("\t".join(COLUMNS), *(row.replace(";", "\t") for row in rows))) + "\n", encoding="utf-8")
    return Lexicon.read(path)


def test_the_packaged_lexicon_has_no_faults() -> None:
    assert list(lint(Lexicon.load())) == []


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["b;;x;;;thesaurus;;", "a;;x;;;thesaurus;;"], ":2: not sorted: 'b'"),
        (["a;;x;;;thesaurus;;", "a;;x|y;;;thesaurus;;"], ":3: 'a' → 'x' stands in .*:2 already"),
        (["a;;b;;;safe;;", "b;;a;;;safe;;"], ":2: 'a' → 'b' and back"),
        (["a;;a;;;thesaurus;;"], "stands for itself"),
        (["a;;x|x;;;thesaurus;;"], ":2: 'a' → 'x' stands in .*:2 already"),
        (["A;;x;;;thesaurus;;"], "capital"),
        (["a“;;x;;;thesaurus;;"], "plain text"),
        (["a ;;x;;;thesaurus;;"], "plain text"),
        (["really;;;;;safe;;"], "dropped"),
        (["a;;x;n;n;thesaurus;;"], "both near and avoid"),
        (["a;;x;;;context;;"], "needs near, example and keep"),
        (["a;;x;;;thesaurus;no site;"], "exactly one site"),
        (["a;;x;;;thesaurus;[=>x];"], "site is empty"),
    ],
)
def test_faults_are_found_with_their_place(tmp_path: Path, rows: list[str], fault: str) -> None:
    found = list(lint(lexicon(tmp_path, *rows)))
    assert len(found) == 1
    assert re.search(fault, found[0])


def test_a_sound_row_tests_itself(tmp_path: Path) -> None:
    sound = lexicon(tmp_path, f"each various other;;each other;;;safe;{EXAMPLE};Each of the various other rooms is quiet.")
    assert list(lint(sound)) == list(self_test(sound)) == []


def test_an_example_that_is_not_restored_is_a_fault(tmp_path: Path) -> None:
    wrong = lexicon(tmp_path, "each various other;;each other;;;safe;The people here help [each various other=>one another].;")
    assert "the example is not restored" in next(self_test(wrong))


def test_a_keep_that_changes_is_a_fault(tmp_path: Path) -> None:
    wrong = lexicon(tmp_path, "each various other;;each other;;;safe;;We like each various other.")
    assert "became 'each other'" in next(self_test(wrong))
