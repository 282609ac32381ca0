"""Renderings say what was changed, in forms that other tools read."""

import io
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from despin.evaluation.score import Score, score
from despin.render.explain import explanation, verdict
from despin.render.markup import criticmarkup, diff
from despin.restoration import Alternative, Detection, Edit, Evidence, Restoration, replay

SOURCE = "They obtain help.\nNo change.\n\x0cThey obtain\u2028more"
EDITS = tuple(
    Edit(at, at + 6, "obtain", "get", 0.9, (Alternative("take", 0.05),), (Evidence("because", 1.5),))
    for at in (SOURCE.index("obtain"), SOURCE.rindex("obtain"))
)
RESTORATION = Restoration(replay(SOURCE, EDITS), EDITS, 0.2)


def test_criticmarkup_marks_each_edit() -> None:
    assert criticmarkup(SOURCE, RESTORATION).count("{~~obtain~>get~~}") == 2


def test_criticmarkup_is_gold_that_the_restoration_fulfils() -> None:
    assert score(criticmarkup(SOURCE, RESTORATION), RESTORATION.text) == Score(8, 2, 2)


@pytest.mark.parametrize("end", ["", "\n"])
def test_patch_applies_the_diff(tmp_path: Path, end: str) -> None:
    source = SOURCE + end
    path = tmp_path / "a.txt"
    path.write_bytes(source.encode())
    restoration = Restoration(replay(source, EDITS), EDITS, 0.2)
    patch = diff(source, restoration.text, "a.txt")
    try:
        subprocess.run(["git", "apply", "-"], input=patch.encode(), cwd=tmp_path, check=True, timeout=60)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    assert path.read_bytes() == restoration.text.encode()


def test_nothing_changed_is_no_diff() -> None:
    assert diff(SOURCE, SOURCE, "a.txt") == ""


def printed(*renderables: object) -> str:
    console = Console(file=io.StringIO(), width=200)
    console.print(*renderables, sep="\n")
    return console.file.getvalue()


def test_an_explanation_gives_place_alternatives_and_evidence() -> None:
    text = printed(*explanation(SOURCE, RESTORATION, "a.txt"))
    assert "a.txt: spin rate 0.20, 2 edits" in text
    assert "line 1: They obtain → get help." in text
    assert "+1.50  because" in text
    assert "or: take 0.05" in text


def test_a_detection_is_one_line() -> None:
    text = printed(verdict(Detection(0.2, 0.1, 30.0, 10, 8, EDITS[:1]), "a.txt"))
    assert text.startswith("a.txt: spun, spin rate 0.200, 0.100 of the words suspected, 30.0 spun sites per 1,000 words")
    assert "'obtain' for 'get'" in text
