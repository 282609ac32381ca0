"""datatrove: a pipeline step that restores the documents that pass through it.

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from despin.integrations.datatrove import Clean

LocalPipelineExecutor([JsonlReader("pages/"), Clean(), JsonlWriter("cleaned/")], tasks=8, workers=8).run()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datatrove.pipeline.base import PipelineStep
from datatrove.utils.typeshelper import StatHints

from despin.batch.worker import load, restored
from despin.document.views import TEXT
from despin.settings import Settings, check_names

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from datatrove.data import DocumentsPipeline

    from despin.despinner import Despinner


class Clean(PipelineStep):
    """Restores each document's text.

    Its `metadata` get `despin_spin_rate` (0 to 1), `despin_edits` (how many were made), `despin_screened` (whether a quick look
    took the text for clean) and, where it was left as it was since something went wrong, `despin_error`.

    Args:
        input: what texts are: `text`, `markdown` or `html`.
        lexicons: lexicon files beside the packaged ones.
        **settings: dials of `despin.Settings` by name; `screen` is true unless they say otherwise.

    Raises:
        ConfigError: if a setting is unknown or out of range.
    """

    name = "despin"
    type = "✂️ - FORMAT"

    def __init__(self, input: str = TEXT, lexicons: Sequence[Path] = (), **settings: Any) -> None:
        super().__init__()
        check_names(settings)
        self._input = input
        self._lexicons = tuple(lexicons)
        self._settings = Settings(**{"screen": True} | settings)
        self._despinner: Despinner | None = None

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> DocumentsPipeline:  # noqa: ARG002 - datatrove's
        """See `PipelineStep.run`."""
        # Loaded with the first document: the step is pickled to the process that it works in.
        for document in data:
            self.stat_update(StatHints.total)
            with self.track_time():
                if self._despinner is None:
                    self._despinner = load(self._settings, self._lexicons)
                outcome = restored(self._despinner, document.text, self._input)
                restoration = outcome.restoration
                if restoration:
                    document.text = restoration.text
                    document.metadata["despin_spin_rate"] = restoration.spin_rate
                    document.metadata["despin_edits"] = len(restoration.edits)
                    document.metadata["despin_screened"] = restoration.screened
                    self.stat_update("restored" if restoration.edits else "screened" if restoration.screened else "unchanged")
                else:
                    document.metadata["despin_error"] = outcome.error
                    self.stat_update("failed")
            yield document
