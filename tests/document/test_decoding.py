"""Bytes come back as they were, and what is no text is refused with a sentence."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.document.decoding import decode
from despin.errors import InputError


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        (b"", "", "utf-8"),
        ("naïve\r\n".encode(), "naïve\r\n", "utf-8"),
        (codecs.BOM_UTF8 + b"plain", "plain", "utf-8"),
        (codecs.BOM_UTF16_LE + "né".encode("utf-16-le"), "né", "utf-16-le"),
        (codecs.BOM_UTF16_BE + "né".encode("utf-16-be"), "né", "utf-16-be"),
        (codecs.BOM_UTF32_LE + "né".encode("utf-32-le"), "né", "utf-32-le"),
        (b"it\x92s", "it’s", "cp1252"),
        (b"a\x81b", "a\x81b", "latin-1"),
    ],
)
def test_decodes_by_the_chain(data: bytes, text: str, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (text, encoding)


def test_latin1_comes_with_a_warning() -> None:
    assert decode(b"a\x81b").warning
    assert not decode(b"it\x92s").warning


@pytest.mark.parametrize("data", [b"\x89PNG\0\0", b"text\0", codecs.BOM_UTF16_LE + b"\x00\xd8x", codecs.BOM_UTF8 + b"\xff"])
def test_refuses_what_is_no_text(data: bytes) -> None:
    with pytest.raises(InputError):
        decode(data)


@given(st.binary())
def test_what_decodes_encodes_to_the_same_bytes(data: bytes) -> None:
    try:
        decoded = decode(data)
    except InputError:
        return
    assert decoded.encode(decoded.text) == data


def test_an_encoding_without_a_character_refuses_it() -> None:
    with pytest.raises(InputError, match="cp1252; `despin --encoding utf-8`"):
        decode(b"it\x92s").encode("→")


@pytest.mark.parametrize(
    ("encoding", "data"), [("utf-8", "é→".encode()), ("utf-16-le", codecs.BOM_UTF16_LE + "é→".encode("utf-16-le"))]
)
def test_another_encoding_can_be_asked_for(encoding: str, data: bytes) -> None:
    assert decode(b"\xe9").to(encoding).encode("é→") == data
    assert decode(data).text == "é→"


def test_the_inputs_own_encoding_keeps_its_mark() -> None:
    marked = decode(codecs.BOM_UTF8 + b"a")
    assert marked.to("utf-8") is marked


@pytest.mark.parametrize(
    ("newline", "data"), [("lf", b"\xe9\na\n\nb"), ("crlf", b"\xe9\r\na\r\n\r\nb"), ("cr", b"\xe9\ra\r\rb")]
)
def test_other_newlines_can_be_asked_for(newline: str, data: bytes) -> None:
    decoded = decode(b"\xe9\r\na\r\nb")
    assert decoded.to(newline=newline).encode("é\r\na\n\rb") == data
    assert decoded.to().encode(decoded.text) == b"\xe9\r\na\r\nb"
