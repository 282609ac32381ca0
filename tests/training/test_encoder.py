"""Training goes down, goes on where it stopped, and ends in files that despin loads."""

import shutil
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
pytest.importorskip("onnx")

from despin.despinner import Despinner  # noqa: E402 - after the libraries that may be missing
from despin.judge.base import Passage, Slot  # noqa: E402
from despin.judge.encoder import MODEL, EncoderJudge  # noqa: E402
from despin.lexicon.dictionary import Dictionary  # noqa: E402
from despin.training.corpus import prepare  # noqa: E402
from despin.training.encoder import Network, Recipe, train  # noqa: E402
from despin.training.export import export  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore")  # PyTorch's exporters warn of themselves

VOCABULARY = ["answer", "help", "plan", "good", "simple", "question", "money", "people"]
DICTIONARY = Dictionary(
    {
        ("answer", "NOUN"): ["reply"],
        ("help", "NOUN"): ["assistance"],
        ("plan", "NOUN"): ["blueprint"],
        ("good", "ADJ"): ["great"],
        ("simple", "ADJ"): ["uncomplicated"],
    }
)
PROSE = "People need a simple answer and a good plan. Good help costs money, and the question has no answer.\n" * 60


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of random weights, small enough to train in seconds, with the real tokenizer."""
    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 64}
    transformers.BertModel(transformers.BertConfig(**sizes), add_pooling_layer=False).save_pretrained(folder)
    shutil.copyfile(MODEL / "tokenizer.json", folder / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def shards(despinner: Despinner, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "prose.txt").write_text(PROSE, encoding="utf-8")
    return prepare(despinner.nlp, [folder / "prose.txt"], folder)


def run(base: Path, shards: list[Path], checkpoint: Path, steps: int) -> tuple[Network, list[dict[str, float]]]:
    logged: list[dict[str, float]] = []
    recipe = Recipe(steps=steps, pieces=300, warmup=5, encoder_rate=2e-3, head_rate=4e-3)
    made = {"shards": shards, "dictionaries": [DICTIONARY], "vocabulary": VOCABULARY, "base": base, "checkpoint": checkpoint}
    return train(recipe, **made, log=logged.append, every=5, keep=10), logged  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def trained(base: Path, shards: list[Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Network, list[dict[str, float]]]:
    return run(base, shards, tmp_path_factory.mktemp("run") / "checkpoint.pt", 60)


def test_losses_fall(trained: tuple[Network, list[dict[str, float]]]) -> None:
    _, logged = trained
    for loss in ("spun", "named", "chosen"):
        assert logged[-1][loss] < logged[0][loss]


def test_goes_on_from_its_checkpoint(base: Path, shards: list[Path], tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoint.pt"
    run(base, shards, checkpoint, 10)
    _, logged = run(base, shards, checkpoint, 20)
    assert [one["step"] for one in logged] == [15, 20]
    _, logged = run(base, shards, checkpoint, 20)
    assert logged == []


def test_the_same_seed_gives_the_same_model(base: Path, shards: list[Path], tmp_path: Path) -> None:
    one, other = (run(base, shards, tmp_path / name, 3)[0].state_dict() for name in ("a.pt", "b.pt"))
    assert all(torch.allclose(one[name], other[name], atol=1e-3) for name in one)


def test_exported_files_say_what_the_network_says(
    trained: tuple[Network, list[dict[str, float]]], base: Path, tmp_path: Path
) -> None:
    network, _ = trained
    export(network, VOCABULARY, base, tmp_path)
    judge = EncoderJudge(tmp_path)
    words = "people need a uncomplicated reply .".split()
    slots = [Slot(at, at + 1, ((words[at],), ("answer",), ("money",))) for at in range(5)]
    ids = judge._pieces
    with torch.no_grad():
        encoded = torch.tensor([[101, *(piece for word in words for piece in ids(word)), 102]])
        hidden = network.bert(input_ids=encoded).last_hidden_state[0, 1:-1]
        ends = np.cumsum([0, *(len(ids(word)) for word in words)])
        places = torch.stack([hidden[ends[at] : ends[at + 1]].mean(0) for at in range(5)])
        wanted = network.det(places)[:, 0].numpy()
    assert judge.vocabulary == VOCABULARY
    assert judge.suspect(Passage(tuple(words), frozenset({0})), slots) == pytest.approx(wanted, abs=0.5)
