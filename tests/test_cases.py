"""Cases by where they come from: seen on real pages, synthetic, negative. Sites are marked `[spun=>original]`.

`spin_rate` is the document's, which a single sentence cannot show; without it the prior holds. A case with `stage` passes that
stage alone. Files by subject give each case's `kind`: real, synthetic or negative. A case with `fails` is a known failure, with
the reason.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from despin.despinner import Despinner
from despin.settings import Settings

SITE = re.compile(r"\[([^\[\]]*?)=>([^\[\]]*?)\]")


def cases() -> list[object]:
    found = []
    for path in sorted((Path(__file__).parent / "cases").glob("*.json")):
        for number, case in enumerate(json.loads(path.read_text(encoding="utf-8"))):
            marks = [pytest.mark.xfail(reason=case["fails"], strict=True)] if "fails" in case else []
            given = (case["text"], case.get("spin_rate"), case.get("stage"))
            found.append(pytest.param(*given, id=f"{path.stem}-{number}", marks=marks))
    return found


@pytest.fixture(scope="module")
def restoring(despinner: Despinner):  # type: ignore[no-untyped-def]
    def make(rate: float | None, stage: str | None) -> Despinner:
        settings = Settings(spin_rate=rate, stages={stage}) if stage else Settings(spin_rate=rate)  # type: ignore[arg-type]
        return Despinner(settings, despinner.lexicon, despinner.judges, despinner.nlp)

    return cache(make)


@pytest.mark.parametrize(("text", "spin_rate", "stage"), cases())
def test_case(restoring, text: str, spin_rate: float | None, stage: str | None) -> None:  # type: ignore[no-untyped-def]
    spun = SITE.sub(lambda site: site[1], text)
    restoration = restoring(spin_rate, stage)(spun)
    assert restoration.text == SITE.sub(lambda site: site[2], text)
    assert restoration.undo() == spun


def test_negatives_are_a_third_of_the_cases_of_each_stage() -> None:
    for path in sorted((Path(__file__).parent / "cases").glob("*.json")):
        kinds = [case["kind"] for case in json.loads(path.read_text(encoding="utf-8")) if "kind" in case]
        assert set(kinds) <= {"real", "synthetic", "negative"}
        assert 3 * kinds.count("negative") >= len(kinds)
