"""A folder is cleaned whole: what is written is complete, what is known is not done again, and all is accounted for."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from despin.batch.files import Partial
from despin.batch.manifest import Manifest, Status
from despin.batch.options import Options
from despin.batch.report import figures_of
from despin.batch.run import FOLDER, MANIFEST, Run, Tally
from despin.errors import ConfigError, InputError
from despin.settings import CHARACTERS, Settings

# This stage needs no models, so that workers start fast.
QUICKLY = Settings(stages=frozenset({CHARACTERS}))
GARBLED, RIGHT = "It is itâ€™s own.\n", "It is it’s own.\n"
CLEAN = "A plain text.\n"


def clean(source: Path, target: Path, settings: Settings = QUICKLY, **options: object) -> tuple[Tally, list[str]]:
    problems: list[str] = []
    run = Run(source, target, settings, (), Options(**options), complain=lambda name, why: problems.append(f"{name}: {why}"))
    return run(), problems


def tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and FOLDER not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text(GARBLED)
    (folder / "b.md").write_text(CLEAN)
    (folder / "sub" / "c.html").write_text(f"<p>{GARBLED}</p>")
    (folder / "d.jsonl").write_text(f'{{"text": "{GARBLED.strip()}"}}\n{{"text": "plain"}}\nbad\n')
    (folder / "e.png").write_bytes(b"\0")
    return folder


def manifest_of(target: Path) -> Manifest:
    return Manifest(target / FOLDER / MANIFEST)


def test_a_folder_is_mirrored_and_accounted_for(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    tally, problems = clean(pages, out)
    assert tree(out) == {
        "a.txt": RIGHT.encode(),
        "b.md": CLEAN.encode(),
        "sub/c.html": f"<p>{RIGHT}</p>".encode(),
        "d.jsonl": f'{{"text": "{RIGHT.strip()}"}}\n{{"text": "plain"}}\nbad\n'.encode(),
    }
    assert tally == Tally(
        files=4, left_out=1, bytes=sum(map(len, tree(pages).values())) - 1, documents=6, restored=3, unchanged=2, failed=1,
        edits=3, problems=1,
    )  # fmt: skip
    assert problems == ["d.jsonl, document 3: it is no JSON object: it does not begin with {"]
    manifest = manifest_of(out)
    rows = {(row.path, row.number): row for row in manifest.documents()}
    assert [row.status for row in rows.values()] == ["restored", "unchanged", "restored", "unchanged", "failed", "restored"]
    row = rows["a.txt", 0]
    (change,) = row.changes
    assert (change.spun, change.original, change.before, change.after) == ("â€™", "’", "It is it", "s own.\n")
    assert (row.edits, row.size, row.encoding, row.kind) == (1, len(GARBLED), "utf-8", "text")
    files = {row.path: row for row in manifest.files()}
    assert files["d.jsonl"].error == "1 of its documents failed"
    assert {row.status for row in files.values()} == {Status.done}
    manifest.close()


def test_a_second_run_skips_what_is_unchanged(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    clean(pages, out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*.*")}
    tally, problems = clean(pages, out)
    assert (tally.files, tally.skipped, tally.documents, tally.problems) == (4, 4, 0, 1)
    assert problems == ["d.jsonl: 1 of its documents failed"]
    (pages / "b.md").write_text(GARBLED)
    (out / "a.txt").write_text("spoilt")
    (out / "sub" / "c.html").unlink()
    tally, _ = clean(pages, out)
    assert (tally.skipped, tally.documents, tally.restored) == (1, 3, 3)
    assert (out / "a.txt").read_text() == (out / "b.md").read_text() == RIGHT
    assert (out / "d.jsonl").stat().st_mtime_ns == before[out / "d.jsonl"]
    assert clean(pages, out, replace(QUICKLY, ignore=frozenset({"own"})))[0].skipped == 0


def test_documents_that_are_known_are_not_judged_again(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    expected = clean(pages, out)[0]
    whole = tree(out)
    for path in list(out.rglob("*.*")):
        if path.is_file() and FOLDER not in path.parts:
            path.unlink()
    monkeypatch.setattr("despin.batch.pool.Pool._scheduled", lambda *_: pytest.fail("a worker was asked"))
    assert clean(pages, out)[0] == expected
    assert tree(out) == whole


def test_a_single_file_can_be_cleaned(pages: Path, tmp_path: Path) -> None:
    clean(pages / "a.txt", tmp_path / "out")
    assert tree(tmp_path / "out") == {"a.txt": RIGHT.encode()}


def test_a_target_in_the_source_is_not_read(pages: Path) -> None:
    clean(pages, pages / "out")
    assert clean(pages, pages / "out")[0].files == 4


def test_nothing_is_written_in_a_dry_run(pages: Path, tmp_path: Path) -> None:
    tally, _ = clean(pages, tmp_path / "out", dry_run=True)
    assert tally.restored == 3
    assert not (tmp_path / "out").exists()
    clean(pages, tmp_path / "out", dry_run=True, manifest=tmp_path / "dry.sqlite")
    manifest = Manifest(tmp_path / "dry.sqlite")
    assert len(list(manifest.documents())) == 6
    manifest.close()
    assert not (tmp_path / "out").exists()


def test_a_limit_is_gone_on_with(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    for number in range(5):
        (pages / f"{number}.txt").write_text(GARBLED)
    lines = [f'{{"text": "{number} {GARBLED.strip()}"}}\n' for number in range(4)]
    (pages / "z.jsonl").write_text("".join(lines))
    assert clean(pages, out, limit=3)[0].documents == 3
    assert sorted(tree(out)) == ["0.txt", "1.txt", "2.txt"]
    clean(pages, out, limit=3)
    assert tree(out)["z.jsonl"].decode() == lines[0].replace("â€™", "’")
    tally, _ = clean(pages, out)
    assert (tally.skipped, tally.documents) == (5, 4)
    assert tree(out)["z.jsonl"].decode() == "".join(lines).replace("â€™", "’")


def test_a_sample_is_always_the_same(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(100):
        (pages / f"{number:03}.txt").write_text(CLEAN)
    for out in ("one", "two"):
        clean(pages, tmp_path / out, sample=0.3)
    chosen = sorted(name for name in tree(tmp_path / "one"))
    assert 15 <= len(chosen) <= 45
    assert sorted(tree(tmp_path / "two")) == chosen


def test_a_folder_is_cleaned_in_place_and_the_originals_are_kept(pages: Path, tmp_path: Path) -> None:
    before = tree(pages)
    kept = tmp_path / "kept"
    tally, _ = clean(pages, pages, backup=kept)
    assert tally.restored == 3
    assert tree(kept) == {name: before[name] for name in ("a.txt", "sub/c.html", "d.jsonl")}
    after = tree(pages)
    assert after["a.txt"] == RIGHT.encode()
    assert {name: after[name] for name in ("b.md", "e.png")} == {name: before[name] for name in ("b.md", "e.png")}
    assert clean(pages, pages, backup=kept)[0].skipped == 4
    # A new original does not take the old one's place.
    (pages / "a.txt").write_text("2 " + GARBLED)
    clean(pages, pages, backup=kept)
    assert (kept / "a.txt").read_text() == GARBLED
    assert (kept / "a.txt.1").read_text() == "2 " + GARBLED
    assert (pages / "a.txt").read_text() == "2 " + RIGHT


@pytest.mark.parametrize(
    ("target", "options", "message"),
    [
        ("pages", {}, "backup"),
        ("pages", {"backup": "pages"}, "another folder"),
        ("out", {"backup": "kept"}, "only where"),
        ("pages", {"backup": "kept", "limit": 3}, "cleaned whole"),
        ("out", {"sample": 1.5}, "between 0 and 1"),
        ("out", {"limit": -1}, "0 or more"),
        ("out", {"jobs": 0}, "more than 0"),
        ("out", {"timeout": 0}, "more than 0"),
        ("out", {"input": "pdf"}, "one of text"),
        (".", {}, "lies in"),
        ("pages", {"backup": "."}, "lies in"),
        ("pages/a.txt", {}, "is a file"),
    ],
)
def test_contradictions_are_refused(pages: Path, target: str, options: dict[str, object], message: str) -> None:
    home = pages.parent
    if "backup" in options:
        options = options | {"backup": home / str(options["backup"])}
    with pytest.raises(ConfigError, match=message):
        clean(pages, home / target, **options)


def test_a_missing_source_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file or folder"):
        clean(tmp_path / "gone", tmp_path / "out")


def test_two_runs_do_not_meet(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    other = Run(pages, out, QUICKLY)
    with other._locked(), pytest.raises(InputError, match="another run"):
        clean(pages, out)


def test_another_database_is_not_taken_for_a_manifest(pages: Path, tmp_path: Path) -> None:
    import sqlite3

    database = sqlite3.connect(tmp_path / "other.sqlite")
    database.execute("CREATE TABLE precious (value TEXT)")
    database.commit()
    database.close()
    with pytest.raises(InputError, match="no manifest"):
        clean(pages, tmp_path / "out", manifest=tmp_path / "other.sqlite")
    (tmp_path / "text.sqlite").write_text("no database at all, but long enough to be looked at" * 20)
    with pytest.raises(InputError, match="manifest cannot be read"):
        clean(pages, tmp_path / "out", manifest=tmp_path / "text.sqlite")


def test_links_of_the_target_are_not_followed_out_of_it(pages: Path, tmp_path: Path) -> None:
    out, outside = tmp_path / "out", tmp_path / "outside"
    out.mkdir()
    outside.mkdir()
    (pages / "sub" / "deep").mkdir()
    (pages / "sub" / "deep" / "d.txt").write_text(CLEAN)
    (out / "sub").symlink_to(outside, target_is_directory=True)
    (outside / "a.txt").write_text("precious")
    (out / "a.txt").symlink_to(outside / "a.txt")
    _, problems = clean(pages, out)
    assert any(problem.startswith("sub/c.html: cannot be written: its folder is a link") for problem in problems)
    assert [path.name for path in outside.iterdir()] == ["a.txt"]
    assert (outside / "a.txt").read_text() == "precious"
    assert (out / "a.txt").read_text() == RIGHT


def test_files_that_vanish_or_cannot_be_read_or_written_are_told(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (pages / "0.txt").write_text(CLEAN)
    (out / "b.md" / "folder").mkdir(parents=True)
    (pages / "binary.txt").write_bytes(b"\0\1")
    problems: list[str] = []
    run = Run(pages, out, QUICKLY, complain=lambda name, why: problems.append(f"{name}: {why}"))

    known = list(run.source.paths())

    def paths() -> Iterator[Path]:
        for path in known:
            if path.name == "c.html":
                (pages / path).unlink()
            yield path

    run.source.paths = paths  # type: ignore[method-assign]
    tally = run()
    assert problems == [
        "b.md: cannot be written: Is a directory",
        "binary.txt: it holds NUL bytes, so it is a binary file, not text",
        "d.jsonl, document 3: it is no JSON object: it does not begin with {",
        "sub/c.html: No such file or directory",
    ]
    assert (tally.files, tally.problems) == (6, 4)
    assert sorted(tree(out)) == ["0.txt", "a.txt", "d.jsonl"]
    # They are tried again.
    (out / "b.md" / "folder").rmdir()
    (out / "b.md").rmdir()
    tally, problems = clean(pages, out)
    assert (tally.skipped, len(problems)) == (3, 2)
    assert (out / "b.md").read_text() == CLEAN


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="takes a user whom files can be kept from")
def test_what_a_user_may_not_read_is_told(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "closed").mkdir(parents=True)
    (pages / "secret.txt").write_text(CLEAN)
    (pages / "open.png").write_text(CLEAN)
    (pages / "secret.txt").chmod(0o000)
    (pages / "closed").chmod(0o000)
    home = tmp_path
    while home != home.parent and home.stat().st_mode & 0o005 != 0o005:
        home.chmod(0o755)
        home = home.parent
    out = tmp_path / "out"
    out.mkdir()
    out.chmod(0o777)
    (tmp_path / "empty").mkdir()
    # The first run, of nothing, loads what the user may not read, either.
    script = f"""
import os
from pathlib import Path
from despin.batch.run import Run
from despin.settings import Settings
if __name__ == "__main__":
    Run(Path({str(tmp_path / "empty")!r}), Path({str(tmp_path / "none")!r}), Settings())()
    os.setuid(65534)
    Run(Path({str(pages)!r}), Path({str(out)!r}), Settings(), complain=lambda *found: print(*found))()
"""
    (tmp_path / "script.py").write_text(script)
    done = subprocess.run([sys.executable, str(tmp_path / "script.py")], capture_output=True, text=True, check=False)
    assert not done.stderr
    assert done.stdout.splitlines() == ["secret.txt Permission denied", "closed Permission denied"]
    assert not tree(out)


def test_a_disk_without_room_is_told_and_the_run_goes_on(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = Partial.commit

    def full(self: Partial) -> None:
        if self._target.name in ("a.txt", "d.jsonl"):
            self.discard()
            raise OSError(28, "No space left on device")
        commit(self)

    monkeypatch.setattr(Partial, "commit", full)
    tally, problems = clean(pages, tmp_path / "out")
    assert problems[0] == "a.txt: cannot be written: No space left on device"
    assert problems[-1] == "d.jsonl: cannot be written: No space left on device"
    assert sorted(tree(tmp_path / "out")) == ["b.md", "sub/c.html"]
    # What was restored in them has gone nowhere.
    assert (tally.documents, tally.failed, tally.restored) == (6, 4, 1)
    assert tally.edits == 1
    manifest = manifest_of(tmp_path / "out")
    figures = figures_of(manifest)
    manifest.close()
    assert (figures.statuses, figures.edits) == ({"failed": 4, "restored": 1, "unchanged": 1}, {"characters": 1})
    monkeypatch.setattr("despin.batch.run._FULL", 1)
    (tmp_path / "more").mkdir()
    with pytest.raises(InputError, match="the disk is full"):
        clean(pages, tmp_path / "more")
    monkeypatch.undo()
    clean(pages, tmp_path / "out")
    assert sorted(tree(tmp_path / "out")) == ["a.txt", "b.md", "d.jsonl", "sub/c.html"]


def test_a_harmful_document_is_quarantined_and_not_tried_again(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (pages / "b.txt").write_text(GARBLED * 400_000)
    tally, problems = clean(pages, out, timeout=4)
    assert (tally.quarantined, tally.restored) == (1, 3)
    assert problems[0] == "b.txt: it takes more than 4 seconds"
    assert sorted(tree(out)) == ["a.txt", "b.md", "d.jsonl", "sub/c.html"]
    begun = time.monotonic()
    tally, problems = clean(pages, out, timeout=4)
    assert time.monotonic() - begun < 3
    assert (tally.quarantined, problems[0]) == (1, "b.txt: it takes more than 4 seconds")
    (pages / "b.txt").write_text(GARBLED)
    assert clean(pages, out, retry=True)[0].quarantined == 0


def test_a_limit_is_not_spent_on_what_cannot_be_read(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    (pages / "a.jsonl").write_text("bad\n" * 5 + f'{{"text": "{GARBLED.strip()}"}}\n' * 5)
    for expected in (3, 5):
        clean(pages, out, limit=3)
        assert (out / "a.jsonl").read_text().count("’") == expected


def test_a_part_takes_no_whole_files_place(tmp_path: Path) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    (pages / "a.jsonl").write_text(f'{{"text": "{GARBLED.strip()}"}}\n' * 5)
    clean(pages, out)
    whole = tree(out)
    clean(pages, out, replace(QUICKLY, ignore=frozenset({"own"})), limit=1)
    assert tree(out) == whole


def test_a_sample_leaves_no_part_of_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("despin.batch.formats.lines.LONGEST", 64)
    pages, out = tmp_path / "pages", tmp_path / "out"
    pages.mkdir()
    (pages / "a.jsonl").write_text('{"text": "' + "x" * 300 + '"}\n' + '{"text": "a"}\n' * 3)
    for sample in (0.1, 0.3, 0.5, 0.7, 0.9):
        clean(pages, out, sample=sample)
        written = tree(out).get("a.jsonl", b"")
        assert b"xxx" not in written or written.startswith(b'{"text": "xx')
        assert all(line.startswith(b"{") for line in written.splitlines())


def test_files_that_are_gone_are_forgotten(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    clean(pages, out)
    (pages / "a.txt").unlink()
    clean(pages, out, include=["*.md"])
    manifest = manifest_of(out)
    assert {row.path for row in manifest.files()} == {"b.md", "d.jsonl", "sub/c.html"}
    assert {row.path for row in manifest.documents()} == {"b.md", "d.jsonl", "sub/c.html"}
    manifest.close()


def test_a_file_that_changes_while_it_is_cleaned_is_told(pages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    def change(tally: Tally) -> None:
        (pages / "b.md").write_text("Half a ne")

    run = Run(pages, out, QUICKLY, watch=change)
    run()
    assert (out / "b.md").exists() is False or (out / "b.md").read_text() in (CLEAN, "Half a ne")
    clean(pages, out)
    assert (out / "b.md").read_text() == "Half a ne"


@pytest.mark.skipif(os.name != "posix", reason="takes the rights of POSIX")
def test_outputs_have_the_rights_of_their_sources(pages: Path, tmp_path: Path) -> None:
    (pages / "a.txt").chmod(0o600)
    clean(pages, tmp_path / "out")
    assert (tmp_path / "out" / "a.txt").stat().st_mode & 0o777 == 0o600
    clean(pages, pages, backup=tmp_path / "kept")
    assert (tmp_path / "kept" / "a.txt").stat().st_mode & 0o777 == 0o600


def test_the_size_of_a_run_is_that_of_its_files(pages: Path, tmp_path: Path) -> None:
    run = Run(pages, tmp_path / "out", QUICKLY)
    assert run.source.size() == run().bytes


def many(folder: Path) -> None:
    rng = random.Random(3)
    for number in range(120):
        path = folder / f"{number % 7}" / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(rng.choice((GARBLED, CLEAN)) for _ in range(rng.randrange(1, 60))))
    lines = [f'{{"id": {number}, "text": "{rng.choice((GARBLED, CLEAN)).strip()} {number}"}}\n' for number in range(2000)]
    (folder / "all.jsonl").write_text("".join(lines))


def test_the_output_is_the_same_whatever_the_jobs(tmp_path: Path) -> None:
    many(tmp_path / "pages")
    found = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        tally, _ = clean(tmp_path / "pages", out, jobs=jobs)
        manifest = manifest_of(out)
        found.append((tree(out), tally, [replace(row, seconds=0.0) for row in manifest.documents()], list(manifest.files())))
        manifest.close()
    assert found[0] == found[1]
    assert found[0][1].restored


@pytest.mark.parametrize("in_place", [False, True])
def test_a_run_that_is_killed_loses_nothing(tmp_path: Path, in_place: bool) -> None:
    many(tmp_path / "pages")
    start = [sys.executable, "-m", "despin", "clean", str(tmp_path / "pages"), "--only", "characters", "--jobs", "2"]
    begun = time.monotonic()
    subprocess.run([*start, str(tmp_path / "undisturbed")], capture_output=True, check=True)
    seconds = time.monotonic() - begun
    expected = tree(tmp_path / "undisturbed")
    originals = tree(tmp_path / "pages")
    out = tmp_path / ("pages" if in_place else "out")
    where = ["--in-place", "--backup", str(tmp_path / "kept")] if in_place else [str(out)]
    command = [*start, *where]
    rng = random.Random(7)
    killed = 0
    for _ in range(10):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(rng.uniform(0.1, 0.4) * seconds)
        killed += process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name, data in tree(out).items():
            assert data in (expected[name], originals[name] if in_place else b"")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert killed >= 3
    assert tree(out) == expected
    if in_place:
        assert tree(tmp_path / "kept") == {name: data for name, data in originals.items() if data != expected[name]}
    partial = out / FOLDER / "partial"
    assert not partial.exists() or not list(partial.iterdir())


NASTY = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from(
        [b"", b"\0", b'{"text": "a"}\n', b'{"text":', b"\xff\xfe", b"\x1f\x8b\x08", b"PAR1", b'a,"b', b"WARC/1.0\r\n"]
    ),
)
NAMES = st.sampled_from(
    ["a.txt", "a.md", "a.html", "a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet", "a.warc", "a.warc.gz"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(NAMES, NASTY, max_size=4))
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_hostile_files_are_all_accounted_for(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes]
) -> None:
    # What comes of their texts is other tests' matter.
    monkeypatch.setattr("despin.batch.pool.Pool.map", lambda _, items: ((item, None) for item, _, _ in items))
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    clean(folder, folder / "out")
    manifest = manifest_of(folder / "out")
    assert {row.path for row in manifest.files()} == set(files)
    manifest.close()
