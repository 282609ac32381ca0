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
        (["a-b;;x;;;thesaurus;;", "a b;;x;;;thesaurus;;"][::-1], ":3: 'a-b' → 'x' stands in .*:2 already"),
        (["a;;x;;;safe;;", "a;;x;;;thesaurus;;"], ":3: .*:2 already, there of the tier safe, here thesaurus"),
        (["a;;x;m;;thesaurus;;", "a;;x;;m;thesaurus;;"], ":3: 'a' → 'x' contradicts .*:2: 'm' is near in one"),
        (["a;;x;;m;thesaurus;;", "a;;x|y;m;;thesaurus;;"], ":3: 'a' → 'x' contradicts .*:2: 'm' is near in one"),
        (["a;;b;;;safe;;", "b;;a;;;safe;;"], ":2: 'a' → 'b' → 'a' is a circle"),
        (["a;;b;;;safe;;", "b;;c;;;safe;;", "c;;x|a;;;safe;;"], ":2: 'a' → 'b' → 'c' → 'a' is a circle"),
        (["a b;;x-y;;;safe;;", "x y;;z;;;safe;;"], ":2: 'a b' → 'x-y' leads on to 'z'.* in .*:3"),
        (["a/c;NOUN;x;;;thesaurus;;"], "'a/c' matches nothing: spaCy's tokens are 'a / c'"),
        (["wed;VERB;marry;;;thesaurus;;"], "'wed' matches nothing"),
        (["a lot of;;x;;lot;thesaurus;;"], "never acts, since 'lot'"),
        (["a lot of;;x;lot;;thesaurus;;"], "'lot' is near, but among the spun words"),
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


@pytest.mark.parametrize(
    "rows",
    [
        # What spaCy keeps together, row and text have together.
        ["co2;NOUN;x;;;thesaurus;;", "omega-3 fat;NOUN;x;;;thesaurus;;", "u.s. cash;NOUN;x;;;thesaurus;;"],
        ["in any way, shape or form;;x;;;thesaurus;;", "state-of-the-art;ADJ;x;;;thesaurus;;", "we can't;;x;;;thesaurus;;"],
        # Other words near or other parts of speech make another row; only safe repairs are made of whatever stands there.
        ["a;;x;m;;thesaurus;;", "a;;y;;m;thesaurus;;", "a;NOUN;x;;m;thesaurus;;"],
        ["a;;b;;;safe;;", "b;;a;;;thesaurus;;", "c;;a;;;thesaurus;;"],
    ],
)
def test_sound_rows_have_no_faults(tmp_path: Path, rows: list[str]) -> None:
    assert list(lint(lexicon(tmp_path, *rows))) == []


def test_a_circle_is_told_once_and_what_leads_into_it_too(tmp_path: Path) -> None:
    found = list(lint(lexicon(tmp_path, "a;;b;;;safe;;", "b;;c;;;safe;;", "c;;b;;;safe;;")))
    assert [line.split(": ", 1)[1].split(":")[0] for line in found] == [
        "'a' → 'b' leads on to 'c'",
        "'b' → 'c' → 'b' is a circle of the tier safe.",
    ]


def test_a_sound_row_tests_itself(tmp_path: Path) -> None:
    sound = lexicon(tmp_path, f"each various other;;each other;;;safe;{EXAMPLE};Each of the various other rooms is quiet.")
    assert list(lint(sound)) == list(self_test(sound)) == []


def test_an_example_that_is_not_restored_is_a_fault(tmp_path: Path) -> None:
    wrong = lexicon(tmp_path, "each various other;;each other;;;safe;The people here help [each various other=>one another].;")
    assert "the example is not restored" in next(self_test(wrong))


def test_a_keep_that_changes_is_a_fault(tmp_path: Path) -> None:
    wrong = lexicon(tmp_path, "each various other;;each other;;;safe;;We like each various other.")
    assert "became 'each other'" in next(self_test(wrong))
