"""The account of a folder is kept as it was entered."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from despin.batch.manifest import Change, DocumentRow, FileRow, Manifest, Status
from despin.batch.versions import versions_of
from despin.errors import InputError
from despin.restoration import Edit
from despin.settings import Settings

VERSIONS = versions_of(Settings(), [])
CHANGE = Change.of(Edit(3, 5, "b\ud800", "c", 0.98765), "aa b\ud800 d")
DOCUMENT = DocumentRow("a/ü.txt", 0, b"hash", 7, "utf-8", "text", 0.25, 1, 0.5, 1, Status.restored, "", (CHANGE,))
FILE = FileRow("a/ü.txt", b"hash", 9, 1, b"written", 1, Status.done)


def test_rows_come_back(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.sqlite", VERSIONS)
    odd = replace(DOCUMENT, path="\udcff.txt", number=2, changes=())
    for row in (odd, DOCUMENT, FILE, replace(FILE, path="\udcff.txt", status=Status.failed, error="why")):
        manifest.add(row)
    assert manifest.document("a/ü.txt", 0) == DOCUMENT
    manifest.end(manifest.begin("here"))
    assert manifest.document("a/ü.txt", 0) == DOCUMENT
    assert manifest.document("a/ü.txt", 1) is None
    assert manifest.document("\udcff.txt", 2) == odd
    assert manifest.file("a/ü.txt") == FILE
    manifest.close()
    again = Manifest(tmp_path / "m.sqlite")
    assert sorted(row.path for row in again.documents()) == ["a/ü.txt", "\udcff.txt"]
    assert {row.path: row.error for row in again.files()} == {"a/ü.txt": "", "\udcff.txt": "why"}
    ((versions, source, started, ended),) = again.runs()
    assert (versions, source) == (VERSIONS, "here")
    assert ended
    assert ended >= started
    again.close()


def test_a_file_that_is_done_has_no_more_documents_than_it_has() -> None:
    manifest = Manifest(None, VERSIONS)
    for number in range(5):
        manifest.add(replace(DOCUMENT, number=number))
    manifest.add(replace(FILE, documents=5))
    manifest.flush()
    manifest.add(replace(FILE, documents=2))
    manifest.flush()
    assert [row.number for row in manifest.documents()] == [0, 1]
    manifest.close()


def test_what_the_disk_has_no_room_for_is_kept_until_it_has(tmp_path: Path) -> None:
    path = tmp_path / "m.sqlite"
    manifest = Manifest(path, VERSIONS)
    (pages,) = manifest._database.execute("PRAGMA page_count").fetchone()
    manifest._database.execute(f"PRAGMA max_page_count = {pages}")
    for number in range(2000):
        manifest.add(replace(DOCUMENT, number=number))
    assert manifest.document(DOCUMENT.path, 1234)
    with pytest.raises(InputError, match="manifest cannot be written"):
        manifest.end(manifest.begin("here"))
    manifest._database.execute("PRAGMA max_page_count = 100000")
    manifest.flush()
    assert len(list(manifest.documents())) == 2000
    manifest.close()


def test_it_is_none_without_its_tables(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite").close()
    with pytest.raises(InputError, match="no manifest"):
        Manifest(tmp_path / "empty.sqlite")


def test_versions_tell_settings_and_lexicons_apart(tmp_path: Path) -> None:
    own = tmp_path / "own.tsv"
    own.write_text("spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\n")
    found = {
        versions_of(Settings(), []),
        versions_of(Settings(threshold=0.9), []),
        versions_of(Settings(ignore=frozenset({"a", "b"})), []),
        versions_of(Settings(), [own]),
        versions_of(Settings(), [], field="body"),
    }
    assert len(found) == 5
    assert versions_of(Settings(ignore=frozenset({"b", "a"})), []) in found
