"""Turns a trained network into the files that despin ships: a transformer in 8 bits for onnxruntime, and heads for numpy."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from despin.judge.encoder import word_pieces
from despin.training.encoder import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from torch import Tensor

    from despin.training.encoder import Network

_OPSET = 17


def export(network: Network, vocabulary: Sequence[str], base: Path, folder: Path) -> None:
    """Writes `encoder.onnx`, `heads.npz`, `vocabulary.txt` and `tokenizer.json`.

    Args:
        network: the trained network.
        vocabulary: the lemmas that it names.
        base: the base model's folder, for its tokenizer.
        folder: where the files go; made if it is not there.
    """
    network = network.cpu().eval()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch) / "whole.onnx"
        _trace(network, whole)
        quantize_dynamic(
            whole, folder / "encoder.onnx", weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"]
        )
    shutil.copyfile(base / "tokenizer.json", folder / "tokenizer.json")
    (folder / "vocabulary.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    pieces = word_pieces(base / "tokenizer.json")
    heads: dict[str, Any] = _heads(network, [pieces_of(lemma, pieces) for lemma in vocabulary])
    np.savez_compressed(folder / "heads.npz", **heads)


class _Transformer(nn.Module):
    """The transformer by itself: embeddings of one window's word pieces in, and 1 for each that counts; vectors out."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self._bert = network.bert

    def forward(self, embeddings: Tensor, mask: Tensor) -> Tensor:
        hidden = self._bert.embeddings(inputs_embeds=embeddings)
        bias = (1.0 - mask)[:, None, None, :] * -1e4
        for layer in self._bert.encoder.layer:
            hidden = layer(hidden, bias)
        return hidden


def _trace(network: Network, path: Path) -> None:
    network.bert.set_attn_implementation("eager")
    size = network.bert.config.hidden_size
    names: dict[str, Any] = {"input_names": ["embeddings", "mask"], "output_names": ["hidden"]}
    axes = {"embeddings": {1: "pieces"}, "mask": {1: "pieces"}, "hidden": {1: "pieces"}}
    window = (torch.randn(1, 40, size), torch.ones(1, 40))
    torch.onnx.export(_Transformer(network), window, path, **names, dynamic_axes=axes, opset_version=_OPSET, dynamo=False)


def _heads(network: Network, vocabulary: Sequence[Sequence[int]]) -> dict[str, NDArray[Any]]:
    """The arrays of `heads.npz`: embeddings and the vocabulary's vectors in 8 bits with a scale a row, the heads in 16."""
    arrays: dict[str, NDArray[Any]] = {}
    arrays["embeddings"], arrays["embeddings.scale"] = _eighth(network.embeddings.detach().numpy())
    held = arrays["embeddings"].astype(np.float32) * arrays["embeddings.scale"].astype(np.float32)[:, None]
    with torch.no_grad():
        vectors, biases = network.originals(torch.from_numpy(np.stack([held[ids].mean(0) for ids in vocabulary])))
    arrays["vocabulary"], arrays["vocabulary.scale"] = _eighth(vectors.numpy())
    arrays["vocabulary.bias"] = biases.numpy().astype(np.float16)
    for name, parameter in network.named_parameters():
        if not name.startswith("bert."):
            array = parameter.detach().numpy()
            arrays[name] = array.astype(np.float16) if array.ndim > 1 else array
    return arrays


def _eighth(array: NDArray[Any]) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """A matrix in 8 bits, and the scale of each row."""
    scale = (np.abs(array).max(1) / 127).astype(np.float16)
    return np.clip(np.round(array / scale.astype(np.float32)[:, None]), -127, 127).astype(np.int8), scale
