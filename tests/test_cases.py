"""Cases by where they come from: seen on real pages, synthetic, negative. Sites are marked `[spun=>original]`.

`spin_rate` is the document's, which a single sentence cannot show; without it the prior holds. A case with `fails` is a
known failure, with the reason.
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
            found.append(pytest.param(case["text"], case.get("spin_rate"), id=f"{path.stem}-{number}", marks=marks))
    return found


@pytest.fixture(scope="module")
def at_rate(despinner: Despinner):  # type: ignore[no-untyped-def]
    return cache(lambda rate: Despinner(Settings(spin_rate=rate), despinner.lexicon, despinner.judges, despinner.nlp))


@pytest.mark.parametrize(("text", "spin_rate"), cases())
def test_case(at_rate, text: str, spin_rate: float | None) -> None:  # type: ignore[no-untyped-def]
    spun = SITE.sub(lambda site: site[1], text)
    assert at_rate(spin_rate)(spun).text == SITE.sub(lambda site: site[2], text)
