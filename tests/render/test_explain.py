"""Explanations show what was done in one line each, and nothing that a terminal would obey."""

import pytest
from rich.text import Text

from despin.render.explain import explanation
from despin.restoration import Edit, Flag, Restoration


@pytest.mark.parametrize(
    ("spun", "shown"), [("one\n\ntwo", "one two"), ("\x1b[31m", "\\x1b[31m"), ("\u2019", "\u2019"), ("\ud83d", "\\ud83d")]
)
def test_one_line_without_control_codes(spun: str, shown: str) -> None:
    source = f"a {spun} b"
    restoration = Restoration(
        "a x b", (Edit(2, 2 + len(spun), spun, "x", 1.0),), 0.0, (Flag(2, 2 + len(spun), spun, "odd", "characters"),)
    )
    lines = [line.plain for line in explanation(source, restoration, "page") if isinstance(line, Text)]
    assert lines[1].startswith(f"  line 1: a {shown} → x b")
    assert f"{shown}  left: odd (characters)" in lines[2]
    assert not any("\x1b" in line or "\n" in line for line in lines)
