"""`despin lexicon learn`, through real processes: each mode, each format, and what goes wrong."""

import json
import lzma
import subprocess
import sys
from pathlib import Path

import pytest

ORIGINAL = "Peer groups help people who want a sense of community. A sense of humor helps.\n"
SPUN = "Peer groups help people who want a flavor of community. A flavor of humor helps.\n"


def learn(*args: str | Path, cwd: Path, data: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "despin", "lexicon", "learn", *map(str, args)]
    done = subprocess.run(command, input=data, capture_output=True, cwd=cwd, check=False, timeout=120, encoding="utf-8")
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "original.txt").write_text(ORIGINAL)
    (tmp_path / "spun.txt").write_text(SPUN)
    return tmp_path


def test_pairs_in_every_format(folder: Path) -> None:
    options = ("--original", "original.txt", "--spun", "-")
    text = learn(*options, cwd=folder, data=SPUN).stdout.splitlines()
    assert text[0].split() == ["spun", "pos", "original", "known", "count", "texts", "example"]
    assert text[1].split()[:5] == ["flavor", "NOUN", "sense", "2", "1"]
    assert len(text) == 2
    (found,) = map(json.loads, learn(*options, "--format", "json", cwd=folder, data=SPUN).stdout.splitlines())
    assert found == {
        "count": 2,
        "texts": 1,
        "spun": "flavor",
        "pos": "NOUN",
        "originals": ["sense"],
        "example": "Peer groups help people who want a [flavor=>sense] of community.",
        "known": False,
        "z": None,
    }
    done = learn(*options, "--format", "tsv", "--out", "rows.tsv", cwd=folder, data=SPUN)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (folder / "rows.tsv").read_text().splitlines()[1:] == [f"flavor\tNOUN\tsense\t\t\tthesaurus\t{found['example']}\t"]
    check = [sys.executable, "-m", "despin", "lexicon", "check", "--lint", "rows.tsv"]
    assert subprocess.run(check, capture_output=True, cwd=folder, check=False).returncode == 0
    # What a lexicon of one's own has is known.
    assert learn(*options, "--lexicon", "rows.tsv", cwd=folder, data=SPUN).stdout == ""


def test_copies_in_a_folder(folder: Path) -> None:
    (folder / "third.txt").write_text(ORIGINAL)
    lines = learn("--copies", folder, cwd=folder).stdout.splitlines()
    assert [line.split()[:5] for line in lines[1:]] == [
        ["flavor", "NOUN", "sense", "4", "2"],
        ["sense", "NOUN", "flavor", "2", "1"],
    ]


def test_a_corpus_against_another(folder: Path) -> None:
    (folder / "spun.txt").write_text("The quokkas live in a house of stone. One quokka barked at the mailman.\n" * 9)
    with lzma.open(folder / "clean.txt.xz", "wt") as file:
        file.write("A cat sat in the house of stone, and smiled at the mailman.\n\nShe wrote a long letter.\n" * 9)
    options = ("--corpus", "spun.txt", "--against", "clean.txt.xz")
    found = {line["spun"]: line for line in map(json.loads, learn(*options, "-f", "json", cwd=folder).stdout.splitlines())}
    assert found["quokka"]["count"] == 18
    assert found["quokka"]["z"] > 2
    assert "mailman" not in found
    (folder / "broken.xz").write_bytes(b"no archive")
    done = learn("--corpus", "spun.txt", "--against", "broken.xz", cwd=folder)
    assert done.returncode == 3
    assert "broken.xz: cannot be read" in done.stderr


def test_proposals(folder: Path) -> None:
    """Where nothing is spun, nothing is proposed; what is proposed is learned is told in `test_proposed`."""
    done = learn("--proposals", "original.txt", "none.txt", cwd=folder)
    assert done.returncode == 2
    done = learn("--proposals", "original.txt", "--proposals", "none.txt", "--least", "1", cwd=folder)
    assert (done.returncode, done.stdout) == (3, "")
    assert "none.txt: cannot be read" in done.stderr


def test_a_pair_that_cannot_be_read_is_left_out(folder: Path) -> None:
    (folder / "folder").mkdir()
    pairs = (("none.txt", "spun.txt"), ("original.txt", "spun.txt"), ("original.txt", "folder"))
    done = learn(*(part for a, b in pairs for part in ("--original", a, "--spun", b)), cwd=folder)
    assert done.returncode == 3
    assert "flavor" in done.stdout
    assert done.stderr.count("\n") == 2


@pytest.mark.parametrize(
    "options",
    [
        "",
        "--original original.txt",
        "--original original.txt --spun spun.txt --spun spun.txt",
        "--original - --spun -",
        "--copies original.txt",
        "--corpus spun.txt",
        "--against original.txt",
        "--corpus spun.txt --against original.txt --copies .",
        "--original original.txt --spun spun.txt --proposals .",
        "--proposals . --least 0",
        "--proposals . --out none/rows.tsv",
        "--proposals . --format html",
    ],
)
def test_options_that_do_not_go_together(folder: Path, options: str) -> None:
    done = learn(*options.split(), cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr
