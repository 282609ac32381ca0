"""The command line's contract, through real processes and pipes."""

import codecs
import hashlib
import json
import lzma
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HEADER = "spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\n"
GOLD = Path(__file__).parent / "gold"
SPUN = "Peer support groups help people overcome mental health preconception and build a feeling of neighborhood.\n"
RESTORED = "Peer support groups help people overcome mental health stigma and build a sense of community.\n"
CLEAN = "She grew up in a quiet neighborhood and had no preconception about the job.\n"


def run(*args: str | Path, data: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "despin", *map(str, args)]
    done = subprocess.run(command, input=data, capture_output=True, cwd=cwd, check=False, timeout=120)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done


@pytest.fixture
def spun(tmp_path: Path) -> Path:
    path = tmp_path / "spun.txt"
    path.write_text(SPUN, encoding="utf-8")
    return path


def test_filters_standard_input() -> None:
    done = run(data=SPUN.encode())
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, RESTORED, b"")
    assert run("-", data=CLEAN.encode()).stdout.decode() == CLEAN


def test_full_name_and_default_command_are_the_same(spun: Path) -> None:
    assert run("restore", spun).stdout == run(spun).stdout == RESTORED.encode()


def test_inputs_are_what_their_names_say_or_the_user(tmp_path: Path) -> None:
    page = f"<p title='mental health preconception'>{SPUN.replace('health', '<b>health')}</b></p>"
    restored = f"<p title='mental health preconception'>{RESTORED.replace('health', '<b>health')}</b></p>"
    path, markdown = tmp_path / "page.html", tmp_path / "page.md"
    path.write_text(page, encoding="utf-8")
    markdown.write_text(f"- One.\n\n      {SPUN}\n{SPUN}", encoding="utf-8")
    done = run(path, markdown)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == f"{restored}- One.\n\n      {SPUN}\n{RESTORED}"
    assert run("undo", data=run("--format", "json", path).stdout).stdout == path.read_bytes()
    assert run("--input", "html", data=page.encode()).stdout.decode() == restored
    assert b"spun" in run("detect", path).stdout


def test_the_main_text_of_a_page_is_restored(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    path.write_text(f"<nav>Home</nav><article><h1>Help</h1><p>{SPUN * 3}</article>", encoding="utf-8")
    done = run("--extract", path)
    assert done.returncode == 0
    assert done.stdout.decode().split() == ["Help", *(RESTORED * 3).split()]
    for wrong in ("--write", "--input=text"):
        assert run("--extract", wrong, path).returncode == 2
    done = run("--extract", data=b"nothing")
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"no main text" in done.stderr


def test_stages_can_be_chosen(spun: Path) -> None:
    assert run("--skip", "substitution", spun).stdout == SPUN.encode()
    assert run("--only", "substitution", spun).stdout == RESTORED.encode()
    for wrong in (("--only", "repair"), ("--only", "style", "--style")):
        assert run(*wrong, spun).returncode == 2


def test_another_encoding_writes_what_the_inputs_lacks(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    # The bytes of a UTF-8 arrow, read as Windows-1252 for the lone byte at the end.
    page.write_bytes("Go → there, it’s caf".encode() + b"\xe9.\n")
    before = page.read_bytes()
    refused = run("--write", page)
    assert refused.returncode == 3
    assert b"`despin --encoding utf-8`" in refused.stderr
    found = run("--format", "json", "--encoding", "utf-8", page)
    assert json.loads(found.stdout)["encoding"] == "cp1252"
    assert run("undo", data=found.stdout).stdout == page.read_bytes() == before
    assert run("--encoding", "utf-8", page).stdout == "Go → there, it’s café.\n".encode()
    assert run("--write", "--encoding", "utf-8", page).returncode == 0
    assert page.read_bytes() == "Go → there, it’s café.\n".encode()
    assert run("--encoding", "ebcdic", page).returncode == 2


def test_files_are_left_alone_without_write(spun: Path) -> None:
    run(spun)
    assert spun.read_text() == SPUN


def test_write_changes_spun_files_only(spun: Path, tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text(CLEAN)
    os.utime(clean, (1, 1))
    spun.chmod(0o640)
    done = run("--write", spun, clean)
    assert (done.returncode, done.stdout) == (0, b"")
    assert spun.read_text() == RESTORED
    assert spun.stat().st_mode & 0o777 == 0o640
    assert clean.stat().st_mtime == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.txt", "spun.txt"]


@pytest.mark.skipif(os.name == "nt", reason="links take rights there")
def test_write_follows_no_link_out_of_its_folder(spun: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.txt").write_text(SPUN)
    (folder / "inside.txt").symlink_to("a.txt")
    (folder / "outside.txt").symlink_to(spun)
    done = run("--write", folder / "inside.txt", folder / "outside.txt")
    assert done.returncode == 3
    assert f"outside.txt: cannot be written: it is a link to {spun}" in done.stderr.decode()
    assert spun.read_text() == SPUN
    assert (folder / "a.txt").read_text() == RESTORED
    assert (folder / "inside.txt").is_symlink()


def test_check_tells_by_exit_status(spun: Path) -> None:
    done = run("--check", spun)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"2 edits" in done.stderr
    assert run("--check", data=CLEAN.encode()).returncode == 0


def test_diff_and_check_work_together(spun: Path, tmp_path: Path) -> None:
    done = run("--diff", "--check", spun.name, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.decode() == f"--- a/spun.txt\n+++ b/spun.txt\n@@ -1 +1 @@\n-{SPUN}+{RESTORED}"
    assert run("--diff", data=CLEAN.encode()).stdout == b""


def test_criticmarkup_and_json() -> None:
    marked = run("--format", "criticmarkup", data=SPUN.encode()).stdout.decode()
    assert "{~~preconception~>stigma~~}" in marked
    done = run("--format", "json", data=SPUN.encode())
    found = json.loads(done.stdout)
    assert found["text"] == RESTORED
    assert found["edits"][0]["spun"] == "preconception"
    assert run("undo", data=done.stdout).stdout.decode() == SPUN


def test_explain_gives_the_evidence_on_standard_error() -> None:
    done = run("--explain", data=SPUN.encode())
    assert done.stdout.decode() == RESTORED
    assert b"lexicon: preconception" in done.stderr
    assert b"spin rate of the document" in done.stderr


def test_detect(spun: Path) -> None:
    found = json.loads(run("detect", "--format", "json", spun).stdout)
    assert found["is_spun"]
    assert found["strongest"]
    assert b"not visibly spun" in run("detect", data=CLEAN.encode()).stdout


def test_ignored_words_stay(tmp_path: Path) -> None:
    words = tmp_path / "words.txt"
    words.write_text("preconception\n")
    restored = run("--ignore", words, data=SPUN.encode()).stdout.decode()
    assert "preconception" in restored
    assert "sense of community" in restored
    assert "feeling of neighborhood" in run("--ignore", "feeling", data=SPUN.encode()).stdout.decode()


def test_inline_comments_switch_off() -> None:
    text = f"<!-- despin: off -->\n{SPUN}<!-- despin: on -->\n\n{SPUN}"
    assert run(data=text.encode()).stdout.decode() == f"<!-- despin: off -->\n{SPUN}<!-- despin: on -->\n\n{RESTORED}"


def test_a_lexicon_of_ones_own_adds_rows(tmp_path: Path) -> None:
    rows = tmp_path / "own.tsv"
    rows.write_text("spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\nwoofing box\tNOUN\tdog\t\t\tsafe\t\t\n")
    done = run("--lexicon", rows, data=b"We met two woofing boxes in the park.")
    assert done.stdout == b"We met two dogs in the park."


def test_configuration_is_found_and_options_win(tmp_path: Path) -> None:
    (tmp_path / "despin.toml").write_text('ignore = ["preconception"]\nmode = "cautious"\n')
    below = tmp_path / "below"
    below.mkdir()
    assert b"preconception" in run(data=SPUN.encode(), cwd=below).stdout
    (tmp_path / "despin.toml").unlink()
    (tmp_path / "pyproject.toml").write_text('[tool.despin]\nignore = ["neighborhood"]\n')
    assert b"neighborhood" in run(data=SPUN.encode(), cwd=below).stdout


@pytest.mark.parametrize(
    "config",
    [
        "= broken",
        "unknown = 1",
        'mode = "bold"',
        "threshold = 2",
        'threshold = "x"',
        "proposals = 1",
        "proposed = 2",
        "ignore = 3",
        'judge = "shallow"',
        "judge = 1",
        'lexicon = ["missing.tsv"]',
        'lexicon = ["a\\u0000b"]',
        "a = " + 20_000 * "[",
    ],
)
def test_a_broken_configuration_is_wrong_usage(tmp_path: Path, config: str) -> None:
    (tmp_path / "despin.toml").write_text(config)
    done = run(data=SPUN.encode(), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().count("\n") == 1


def test_a_broken_lexicon_row_names_file_and_line(tmp_path: Path) -> None:
    rows = tmp_path / "own.tsv"
    rows.write_text("spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\nonly three\tNOUN\tcolumns\n")
    done = run("--lexicon", rows, data=SPUN.encode())
    assert (done.returncode, done.stdout) == (2, b"")
    assert f"{rows}:2: 3 columns".encode() in done.stderr


def test_a_configuration_can_be_named(tmp_path: Path) -> None:
    path = tmp_path / "other.toml"
    path.write_text('ignore = ["preconception"]\n')
    assert b"preconception" in run("--config", path, data=SPUN.encode()).stdout
    done = run("--config", tmp_path / "missing.toml", data=SPUN.encode())
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_known_spin_rate_is_believed() -> None:
    text = b"Individuals who sleep well learn faster.\n"
    assert run(data=text).stdout == text
    assert run("--spin-rate", "0.4", data=text).stdout == text.replace(b"Individuals", b"People")
    assert run("--spin-rate", "2", data=text).returncode == 2


def test_the_encoders_proposals_can_be_switched_off() -> None:
    text = b"Save your turnip in a bank account.\n"
    assert b"turnip" not in run("--spin-rate", "0.9", data=text).stdout
    assert b"turnip" in run("--spin-rate", "0.9", "--no-proposals", data=text).stdout


def test_a_missing_deep_judge_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "despin.toml").write_text('judge = "models/none.gguf"\n')
    for options in (("--judge", tmp_path / "models" / "none.gguf"), ("--config", tmp_path / "despin.toml")):
        done = run(*options, data=b"Clean.\n")
        assert (done.returncode, done.stdout) == (3, b"")
        assert done.stderr.decode().count("\n") == 1
        assert str(tmp_path / "models" / "none.gguf") in done.stderr.decode()
    assert run("--config", tmp_path / "despin.toml", "--judge", "encoder", data=b"Clean.\n").stdout == b"Clean.\n"
    assert run("--judge", "shallow", data=b"Clean.\n").returncode == 2
    assert run("eval", "--judge", "--with-judge", "encoder", "x.txt").returncode == 2


def test_the_threshold_has_three_names() -> None:
    sample = Path(__file__).parent / "samples" / "spun.txt"
    outputs = [json.loads(run("-f", "json", *option, sample).stdout)["edits"] for option in (["--cautious"], [], ["--eager"])]
    assert 0 < len(outputs[0]) < len(outputs[1]) < len(outputs[2])
    assert all(edit["confidence"] >= 0.8 for edit in outputs[0])


def test_spin_marks_what_it_changes(tmp_path: Path) -> None:
    clean = tmp_path / "clean.txt"
    clean.write_text("The group helps people who want to find a good job and keep it for a long time.\n" * 5)
    spun = run("spin", "--rate", "0.6", "--seed", "3", clean).stdout.decode()
    gold = run("spin", "--rate", "0.6", "--seed", "3", "--gold", clean).stdout.decode()
    assert re.sub(r"\{~~(.*?)~>.*?~~\}", r"\1", gold) == spun != clean.read_text()
    assert re.sub(r"\{~~.*?~>(.*?)~~\}", r"\1", gold) == clean.read_text()


def test_marks_what_became_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "clean.txt").write_text(RESTORED)
    gold = run("mark", tmp_path / "clean.txt", "-", data=SPUN.encode()).stdout.decode()
    assert gold == (
        "Peer support groups help people overcome mental health {~~preconception~>stigma~~} and build a "
        "{~~feeling~>sense~~} of {~~neighborhood~>community~~}.\n"
    )
    assert run("mark", tmp_path / "clean.txt", tmp_path / "none.txt").returncode == 3


@pytest.mark.parametrize("options", [("--cautious", "--eager"), ("--write",), ("--diff", "--format", "json"), ("--nonsense",)])
def test_wrong_usage(options: tuple[str, ...]) -> None:
    assert run(*options, data=SPUN.encode()).returncode == 2


def test_bad_inputs_fail_and_the_others_are_done(spun: Path, tmp_path: Path) -> None:
    binary = tmp_path / "binary.txt"
    binary.write_bytes(b"\x89PNG\0\0\1")
    broken = tmp_path / "broken.txt"
    broken.write_bytes(codecs.BOM_UTF16_LE + b"\x00\xd8x")
    missing = tmp_path / "missing.txt"
    done = run("--write", binary, broken, missing, tmp_path, spun)
    assert done.returncode == 3
    assert spun.read_text() == RESTORED
    assert binary.read_bytes() == b"\x89PNG\0\0\1"
    messages = done.stderr.decode().splitlines()
    assert [any(str(path) in line for line in messages) for path in (binary, broken, missing, tmp_path)] == [True] * 4
    assert len(messages) == 5


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions bind neither root nor Windows")
def test_an_unreadable_file_fails(spun: Path) -> None:
    spun.chmod(0)
    assert run(spun).returncode == 3


def test_a_document_over_the_limit_is_refused(spun: Path, tmp_path: Path) -> None:
    (tmp_path / "despin.toml").write_text("max_characters = 50\n")
    done = run("--write", spun, cwd=tmp_path)
    assert done.returncode == 3
    assert b"the limit is 50" in done.stderr
    assert spun.read_text() == SPUN


@pytest.mark.parametrize("data", [b"", b"\n", b" \t\r\n", codecs.BOM_UTF8])
def test_empty_input_comes_back(data: bytes) -> None:
    done = run(data=data)
    assert (done.returncode, done.stdout, done.stderr) == (0, data, b"")


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: ("café ’s\n" + text).encode("cp1252"),
    ],
)
def test_encoding_and_newlines_are_kept(encode: object) -> None:
    assert callable(encode)
    assert run(data=encode(SPUN)).stdout == encode(RESTORED)


def test_help_and_version_load_no_model() -> None:
    for option in ("--help", "--version"):
        code = f"import sys; sys.argv = ['despin', '{option}']\nfrom despin.cli import main\ntry: main()\n"
        code += "except SystemExit: pass\nassert not {'spacy', 'numpy', 'lemminflect'} & set(sys.modules), 'heavy import'"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert b"despin" in done.stdout


def test_a_file_named_like_a_command_goes_after_two_dashes(tmp_path: Path) -> None:
    (tmp_path / "eval").write_text(SPUN)
    assert run("--", "eval", cwd=tmp_path).stdout.decode() == RESTORED


def test_a_reader_that_leaves_is_no_crash(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text((CLEAN + "\n") * 1000)
    command = f"{sys.executable} -m despin {path} | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, check=False)
    assert (done.stdout, done.stderr) == (CLEAN[:10].encode(), b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such shell")
@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("{despin} <&-", "standard input is closed"),
        ("{despin} spun.txt >&-", "standard output is closed"),
        ("{despin} spun.txt > /dev/full", "standard output cannot be written"),
        ("{despin} eval spun.txt >&-", "standard output is closed"),
        ("{despin} --version > /dev/full", "standard output cannot be written"),
        ("mkdir gone; cd gone; rmdir ../gone; {despin} ../spun.txt", "folder has been deleted"),
        ("echo '[3]' | {despin} undo", "not a restoration"),
        ('echo \'{{"text": "a", "edits": [], "spin_rate": 0, "encoding": "x"}}\' | {despin} undo', "no encoding"),
    ],
)
def test_a_broken_surrounding_is_told_in_one_sentence(spun: Path, command: str, message: str) -> None:
    if "/dev/full" in command and not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    command = command.format(despin=f"{sys.executable} -m despin")
    done = subprocess.run(command, shell=True, capture_output=True, check=False, cwd=spun.parent, text=True, input="")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.count("\n") == 1
    assert message in done.stderr


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions bind neither root nor Windows")
def test_a_read_only_file_stays(spun: Path) -> None:
    spun.chmod(0o444)
    assert run("--write", spun).returncode == 3
    assert spun.read_text() == SPUN


def test_undo_and_diff_keep_the_encoding(tmp_path: Path) -> None:
    old = tmp_path / "café page.txt"
    old.write_bytes(("café ’s\r\n" + SPUN).encode("cp1252"))
    wide = codecs.BOM_UTF16_BE + SPUN.encode("utf-16-be")
    assert run("undo", data=run("--format", "json", old).stdout).stdout == old.read_bytes()
    assert run("undo", data=run("--format", "json", data=wide).stdout).stdout == wide
    lines = run("--diff", old.name, cwd=tmp_path).stdout.split(b"\n")
    assert lines[0] == "--- a/café page.txt\t".encode()
    assert " café ’s\r".encode("cp1252") in lines
    marked = tmp_path / "marked.txt"
    marked.write_bytes(codecs.BOM_UTF8 + SPUN.encode())
    assert b"\n-" + marked.read_bytes() in run("--diff", marked).stdout
    assert run("--format", "criticmarkup", old).stdout.startswith("café ’s\r\nPeer".encode("cp1252"))


def test_a_diff_that_its_encoding_cannot_hold_fails_in_a_sentence(tmp_path: Path) -> None:
    rows = tmp_path / "own.tsv"
    rows.write_text("spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\nwoofing box\t\tŁódź\t\t\tsafe\t\t\n", "utf-8")
    for form in ("text", "diff"):
        done = run("--lexicon", rows, "--format", form, data="We met café woofing box there.".encode("cp1252"))
        assert (done.returncode, done.stdout) == (3, b"")
        assert b"cannot be written in" in done.stderr


def test_eval_reports_figures(tmp_path: Path) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text("They overcome mental health {~~preconception~>stigma~~}. She is {??very ~>??}kind.\n")
    lines = [json.loads(line) for line in run("eval", "--format", "json", gold).stdout.splitlines()]
    assert [line["text"] for line in lines] == [str(gold), "ALL"]
    assert lines[-1]["recall"] == lines[-1]["precision"] == 1.0


def test_eval_measures_judges() -> None:
    texts = (GOLD / "dog-training.txt", "--clean", GOLD / "clean" / "clinical-abstract.txt")
    done = run("eval", "--judge", "--verbose", "--format", "json", *texts)
    found = {(line["text"], line["judge"]): line for line in map(json.loads, done.stdout.splitlines())}
    assert list(found) == [(text, judge) for text in (str(texts[0]), "ALL") for judge in ("trigram", "prose", "encoder", "all")]
    trigram, _, encoder, both = (found["ALL", judge] for judge in ("trigram", "prose", "encoder", "all"))
    assert trigram["first"] is both["first"] is None
    assert encoder["first"] <= encoder["first_10"] <= encoder["first_100"] <= 1
    assert encoder["first_10"] > 0.5
    assert both["choice"] > 0.5
    assert both["kept"] == both["documents_auroc"] == 1
    assert b"too few texts" in done.stderr


def test_eval_measures_calibration(tmp_path: Path) -> None:
    plot = tmp_path / "reliability.svg"
    texts = (GOLD / "dog-training.txt", GOLD / "wsn.txt", "--clean", GOLD / "clean")
    done = run("eval", "--calibration", "--format", "json", "--plot", plot, *texts)
    (found,) = map(json.loads, done.stdout.splitlines())
    assert sum(one["count"] for one in found["bins"]) == found["verdicts"] > 100
    assert [one["name"] for one in found["thresholds"]] == ["eager", "balanced", "cautious"]
    assert 0 < found["error"] < 0.5
    assert b"<svg" in plot.read_bytes()
    done = run("eval", "--calibration", *texts[:1])
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"takes two marked and two clean" in done.stderr


def test_eval_measures_coverage() -> None:
    done = run("eval", "--coverage", "--format", "json", GOLD / "dog-training.txt", GOLD / "wsn.txt")
    *texts, everything = map(json.loads, done.stdout.splitlines())
    assert everything["text"] == "ALL"
    assert everything["covered"] == sum(one["covered"] for one in texts) > 40
    assert everything["written"] <= everything["lexicon"] <= everything["covered"] <= everything["must"]


@pytest.mark.parametrize(
    "options",
    [
        "--judge --calibration",
        "--judge --coverage",
        "--clean .",
        "--plot a.svg",
        "--calibration --plot a.txt",
        "--calibration --plot no/a.svg",
    ],
)
def test_eval_options_that_do_not_go_together(spun: Path, options: str) -> None:
    assert run("eval", spun, *options.split(), cwd=spun.parent).returncode == 2


def test_training_without_enough_texts_fails_in_a_sentence(spun: Path, tmp_path: Path) -> None:
    out = tmp_path / "weights.json"
    for status, arguments in (
        (3, (spun, "--out", out)),
        (3, (spun, tmp_path / "missing.txt", "--out", out)),
        (2, (spun, "--out", tmp_path / "missing" / "weights.json")),
    ):
        done = run("train", "weights", *arguments)
        assert (done.returncode, done.stdout, out.exists()) == (status, b"", False)
        assert done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows lets few make links")
@pytest.mark.parametrize(
    "command",
    [
        "lexicon learn --original a.txt --spun b.txt --out out.svg",
        "lexicon import-pps list.csv --out out.svg",
        "lexicon build-thesaurus --wordnet . --out out.svg",
        "train weights a.txt b.txt --clean clean --out out.svg",
        "eval --calibration a.txt b.txt --clean clean --plot out.svg",
    ],
)
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path, command: str) -> None:
    (tmp_path / "out.svg").symlink_to(tmp_path / "none" / "out.svg")
    (tmp_path / "clean").mkdir()
    for name, text in (
        ("a.txt", "We {~~obtain~>get~~} help, and help {~~each various other~>each other~~}.\n"),
        ("b.txt", "We {~~obtained~>got~~} help, and help {~~each various other~>each other~~}.\n"),
        ("clean/a.txt", "They support us.\n"),
        ("clean/b.txt", "We obtain water from the mountain.\n"),
        ("list.csv", "Fingerprint,Expected phrase\nwoofing boxes,dog boxes\n"),
        *((f"{kind}.{pos}", "") for kind in ("index", "data") for pos in ("noun", "verb", "adj", "adv")),
    ):
        (tmp_path / name).write_text(text)
    done = run(*command.split(), cwd=tmp_path)
    assert done.returncode == 3
    assert done.stderr.decode().splitlines()[-1].startswith("despin: out.svg: cannot be written: ")


def test_lexicon_check_finds_faults_and_broken_promises(tmp_path: Path) -> None:
    rows = tmp_path / "rows.tsv"
    header = "spun\tpos\toriginal\tnear\tavoid\ttier\texample\tkeep\n"
    rows.write_text(header + "zeal\tNOUN\tzeal\t\t\tthesaurus\t\t\nabc\t\tdef\tx\t\tcontext\t\t\n")
    done = run("lexicon", "check", "--lint", rows)
    assert done.returncode == 1
    for fault in (f"{rows}:2: 'zeal' stands for itself", "not sorted", f"{rows}:3: a row of the tier context needs"):
        assert fault in done.stderr.decode()
    rows.write_text(
        header
        + "each various other\t\teach other\t\t\tsafe\tWe help [each various other=>others].\tWe like each various other.\n"
    )
    done = run("lexicon", "check", rows)
    assert "the example is not restored" in done.stderr.decode()
    assert "the keep does not stay" in done.stderr.decode()


def test_lexicon_stats_flags_rows_that_act_in_clean_text(tmp_path: Path) -> None:
    rows = tmp_path / "rows.tsv"
    rows.write_text(f"{HEADER}canine frame\tNOUN\tdog box\t\t\tsafe\t\t\n", encoding="utf-8")
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / "a.txt").write_text(CLEAN)
    with lzma.open(tmp_path / "b.xz", "wt") as file:
        file.write(f"We saw two canine frames in the park.\n\n{CLEAN}")
    options = ("lexicon", "stats", "--clean", tmp_path / "clean", "--clean", tmp_path / "b.xz", "--lexicon", rows)
    done = run(*options, cwd=tmp_path)
    assert done.returncode == 1
    lines = done.stdout.decode().splitlines()
    assert lines[0].split()[:4] == ["spun", "pos", "original", "tier"]
    assert lines[1].split() == "canine frame NOUN dog box safe 1 1 27,777.8 27,777.8 thesaurus".split()
    assert lines[-1].startswith("36 words, 1 edits (27.778 per 1,000 words); ")
    assert lines[-1].endswith(" rows match, 1 make more than 1 edits per million words.")
    done = run(*options, "--format", "json", "--limit", "1", "--most", "50000", cwd=tmp_path)
    assert done.returncode == 0
    (first,) = map(json.loads, done.stdout.splitlines())
    assert (first["spun"], first["edits_per_million"], first["flagged"], first["move_to"]) == (
        "canine frame",
        27777.78,
        False,
        "",
    )
    assert first["where"] == f"{rows}:2"
    done = run(*options, "-f", "tsv", "--limit", "0", cwd=tmp_path)
    table = [line.split("\t") for line in done.stdout.decode().splitlines()]
    assert {len(line) for line in table} == {len(table[0])} == {11}
    assert len(table) > 3
    assert b"36 words, 1 edits" in done.stderr


def test_lexicon_stats_needs_texts(tmp_path: Path) -> None:
    assert run("lexicon", "stats").returncode == 2
    (tmp_path / "broken.xz").write_bytes(b"no archive")
    done = run("lexicon", "stats", "--clean", tmp_path / "broken.xz")
    assert done.returncode == 3
    assert b"broken.xz: cannot be read" in done.stderr


def test_a_screeners_list_becomes_a_lexicon(tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text('Fingerprint,Expected phrase\n"""woofing boxes"" AND ""park""",dog boxes\n"""wooden surface""",???\n')
    rows = tmp_path / "rows.tsv"
    done = run("lexicon", "import-pps", listed, "--out", rows)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "despin: 2 entries, 1 rows: 0 safe, 1 thesaurus.",
        "despin: left out: 1 (nothing is expected).",
    ]
    lines = rows.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# source: list.csv")
    assert lines[1] == f"# sha256: {hashlib.sha256(listed.read_bytes()).hexdigest()}"
    assert re.fullmatch(r"# imported: \d{4}-\d\d-\d\d", lines[2])
    assert lines[3:] == [
        "# rows: 1 of 2 entries",
        HEADER.strip(),
        "woofing box\tNOUN\tdog box\tpark\t\tthesaurus\t\t",
    ]
    assert run("lexicon", "check", rows).returncode == 0
    text = b"We met two woofing boxes in the park."
    assert run("--lexicon", rows, data=text).stdout == text
    assert run("--lexicon", rows, "--spin-rate", "0.5", data=text).stdout == b"We met two dog boxes in the park."


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [(b"DOI,Title\n", 3, b"names no column of tortured phrases"), (b"\xff", 3, b"not UTF-8"), (None, 3, b"cannot be read")],
)
def test_what_is_no_list_of_a_screener_is_told(tmp_path: Path, content: bytes | None, status: int, message: bytes) -> None:
    if content is not None:
        (tmp_path / "list.csv").write_bytes(content)
    done = run("lexicon", "import-pps", tmp_path / "list.csv", "--out", tmp_path / "rows.tsv")
    assert done.returncode == status
    assert message in done.stderr
    assert not (tmp_path / "rows.tsv").exists()
