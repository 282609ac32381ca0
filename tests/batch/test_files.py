"""Files are found in order, and none is written in part."""

import os
from pathlib import Path

import pytest

from despin.batch.files import IGNORE_FILE, Partial, digest_of, walk


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    for name in ("b.txt", "a.txt", "sub/c.md", "sub/deep/d.html", ".hidden/e.txt", "sub/.f.txt", "drafts/g.txt"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def names(*args: object, **options: object) -> list[str]:
    return [path.as_posix() for path in walk(*args, **options)]  # type: ignore[arg-type]


def test_files_come_in_order_without_hidden_ones(tree: Path) -> None:
    assert names(tree) == ["a.txt", "b.txt", "drafts/g.txt", "sub/c.md", "sub/deep/d.html"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"include": ["*.md", "*.html"]}, ["sub/c.md", "sub/deep/d.html"]),
        ({"include": ["/*.txt"]}, ["a.txt", "b.txt"]),
        ({"exclude": ["sub/"]}, ["a.txt", "b.txt", "drafts/g.txt"]),
        ({"exclude": ["*.txt", "!a.txt"]}, ["a.txt", "sub/c.md", "sub/deep/d.html"]),
        ({"include": ["*.txt"], "exclude": ["drafts/"]}, ["a.txt", "b.txt"]),
    ],
)
def test_patterns_choose(tree: Path, options: dict[str, list[str]], expected: list[str]) -> None:
    assert names(tree, **options) == expected


def test_an_ignore_file_leaves_files_out(tree: Path) -> None:
    (tree / IGNORE_FILE).write_text("# comment\ndrafts/\n*.html\n")
    assert names(tree) == ["a.txt", "b.txt", "sub/c.md"]


def test_a_folder_can_be_kept_apart(tree: Path) -> None:
    assert names(tree, apart=tree / "sub") == ["a.txt", "b.txt", "drafts/g.txt"]


def test_links_out_of_the_folder_pipes_and_links_to_folders_are_left_out(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret")
    (tree / "out.txt").symlink_to(outside)
    (tree / "in.txt").symlink_to(tree / "a.txt")
    (tree / "loop.txt").symlink_to(tree / "loop.txt")
    (tree / "dangling.txt").symlink_to(tree / "gone.txt")
    (tree / "folder").symlink_to(tree / "sub", target_is_directory=True)
    os.mkfifo(tree / "pipe.txt")
    assert names(tree) == ["a.txt", "b.txt", "in.txt", "drafts/g.txt", "sub/c.md", "sub/deep/d.html"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        names(tmp_path / "gone")


def test_a_partial_file_replaces_its_target_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "page.txt"
    target.write_text("before")
    target.chmod(0o600)
    with Partial(target) as file:
        file.write(b"after")
        file.flush()
        assert target.read_text() == "before"
    assert target.read_text() == "after"
    assert target.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_partial_file_that_fails_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "page.txt"
    with pytest.raises(TypeError), Partial(target) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert list(tmp_path.iterdir()) == []


def test_a_digest_is_sha_256(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    found = digest_of(tmp_path / "a")
    assert found
    assert found.hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_of(tmp_path / "gone") is None
