"""Texts of a program come out in order, each with what became of it."""

from pathlib import Path

import pytest

import despin
from despin.errors import ConfigError, InputError

GARBLED, RIGHT = "It is itâ€™s own.", "It is it’s own."
# This stage needs no models, so that workers start fast.
QUICKLY = {"stages": {"characters"}}


def test_texts_come_out_in_order() -> None:
    texts = [f"{GARBLED} {number}" if number % 2 else "A plain text." for number in range(50)]
    found = list(despin.clean(iter(texts), jobs=2, **QUICKLY))
    assert [cleaned.number for cleaned in found] == list(range(50))
    assert [cleaned.text for cleaned in found] == [text.replace("â€™", "’") for text in texts]
    assert [cleaned.status for cleaned in found[:2]] == ["unchanged", "restored"]
    assert despin.replay(texts[1], found[1].edits) == found[1].text


def test_texts_that_fail_come_out_as_they_were() -> None:
    found = list(despin.clean(["far too long for this", GARBLED[:9]], max_characters=10, **QUICKLY))
    assert [(cleaned.text, cleaned.status, bool(cleaned.error)) for cleaned in found] == [
        ("far too long for this", "failed", True),
        (GARBLED[:9], "unchanged", False),
    ]


def test_what_a_manifest_has_is_not_judged_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"{GARBLED} {number}" for number in range(5)]
    first = list(despin.clean(texts, manifest=tmp_path / "account.sqlite", **QUICKLY))
    monkeypatch.setattr("despin.batch.pool.Pool._scheduled", lambda *_: pytest.fail("a worker was asked"))
    assert list(despin.clean(texts, manifest=str(tmp_path / "account.sqlite"), **QUICKLY)) == first


def test_texts_go_to_a_function_and_folders_to_a_folder(tmp_path: Path) -> None:
    found: list[str] = []
    tally = despin.clean([GARBLED, "plain"], lambda cleaned: found.append(cleaned.text), **QUICKLY)
    assert (found, tally.documents, tally.restored, tally.unchanged) == ([RIGHT, "plain"], 2, 1, 1)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.csv").write_text(f"body\n{GARBLED}\n")
    tally = despin.clean(str(tmp_path / "pages"), tmp_path / "out", field="body", **QUICKLY)
    assert tally.restored == 1
    assert (tmp_path / "out" / "a.csv").read_text() == f"body\n{RIGHT}\n"


def test_wrong_arguments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no setting"):
        despin.clean([], threshhold=0.5)
    with pytest.raises(ConfigError, match="more than 0"):
        list(despin.clean([], jobs=0))
    with pytest.raises(TypeError, match="name the one"):
        despin.clean(str(tmp_path))  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="function"):
        despin.clean(["text"], tmp_path)  # type: ignore[call-overload]
    with pytest.raises(InputError, match="no such file"):
        despin.clean(tmp_path / "gone", tmp_path / "out")
