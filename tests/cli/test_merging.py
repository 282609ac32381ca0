"""`despin merge`: copies go in, one of them comes out, with what the others knew."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ONE = """A garden club brings individuals together who love plants, and they learn from each various other. Many clubs
fulfill once a month in a community hall. Beginners can ask concerns without feeling foolish.

A club is also a good way to save money. Seeds are purchased in big quantities, and pricey tools are shared. In the spring
the members aid each other to prepare the soil, and in the fall they gather the leaves and make garden compost.
"""
TWO = """A garden club brings people together who love plants, and they learn from each other. Numerous clubs meet once a
month in a neighborhood hall. Newbies can ask questions without feeling silly.

A club is likewise a great way to conserve money. Seeds are bought in large quantities, and expensive tools are shared. In
the spring the members help each other to prepare the soil, and in the fall they collect the leaves and make compost.
"""
OTHER = """The old bridge was closed for repairs in March. Engineers found rust in two of the main cables, and the city decided
that heavy trucks must take another road until the work is done. Ferries run every hour instead, and are full.
"""


def run(*args: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "despin", "merge", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    for name, text in (("one.txt", ONE), ("sub/two.txt", TWO), ("other.txt", OTHER)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_base_is_restored_and_explained(folder: Path) -> None:
    done = run("one.txt", "sub/two.txt", "--explain", cwd=folder)
    assert done.returncode == 0
    assert "brings people together" in done.stdout
    assert "    sub/two.txt: people" in done.stderr
    other = run("one.txt", "sub/two.txt", "--base", "sub/two.txt", "--format", "json", cwd=folder)
    found = json.loads(other.stdout)
    assert (found["path"], found["copies"], found["base"]) == ("sub/two.txt", ["one.txt"], 1)
    assert {"text": "people", "others": ["individuals"], "chosen": "people"}.items() <= found["places"][0].items()
    assert (folder / "one.txt").read_text() == ONE


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        ("one.txt other.txt", 3, "other.txt: is no copy of one.txt: of"),
        ("one.txt", 2, "two copies or more"),
        ("one.txt missing.txt", 3, "missing.txt: cannot be read"),
        ("one.txt sub/two.txt --out there", 2, "goes with --folder"),
        ("--folder . one.txt", 2, "--folder"),
        ("--folder sub --out .", 2, "--out"),
        ("one.txt --base ./one.txt", 2, "two copies or more"),
        ("--folder . --format diff", 2, "--folder"),
    ],
)
def test_what_cannot_be_merged_is_refused(folder: Path, args: str, status: int, message: str) -> None:
    done = run(*args.split(), cwd=folder)
    assert done.returncode == status
    assert message in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_copies_in_a_folder_are_found_and_restored(folder: Path) -> None:
    pytest.importorskip("datasketch")
    (folder / "binary.bin").write_bytes(b"\0\1")
    (folder / "link.txt").symlink_to(folder / "one.txt")
    done = run("--folder", ".", "--out", "restored", cwd=folder)
    assert (done.returncode, done.stdout) == (3, f"one.txt\t{Path('sub/two.txt')}\n")
    assert "binary.bin: it holds NUL bytes" in done.stderr
    written = sorted(str(path.relative_to(folder)) for path in (folder / "restored").rglob("*.txt"))
    assert written == [str(Path("restored/one.txt")), str(Path("restored/sub/two.txt"))]
    assert "brings people together" in (folder / "restored" / "one.txt").read_text()
    assert (folder / "one.txt").read_text() == ONE
    (folder / "binary.bin").unlink()
    listed = run("--folder", ".", "--format", "json", cwd=folder)
    assert listed.returncode == 0
    assert json.loads(listed.stdout.splitlines()[0])["copies"][0] == "one.txt"
