"""`despin clean`: a folder goes in, another comes out, and the exit status tells."""

import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

SPUN = "Peer support groups help people overcome mental health preconception.\n"
RESTORED = "Peer support groups help people overcome mental health stigma.\n"
CLEAN = "The committee met on Tuesday and agreed to publish the minutes of the last three meetings.\n" * 4
GARBLED = "It is itâ€™s own.\n"


def run(*args: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "despin", "clean", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False, encoding="utf-8")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "pages" / "drafts").mkdir(parents=True)
    for name, text in (("a.txt", SPUN), ("b.txt", CLEAN), ("drafts/c.txt", SPUN), ("d.png", "")):
        (tmp_path / "pages" / name).write_text(text)
    (tmp_path / "pages" / "e.jsonl").write_text(json.dumps({"body": SPUN}) + "\n")
    return tmp_path


def test_a_folder_is_restored(home: Path) -> None:
    done = run("pages", "out", "--jobs", 2, "--field", "body", "--exclude", "drafts/", cwd=home)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == (
        "despin: 3 files; 3 documents: 2 restored (2 edits), 1 taken for clean, 0 left as they were; "
        "1 file of other kinds left out.\n"
    )
    assert (home / "out" / "a.txt").read_text() == RESTORED
    assert (home / "out" / "b.txt").read_text() == CLEAN
    assert json.loads((home / "out" / "e.jsonl").read_text()) == {"body": RESTORED}
    assert not (home / "out" / "drafts").exists()
    again = run("pages", "out", "--field", "body", "--exclude", "drafts/", "-f", "json", cwd=home)
    assert json.loads(again.stdout)["skipped"] == 3


def test_settings_and_stages_are_the_users(home: Path) -> None:
    (home / "pages" / "a.txt").write_text(SPUN + GARBLED)
    (home / "despin.toml").write_text('ignore = ["preconception"]\n')
    run("pages", "out", "--include", "a.txt", cwd=home)
    assert (home / "out" / "a.txt").read_text() == SPUN + GARBLED.replace("â€™", "’")
    run("pages", "out", "--include", "a.txt", "--skip", "characters", cwd=home)
    assert (home / "out" / "a.txt").read_text() == SPUN + GARBLED


def test_failures_are_told_and_the_exit_status_is_3(home: Path) -> None:
    for number in range(25):
        (home / "pages" / f"{number:02}.txt").write_bytes(b"\0")
    done = run("pages", "out", "--only", "characters", "--exclude", "*.jsonl", cwd=home)
    assert done.returncode == 3
    lines = done.stderr.splitlines()
    assert lines[0] == "despin: 00.txt: it holds NUL bytes, so it is a binary file, not text."
    assert len(lines) == 22
    assert lines[20] == "despin: 5 more problems; the manifest has all."
    assert "25 failed" in lines[21]


@pytest.mark.parametrize(
    ("args", "status", "message"),
    [
        ("pages", 2, "give --in-place"),
        ("pages out --in-place", 2, "contradicts --in-place"),
        ("pages --in-place", 2, "takes --backup"),
        ("pages pages", 2, "(backup)"),
        ("gone out", 3, "gone: there is no such file or folder"),
        ("pages out --sample 2", 2, "--sample"),
        ("pages out --only nonsense", 2, "is no stage"),
        ("pages out --only spelling --style", 2, "--only"),
        ("pages out --cautious --eager", 2, "--cautious"),
        ("pages out --lexicon gone.tsv", 2, "gone.tsv"),
    ],
)
def test_wrong_usage_is_told(home: Path, args: str, status: int, message: str) -> None:
    done = run(*args.split(), cwd=home)
    assert done.returncode == status
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (home / "out" / "a.txt").exists()


def test_files_are_replaced_in_place(home: Path) -> None:
    done = run("pages", "--in-place", "--backup", "kept", "--include", "*.txt", cwd=home)
    assert done.returncode == 0
    assert (home / "pages" / "a.txt").read_text() == RESTORED
    assert (home / "kept" / "a.txt").read_text() == SPUN


def test_a_dry_run_writes_nothing(home: Path) -> None:
    done = run("pages/a.txt", "out", "--dry-run", cwd=home)
    assert "1 document: would be 1 restored (1 edit)" in done.stderr
    assert not (home / "out").exists()


@pytest.mark.skipif(os.name != "posix", reason="takes a terminal that a test can make")
def test_a_terminal_shows_how_far_it_is(home: Path) -> None:
    reader, terminal = os.openpty()
    command = [sys.executable, "-m", "despin", "clean", "pages", "out", "--field", "body", "--only", "characters"]
    env = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(command, stderr=terminal, cwd=home, env=env) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # that is how a terminal ends
            while data := os.read(reader, 4096):
                shown += data
    os.close(reader)
    assert process.returncode == 0
    text = shown.decode()
    assert re.search(r"100%.*\d:\d\d.*4 documents, \d+\.\d/s, 0 restored, 0 failed", text)
    # Nothing of it is left in the end but what it came to.
    assert re.search(r"despin: 4 files; 4 documents: 0 restored[^\r\n]*\r\n$", text)
