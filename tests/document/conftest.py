"""Real documents to try things on: Debian's documentation, npm's manual, and what installed Python packages bring along."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from despin.document.decoding import decode
from despin.errors import InputError

_FOLDERS = (Path("/usr/share/doc"), Path("/usr/lib/node_modules"), Path(sys.prefix) / "lib")


@pytest.fixture(scope="session")
def documents() -> Callable[..., Iterator[tuple[str, str]]]:
    return found


def found(suffixes: tuple[str, ...], largest: int = 200_000) -> Iterator[tuple[str, str]]:
    """Yields the names and texts of documents with one of some suffixes, each text once."""
    seen = set()
    for folder in _FOLDERS:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.suffix.lower() not in suffixes or not path.is_file() or not 0 < path.stat().st_size <= largest:
                continue
            try:
                text = decode(path.read_bytes()).text
            except InputError:
                continue
            if text not in seen:
                seen.add(text)
                yield str(path), text
