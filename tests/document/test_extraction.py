"""The main text of a page is taken out of it."""

import sys

import pytest

from despin.document.extraction import extract
from despin.errors import InputError, ModelError

TEXT = "Peer support groups help people overcome the stigma of an illness, and build a sense of community among them."


def test_takes_out_the_main_text() -> None:
    page = f"<html><body><nav><a href=/>Home</a></nav><article><h1>Support</h1><p>{TEXT}</p><p>{TEXT[::1]} Yes.</p></article>"
    text = extract(page)
    assert TEXT in text
    assert "Home" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("page", ["", "no page", "<html>", "<p>\0", "<" * 100_000, "<div>" * 50_000])
def test_says_that_there_is_no_main_text(page: str) -> None:
    with pytest.raises(InputError, match="no main text"):
        extract(page)


def test_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(ModelError, match=r"pip install 'despin\[extract\]'"):
        extract("<p>")
