"""Cleaning a folder: documents a second with one job and two, memory, what the screen saves and what it misses.

    python tests/benchmarks/folder.py WORDNET [DOCUMENTS]

WORDNET is the folder of WordNet's database files. A folder of DOCUMENTS text files (default 20,000) of some 300 words is made,
a fifth of them spun by simulated spinners at rates from 0.3 to 0.9, and cleaned with one job and with two; the outputs must be
the same. Then a tenth of as many clean ones are cleaned with the screen and without. What the screen misses is told on prose
that neither it nor a judge was made of: spun documents that it takes for clean, all of them and those in which a thorough look
restores spun words. The share of time of each stage is taken in this process, on a hundred documents of the folder.
"""

import hashlib
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psutil
from corpus import SHARED, clean_documents

from despin.batch.options import Options
from despin.batch.run import FOLDER, Run
from despin.cli.options import make_dictionaries
from despin.despinner import Despinner
from despin.document.parsing import load_model
from despin.lexicon.rows import Lexicon
from despin.lexicon.screen import Screen
from despin.lexicon.simulate import simulate
from despin.settings import SUBSTITUTION, Settings
from despin.training.corpus import documents, lines_of

WORDS = 300
SPUN = 0.2
RATES = (0.3, 0.9)


class Spinners:
    """Simulated spinners, each with habits of its own."""

    def __init__(self, wordnet: Path) -> None:
        self._nlp = load_model()
        self._dictionaries = make_dictionaries(wordnet)
        self._rng = random.Random(11)

    def spin(self, text: str) -> str:
        seed = self._rng.randrange(10**9)
        return simulate(text, self._nlp, self._dictionaries, rate=self._rng.uniform(*RATES), seed=seed).text


def main() -> None:
    wordnet = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 20_000
    spinners = Spinners(wordnet)
    folder = Path(tempfile.mkdtemp(prefix="despin-folder-"))
    try:
        words = make(folder / "pages", count, spinners)
        digests = set()
        seconds = {}
        for jobs in (1, 2):
            seconds[jobs] = clean(folder / "pages", folder / f"out{jobs}", jobs, count, words)
            digests.add(digest(folder / f"out{jobs}"))
        print(f"from 1 job to 2: {seconds[1] / seconds[2]:.2f} times as fast; outputs the same: {len(digests) == 1}")
        words = make(folder / "clean", count // 10)
        screened, thorough = (
            clean(folder / "clean", folder / f"clean{screen}", 1, count // 10, words, screen=screen) for screen in (True, False)
        )
        print(f"clean pages with the screen: {thorough / screened:.1f} times as fast")
        stages(folder / "pages")
    finally:
        shutil.rmtree(folder)
    missed(spinners)


def make(folder: Path, count: int, spinners: Spinners | None = None) -> int:
    """Makes a folder of documents, some of them spun if there are spinners, and returns how many words they have."""
    rng = random.Random(5)
    words = 0
    for number, text in enumerate(islice(prose(), count)):
        if spinners and rng.random() < SPUN:
            text = spinners.spin(text)
        file = folder / f"{number // 100:04}" / f"{number:06}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n", encoding="utf-8")
        words += len(text.split())
    return words


def prose() -> Iterator[str]:
    for name in ("prose", "tech"):
        yield from documents(lines_of(SHARED / "data" / f"{name}.txt.xz"), WORDS)


def clean(source: Path, target: Path, jobs: int, count: int, words: int, *, screen: bool = True) -> float:
    """Cleans a folder, tells how fast that was and how much memory a process took, and returns the seconds."""
    peaks: dict[int, list[int]] = {}
    over = threading.Event()
    watcher = threading.Thread(target=watch, args=(peaks, over))
    watcher.start()
    start = time.perf_counter()
    tally = Run(source, target, Settings(screen=screen), (), Options(jobs=jobs))()
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    workers = sorted((max(seen) for pid, seen in peaks.items() if pid), reverse=True)
    print(
        f"{count} documents, {words} words, jobs {jobs}, screen {screen}: {seconds:.1f} s, {count / seconds:.1f} documents/s,"
    )
    print(f"    {words / seconds:.0f} words/s; screened {tally.screened}, restored {tally.restored}, failed {tally.failed}")
    print(
        f"    peak memory: workers {[f'{peak / 2**20:.0f} MB' for peak in workers[:4]]}, parent {max(peaks[0]) / 2**20:.0f} MB"
    )
    for pid, seen in peaks.items():
        tenths = [max(seen[len(seen) * k // 10 : len(seen) * (k + 1) // 10] or [0]) / 2**20 for k in range(10)]
        print(f"    {'worker' if pid else 'parent'}, MB by tenths of its life: {' '.join(f'{peak:.0f}' for peak in tenths)}")
    return seconds


def watch(peaks: dict[int, list[int]], over: threading.Event) -> None:
    """Takes the memory of this process (0) and of each worker twice a second."""
    own = psutil.Process()
    while not over.wait(0.5):
        peaks.setdefault(0, []).append(own.memory_info().rss)
        for child in own.children():
            try:
                if "resource_tracker" not in " ".join(child.cmdline()):
                    peaks.setdefault(child.pid, []).append(child.memory_info().rss)
            except psutil.Error:
                continue


def digest(folder: Path) -> str:
    """A hash of all files that were written."""
    whole = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*.txt") if FOLDER not in path.parts):
        whole.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()


def stages(folder: Path) -> None:
    """Tells the share of time of each stage."""
    despinner = Despinner(Settings(screen=True))
    texts = [path.read_text(encoding="utf-8") for path in random.Random(3).sample(sorted(folder.rglob("*.txt")), 100)]
    list(despinner.pipe(texts[:10]))
    spent: Counter[str] = Counter()
    despinner._stages = [Timed(stage, spent) for stage in despinner._stages]  # type: ignore[misc]
    suspects = despinner._resources.screen.suspects

    def timed(text: str) -> bool:
        start = time.perf_counter()
        found = suspects(text)
        spent["screen"] += time.perf_counter() - start
        return found

    despinner._resources.screen.suspects = timed  # type: ignore[method-assign]
    start = time.perf_counter()
    list(despinner.pipe(texts))
    whole = time.perf_counter() - start
    print("share of time:", ", ".join(f"{name} {seconds / whole:.2f}" for name, seconds in spent.most_common()))


class Timed:
    """A stage whose time is taken."""

    def __init__(self, stage: object, spent: Counter[str]) -> None:
        self._stage = stage
        self.name = stage.name
        self._spent = spent

    def __call__(self, draft: object) -> object:
        start = time.perf_counter()
        found = self._stage(draft)
        self._spent[self.name] += time.perf_counter() - start
        return found


def missed(spinners: Spinners) -> None:
    """Tells what the screen does with prose that nothing was made of, clean and spun."""
    screen = Screen.load(Lexicon.load())
    clean = list(clean_documents(WORDS, 2000))
    spun = [spinners.spin(text) for text in clean]
    lost = [text for text in spun if not screen.suspects(text)]
    despinner = Despinner()
    acted = sum(any(edit.stage == SUBSTITUTION for edit in despinner(text).edits) for text in lost)
    passed = sum(map(screen.suspects, clean))
    print(f"of {len(spun)} spun documents {len(lost)} are taken for clean; in {acted} of these a thorough look restores words")
    print(f"of {len(clean)} clean documents {passed} get a thorough look")


if __name__ == "__main__":
    main()
