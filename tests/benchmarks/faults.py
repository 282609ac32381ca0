"""What becomes of a run over a folder that is killed, has no room, meets hostile files, or a file larger than memory should be.

    python tests/benchmarks/faults.py WORDNET [kills|ray|room|hostile|large]...

WORDNET is the folder of WordNet's database files; without further words all five are tried. Kills: a folder of 600 documents,
a fifth of them spun, 200 of them in a JSONL file, is cleaned by the command, which is killed ten times at random moments and
then left alone; the result must be an undisturbed run's. Ray: two actors clean the 400 of them that are files, and ten times at
random moments one is killed; the texts must be an undisturbed run's. Room (which takes root, to mount it): the folder goes into
a disk of memory that is too small, then into one that is not. Hostile: a thousand files of bytes that no format has, broken
ones and bait, of up to 20 kB. Large: a JSONL file of 500 MB, of which the stage `characters` alone is run; told is the most
memory that the processes took, by tenths of the time. The exit status is 1 if anything is not as it must be.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from itertools import islice
from pathlib import Path

import psutil
from folder import Spinners, prose
from hostile import UNITS

from despin.batch.manifest import Manifest
from despin.batch.run import FOLDER, MANIFEST

KILLS = 10
HOSTILE, HOSTILE_SIZE = 1000, 20_000
LARGE = 500_000_000


def main() -> None:
    wanted = sys.argv[2:] or ["kills", "ray", "room", "hostile", "large"]
    good = True
    with tempfile.TemporaryDirectory(prefix="despin-faults-") as name:
        home = Path(name)
        if {"kills", "ray", "room"} & set(wanted):
            make(home / "pages", Spinners(Path(sys.argv[1])))
            begun = time.perf_counter()
            finish(home / "pages", home / "undisturbed")
            seconds = time.perf_counter() - begun
        if "kills" in wanted:
            good &= kills(home, seconds)
        if "ray" in wanted:
            good &= actors(home)
        if "room" in wanted:
            good &= room(home)
        if "hostile" in wanted:
            good &= hostile(home)
        if "large" in wanted:
            good &= large(home)
    raise SystemExit(not good)


def make(folder: Path, spinners: Spinners) -> None:
    rng = random.Random(2)
    folder.mkdir()
    texts = [spinners.spin(text) if rng.random() < 0.2 else text for text in islice(prose(), 600)]
    for number, text in enumerate(texts[:400]):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    lines = (json.dumps({"id": number, "text": text}) + "\n" for number, text in enumerate(texts[400:]))
    (folder / "many.jsonl").write_text("".join(lines), encoding="utf-8")


def command(source: Path, target: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "despin", "clean", str(source), str(target), *options]


def finish(source: Path, target: Path, *options: str) -> tuple[int, str]:
    done = subprocess.run(command(source, target, *options), capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and FOLDER not in path.relative_to(folder).parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def kills(home: Path, seconds: float) -> bool:
    rng = random.Random(4)
    expected = tree(home / "undisturbed")
    good, killed, target = True, 0, home / "out-0"
    while killed < KILLS:
        process = subprocess.Popen(command(home / "pages", target), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        moment = rng.uniform(0.1, 0.7) * seconds
        time.sleep(moment)
        if process.poll() is not None:
            # It was done before; there is another folder to be killed at.
            good &= tree(target) == expected
            target = home / f"out-{killed}"
            continue
        process.send_signal(signal.SIGKILL)
        process.wait()
        killed += 1
        found = tree(target)
        good &= all(data == expected[name] for name, data in found.items())
        print(f"killed after {moment:.1f} s: {len(found)} of {len(expected)} files, all whole: {good}")
    status, message = finish(home / "pages", target)
    same = tree(target) == expected
    print(f"then left alone: status {status}, the same as undisturbed: {same}; {message.strip()}")
    return good and same and status == 0


def actors(home: Path) -> bool:
    import ray

    from despin.integrations.ray import Clean

    rng = random.Random(8)
    over = threading.Event()
    killed: list[int] = []

    def kill() -> None:
        while len(killed) < KILLS and not over.wait(rng.uniform(1, 6)):
            if found := sorted(process.pid for process in psutil.process_iter() if is_actor(process)):
                killed.append(rng.choice(found))
                os.kill(killed[-1], signal.SIGKILL)

    names = sorted(path.name for path in (home / "pages").glob("*.txt"))
    pages = [{"name": name, "text": (home / "pages" / name).read_text(encoding="utf-8")} for name in names]
    # Two cores for actors, and one for reading and writing.
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, object_store_memory=100 << 20)
    killer = threading.Thread(target=kill)
    killer.start()
    try:
        cleaned = ray.data.from_items(pages).map_batches(Clean, batch_size=8, concurrency=2).take_all()
    finally:
        over.set()
        killer.join()
        ray.shutdown()
    found = sorted((row["name"], row["text"].encode()) for row in cleaned)
    same = found == [(name, (home / "undisturbed" / name).read_bytes()) for name in names]
    print(f"Ray: {len(killed)} actors killed at work, {len(found)} of {len(names)} texts, the same as undisturbed: {same}")
    return same and len(killed) == KILLS


def is_actor(process: psutil.Process) -> bool:
    try:
        return bool(re.match(r"ray::.*\bClean\b", " ".join(process.cmdline())))
    except psutil.Error:
        return False


def room(home: Path) -> bool:
    disk = home / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=800k", "tmpfs", str(disk)], check=True)
    try:
        status, message = finish(home / "pages", disk / "out")
        lines = message.strip().splitlines()
        found = tree(disk / "out")
        expected = tree(home / "undisturbed")
        whole = all(data == expected[name] for name, data in found.items())
        told = "Traceback" not in message and status == 3
        print(f"too little room: status {status}, {len(found)} of {len(expected)} files, all whole: {whole}")
        print(f"    {lines[0]} … {lines[-1]}")
        subprocess.run(["mount", "-o", "remount,size=50m", str(disk)], check=True)
        status, message = finish(home / "pages", disk / "out")
        same = tree(disk / "out") == expected
        print(f"with more: status {status}, the same as undisturbed: {same}; {message.strip()}")
        return whole and told and same and status == 0
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def hostile(home: Path) -> bool:
    rng = random.Random(6)
    folder = home / "hostile"
    folder.mkdir()
    suffixes = (".txt", ".md", ".html", ".jsonl", ".jsonl.gz", ".jsonl.zst", ".csv", ".parquet", ".warc", ".warc.gz")
    for number in range(HOSTILE):
        unit = rng.choice(UNITS).encode()
        data = unit * (rng.randrange(HOSTILE_SIZE) // len(unit))
        suffix = suffixes[number % len(suffixes)]
        if number % 3 == 0:
            data = rng.randbytes(rng.randrange(HOSTILE_SIZE))
        elif suffix == ".jsonl":
            data = json.dumps({"text": data.decode()}).encode() + b"\n" + data
        elif suffix == ".csv":
            data = b'id,text\n1,"' + data.replace(b'"', b'""') + b'"\n2,' + data
        (folder / f"{number}{suffix}").write_bytes(data)
    status, message = finish(folder, home / "harmless", "--no-screen", "--scrape", "--timeout", "120")
    manifest = Manifest(home / "harmless" / FOLDER / MANIFEST)
    files = list(manifest.files())
    documents = list(manifest.documents())
    manifest.close()
    failed = sum(bool(row.error) for row in files)
    quarantined = [f"{row.path}: {row.error}" for row in documents if row.status == "quarantined"]
    whole = len(files) == HOSTILE and "Traceback" not in message
    print(f"hostile: status {status}, {len(files)} files accounted for, {failed} with a reason, quarantined: {quarantined}")
    print(f"    {message.strip().splitlines()[-1]}")
    return whole and not quarantined


def large(home: Path) -> bool:
    source = home / "large.jsonl"
    lines = 0
    with source.open("w", encoding="utf-8") as file:
        while file.tell() < LARGE:
            for text in prose():
                lines += 1
                file.write(json.dumps({"id": lines, "text": text + (" It is itâ€™s own." if lines % 50 == 0 else "")}) + "\n")
                if file.tell() >= LARGE:
                    break
    begun = time.perf_counter()
    process = subprocess.Popen(command(source, home / "largeout", "--only", "characters"), stderr=subprocess.DEVNULL)
    peaks: list[tuple[float, float, float]] = []
    while process.poll() is None:
        time.sleep(0.5)
        try:
            parent = psutil.Process(process.pid)
            children = [child.memory_info().rss for child in parent.children()]
            peaks.append((time.perf_counter() - begun, parent.memory_info().rss / 2**20, max(children, default=0) / 2**20))
        except psutil.Error:
            continue
    end = peaks[-1][0]
    tenths = [[row for row in peaks if end * k / 10 <= row[0] < end * (k + 1) / 10] for k in range(10)]
    print(f"{source.stat().st_size} bytes, {lines} documents, {end:.0f} s, {lines / end:.0f} documents/s")
    for name, column in (("parent", 1), ("worker", 2)):
        most = (max(row[column] for row in rows) for rows in tenths if rows)
        print(f"    {name}, MB by tenths of the time: {' '.join(f'{peak:.0f}' for peak in most)}")
    written = sum(1 for _ in (home / "largeout" / "large.jsonl").open("rb"))
    return process.returncode == 0 and written == lines


if __name__ == "__main__":
    main()
