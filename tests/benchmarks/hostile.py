"""Time and memory that hostile inputs cost: one token of 50 MB, tags in tags, bait for regular expressions, endless files.

    python tests/benchmarks/hostile.py [MEGABYTES]

Each input, of so many megabytes (default 2; the single token always has 50), passes every stage as each kind, at the command
line, in a process of its own. Prints seconds, the process' peak memory, and the exit status: 0 for restored, 3 for refused
with a sentence. Anything else, or more than TIMEOUT seconds, is a failure, and the exit status is 1.
"""

import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from despin.document.views import KINDS

TIMEOUT = 600
UNITS = (
    "a",
    "a ",
    "the ",
    "a, ",
    "word\n",
    "A Title\n\n",
    "recieve ",
    "preconception ",
    "each various other ",
    "{",
    "{a|",
    "{a|b} ",
    "[a] ",
    "[",
    "%",
    "%a ",
    '"',
    "“",
    "'",
    "‘a ",
    "(",
    "<",
    "<a>",
    "<div>",
    "<p>a ",
    "</",
    "<!--",
    "<!-- despin: off -->",
    "&",
    "&amp;",
    "&#",
    "â€™",
    "Ã",
    "Ã©",
    "http://",
    "a@b.",
    "1,",
    "-",
    "- ",
    "> ",
    "*",
    "_a",
    "`",
    "```\n",
    "|a",
    "    a\n",
    "![",
    "[a](",
    "<script>",
    "\\",
    ".",
    ":.",
    "\r",
    "\u200b",
    "\u0301",
    "Le chat dort. ",
    "Share this ",
    "despin: off\n",
)
# Runs despin as the shell does and tells its peak memory, which only its parent knows.
RUN = """
import resource, subprocess, sys
status = subprocess.run([sys.executable, "-m", "despin", *sys.argv[1:]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(status.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def main() -> None:
    size = round(float(sys.argv[1]) * 1_000_000) if len(sys.argv) > 1 else 2_000_000
    inputs = [(unit, unit * (size // len(unit.encode()))) for unit in UNITS]
    inputs.append(("one token of 50 MB", "a" * 49_999_999))
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        for name, text in inputs:
            path = Path(folder) / "hostile.txt"
            path.write_text(text, encoding="utf-8", newline="")
            for kind in KINDS:
                failed |= not report(name, kind, path)
        failed |= not report("/dev/zero", KINDS[0], Path("/dev/zero"))
    raise SystemExit(failed)


def report(name: str, kind: str, path: Path) -> bool:
    """Prints what an input cost, and tells whether it was restored or refused in time."""
    begin = perf_counter()
    command = [sys.executable, "-c", RUN, "--scrape", "--style", "--input", kind, str(path)]
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, check=False).stdout.split()
        status, kilobytes = map(int, found)
    except (subprocess.TimeoutExpired, ValueError):
        print(f"{name!r:24} {kind:9} {perf_counter() - begin:7.1f} s  FAILED", flush=True)
        return False
    good = status in (0, 3)
    print(
        f"{name!r:24} {kind:9} {perf_counter() - begin:7.1f} s {kilobytes / 1000:7.0f} MB  status {status}"
        f"{'' if good else '  FAILED'}",
        flush=True,
    )
    return good


if __name__ == "__main__":
    main()
