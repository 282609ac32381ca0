"""Texts are read one by one, no more of them than memory should be spent on, and how far that is can be shown."""

import codecs
import lzma
from pathlib import Path

import pytest

from despin.cli import streams
from despin.cli.streams import read_inputs, read_texts


def test_progress_is_shown_in_bytes_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One.")
    with lzma.open(tmp_path / "b.xz", "wt") as file:
        file.write("Two.\n \nThree.\n" * 3)
    (tmp_path / "c.xz").write_bytes(b"no archive")
    names = [str(tmp_path / name) for name in ("a.txt", "b.xz", "c.xz", "none.txt")]
    shown: list[tuple[int, int]] = []
    unread: list[str] = []
    texts = list(read_texts(names, unread, lambda done, whole: shown.append((done, whole))))
    assert texts == ["One.", *["Two.", "Three."] * 3]
    assert unread == names[2:]
    whole = sum(path.stat().st_size for path in tmp_path.iterdir())
    assert {of for _, of in shown} == {whole}
    done = [at for at, _ in shown]
    assert done == sorted(done)
    # What is shown last, and only once, is that all is done.
    assert (done[0], done[-1], done.count(whole)) == (4, whole, 1)


def test_no_more_is_read_than_may_be_restored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large, small = tmp_path / "large.txt", tmp_path / "small.txt"
    large.write_bytes(b"a" * 1_000)
    small.write_bytes(codecs.BOM_UTF32_LE + "\U0001f600".encode("utf-32-le") * 10)
    found = dict(read_inputs([str(large), str(small)], 10))
    assert found[str(large)] is None
    assert (decoded := found[str(small)])
    assert len(decoded.text) == 10
    assert capsys.readouterr().err == f"despin: {large}: it has more than 44 bytes; the limit is 10 characters.\n"


def test_a_line_that_does_not_end_is_not_unpacked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "_MOST", 1_000)
    bomb = tmp_path / "bomb.txt.xz"
    with lzma.open(bomb, "wb") as file:
        file.write(b"A line.\n" + b"a" * 10_000_000)
    unread: list[str] = []
    assert list(read_texts([str(bomb)], unread)) == ["A line."]
    assert unread == [str(bomb)]
    assert capsys.readouterr().err == f"despin: {bomb}: cannot be read: a line of it has more than 1,000 characters.\n"
