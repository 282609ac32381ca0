"""Cases by where they come from: seen on real pages, synthetic, negative. Sites are marked `[spun=>original]`.

`spin_rate` is the document's, which a single sentence cannot show; without it the prior holds. A case with `fails` is a
known failure, with the reason. A file that is named for a stage holds the cases of that stage, which passes them alone; they
tell their `kind` themselves, and `flags`, the words that are flagged.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from despin.despinner import Despinner
from despin.settings import STAGES, Settings

FOLDER = Path(__file__).parent / "cases"
STAGE_FILES = [path for path in sorted(FOLDER.glob("*.json")) if path.stem in STAGES]
KINDS = {"real", "synthetic", "negative"}
SITE = re.compile(r"\[((?:[^\[\]]|\[[^\[\]]*\])*?)=>([^\[\]]*?)\]")


def read(path: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def cases() -> list[object]:
    found = []
    for path in sorted(FOLDER.glob("*.json")):
        stage = path.stem if path.stem in STAGES else None
        for number, case in enumerate(read(path)):
            marks = [pytest.mark.xfail(reason=str(case["fails"]), strict=True)] if "fails" in case else []
            values = (case["text"], case.get("spin_rate"), stage, case.get("flags"))
            found.append(pytest.param(*values, id=f"{path.stem}-{number}", marks=marks))
    return found


@pytest.fixture(scope="module")
def despinner_for(despinner: Despinner):  # type: ignore[no-untyped-def]
    @cache
    def make(rate: float | None, stage: str | None) -> Despinner:
        settings = Settings(spin_rate=rate, stages=frozenset({stage})) if stage else Settings(spin_rate=rate)
        return Despinner(settings, despinner.lexicon, despinner.judges, despinner.nlp)

    return make


@pytest.mark.parametrize(("text", "spin_rate", "stage", "flags"), cases())
def test_case(despinner_for, text: str, spin_rate: float | None, stage: str | None, flags: list[str] | None) -> None:  # type: ignore[no-untyped-def]
    spun = SITE.sub(lambda site: site[1], text)
    restoration = despinner_for(spin_rate, stage)(spun)
    assert restoration.text == SITE.sub(lambda site: site[2], text)
    assert restoration.undo() == spun
    if flags is not None:
        assert [flag.text for flag in restoration.flags] == flags


@pytest.mark.parametrize("path", STAGE_FILES, ids=lambda path: path.stem)
def test_a_third_of_each_stages_cases_is_negative(path: Path) -> None:
    told = [case["kind"] for case in read(path)]
    assert set(told) <= KINDS
    assert told.count("negative") >= len(told) / 3
    assert all(SITE.search(str(case["text"])) is None for case in read(path) if case["kind"] == "negative")
