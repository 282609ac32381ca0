"""Looks for inputs that crash despin, or that it does not give back: decode, restore by every stage as text, Markdown or
HTML, merge with a copy, undo, encode.

    python tests/benchmarks/fuzz.py [MINUTES] [SEED]

MINUTES is how long to look (default 10), SEED where to begin (default 1). Prints how many inputs were tried; a failing one
stops the run and is printed as small as hypothesis can make it.
"""

import sys
import time

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from despin.despinner import Despinner
from despin.document.decoding import Decoded, decode
from despin.document.views import KINDS
from despin.errors import InputError
from despin.restoration import Restoration, replay
from despin.settings import STAGES, Settings

# What stages look for, and what they must not touch.
PIECES = (
    "mental health preconception|feeling of neighborhood|The searchings for recommend|each various other|a hour|an university|"
    "the the |more strong than|recieve|teh |goverment|aboutthe|ther apy|{Peer|Colleague}|{big|{large|huge}}|{{city}}|%keyword%|"
    "#city#|[a|b|c]|â€™|â€œ|Ã©|&amp;|&#8217;|&nbsp;|<p>|</p>|<script>|<b>word</b>|<!-- despin: off -->|despin: on|```|`code`|"
    "    indented|# Title|* item|> quote|[link](http://example.com)|"
    "| a | b ||\x00|\x07|\x1b[1m|\ufeff|\u200b|\ufffd|\r\n|\n\n|\n|"
    "<p class=\"the the\">|<a href='recieve'>|<li>a hour|<br/>|<td>|</td>|<title>|<pre>|<!DOCTYPE html>|<![CDATA[|]]>|<|>|&|"
    '**bold**|_under_|![image](a.png "recieve")|[1]: http://example.com|---|===|<details>|- [ ] task|1. item|~~~|\\*|'
    "Share this:|Blog Article|Report this page|:.|..|Le chat dort sur le canapé.|“quoted words”|$5.00|http://example.com/a?b=c"
).split("|")
WORDS = "the a of to people help group find support and with for health you can it is are was best way many use".split()
TEXTS = st.lists(
    st.sampled_from(PIECES) | st.sampled_from(WORDS).map(lambda word: word + " ") | st.text(max_size=6), max_size=40
)
BYTES = st.binary(max_size=60) | st.tuples(
    TEXTS.map("".join), st.sampled_from(("utf-8", "cp1252", "utf-16", "utf-8-sig", "latin-1")), st.binary(max_size=4)
).map(lambda parts: parts[0].encode(parts[1], "replace") + parts[2])


def main() -> None:
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    plain = Despinner(Settings(stages=frozenset(STAGES)))
    spun = Despinner(Settings(stages=frozenset(STAGES), spin_rate=0.6), plain.lexicon, plain.judges, plain.nlp)
    tried = changed = 0

    def check(data: bytes, copy: list[str], kind: str, eager: bool) -> None:
        nonlocal tried, changed
        tried += 1
        try:
            decoded: Decoded = decode(data)
        except InputError:
            return
        assert decoded.encode(decoded.text) == data
        despinner = spun if eager else plain
        restoration = despinner(decoded.text, kind)
        changed += bool(restoration.edits)
        assert replay(decoded.text, restoration.edits) == restoration.text
        assert decoded.encode(restoration.undo()) == data
        assert Restoration.from_json(restoration.to_json()) == restoration
        assert all(decoded.text[flag.start : flag.end] == flag.text for flag in restoration.flags)
        assert despinner(restoration.text, kind).text == restoration.text
        if not copy:
            return
        # Half of it is the text's own, so that there is something to align.
        other = decoded.text[: len(decoded.text) // 2] + "".join(copy)
        merged = despinner.merge([decoded.text, other], kind=kind, strict=False)
        assert merged.undo() == decoded.text
        assert all(decoded.text[place.start : place.end] == place.text for place in merged.places)

    quiet = settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    end = time.monotonic() + 60 * minutes
    number = first
    while time.monotonic() < end:
        seed(number)(quiet(given(BYTES, st.just([]) | TEXTS, st.sampled_from(KINDS), st.booleans())(check)))()
        number += 1
    print(f"{tried:,} inputs, {changed:,} of them changed, no failure; seeds {first} to {number - 1}")


if __name__ == "__main__":
    main()
