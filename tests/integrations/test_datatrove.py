"""A pipeline of datatrove restores the documents that pass through it."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

from despin.errors import ConfigError

pytest.importorskip("datatrove")

from despin.integrations.datatrove import Clean

pytestmark = pytest.mark.filterwarnings("ignore")

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "datatrove_jsonl.py"
SPUN = "Peer support groups help people overcome mental health preconception."
RESTORED = "Peer support groups help people overcome mental health stigma."
CLEAN = "The committee met on Tuesday and agreed to publish the minutes of the last three meetings. " * 4


def test_documents_are_restored() -> None:
    from datatrove.data import Document

    texts = [SPUN, CLEAN, "long " * 300]
    step = Clean(max_characters=1000)
    found = list(step.run(Document(text=text, id=str(number)) for number, text in enumerate(texts)))
    assert [document.text for document in found] == [RESTORED, CLEAN, texts[2]]
    assert found[0].metadata["despin_edits"] == 1
    assert found[1].metadata["despin_screened"] is True
    assert "the limit is 1,000" in found[2].metadata["despin_error"]
    assert {name: step.stats[name].total for name in ("total", "restored", "screened", "failed")} == {
        "total": 3,
        "restored": 1,
        "screened": 1,
        "failed": 1,
    }


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(ConfigError, match="no setting"):
        Clean(threshhold=0.5)


def test_the_example_restores_jsonl(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    for shard in range(2):
        lines = [json.dumps({"id": f"{shard}-{k}", "text": SPUN if k % 5 == 0 else CLEAN}) for k in range(20)]
        (tmp_path / "pages" / f"{shard}.jsonl").write_text("\n".join(lines) + "\n")
    command = [sys.executable, str(EXAMPLE), str(tmp_path / "pages"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [
        json.loads(line)
        for path in sorted((tmp_path / "out").iterdir())
        for line in gzip.decompress(path.read_bytes()).decode().splitlines()
    ]
    assert len(found) == 40
    assert all(row["text"] == (RESTORED if int(row["id"].split("-")[1]) % 5 == 0 else CLEAN) for row in found)
