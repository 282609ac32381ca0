"""Ray Data: `dataset.map_batches(Clean, ...)` restores a column of a dataset, on a laptop or a cluster.

    import ray
    from despin.integrations.ray import Clean

    pages = ray.data.read_parquet("s3://bucket/pages/")
    cleaned = pages.map_batches(Clean, fn_constructor_kwargs={"field": "text"}, batch_size=64, concurrency=8)
    cleaned.write_parquet("s3://bucket/cleaned/")

Each actor loads the models once, and takes one core; leave others to reading and writing, for which Ray waits else without end.
Ray starts an actor again that ends, and hands its batches out anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from despin.batch.worker import load, restored
from despin.document.views import TEXT
from despin.settings import Settings, check_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Clean:
    """Restores a column of batches; a callable class for `ray.data.Dataset.map_batches`.

    Beside it come the columns `despin_spin_rate` (0 to 1), `despin_edits` (how many were made), `despin_screened` (whether a
    quick look took the text for clean) and `despin_error` (why it was left as it was, else empty). What is no text stays.

    Args:
        field: the column.
        input: what it holds: `text`, `markdown` or `html`.
        lexicons: lexicon files beside the packaged ones, which all machines can read.
        **settings: dials of `despin.Settings` by name; `screen` is true unless they say otherwise.

    Raises:
        ConfigError: if a setting is unknown or out of range.
        LexiconError: if a lexicon file cannot be read or breaks the format.
    """

    def __init__(self, field: str = "text", input: str = TEXT, lexicons: Sequence[Path] = (), **settings: Any) -> None:
        check_names(settings)
        self._field = field
        self._input = input
        self._despinner = load(Settings(**{"screen": True} | settings), lexicons)

    def __call__(self, batch: Mapping[str, Any]) -> dict[str, Any]:
        """Returns a batch, as a dictionary of arrays, with the restored column."""
        texts, rates, edits, screened, errors = [], [], [], [], []
        for text in batch[self._field]:
            outcome = restored(self._despinner, text, self._input) if isinstance(text, str) else None
            restoration = outcome.restoration if outcome else None
            texts.append(restoration.text if restoration else text)
            rates.append(restoration.spin_rate if restoration else 0.0)
            edits.append(len(restoration.edits) if restoration else 0)
            screened.append(bool(restoration and restoration.screened))
            errors.append(outcome.error if outcome else "")
        return {
            **batch,
            self._field: np.array(texts, dtype=object),
            "despin_spin_rate": np.array(rates, dtype=np.float64),
            "despin_edits": np.array(edits, dtype=np.int64),
            "despin_screened": np.array(screened, dtype=np.bool_),
            "despin_error": np.array(errors, dtype=object),
        }
