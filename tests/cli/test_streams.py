"""Texts are read one by one, and how far that is can be shown."""

import lzma
from pathlib import Path

from despin.cli.streams import read_texts


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
