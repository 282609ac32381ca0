"""Restores the documents of JSONL files with a pipeline of datatrove, in several processes of this machine.

    pip install 'despin[datatrove]'
    python datatrove_jsonl.py pages/ cleaned/ [WORKERS]

The files are shared among WORKERS processes (default 2), each of which takes a core and a gigabyte of memory. What is done is
noted in the folder `logs` beside the target, so that a run that was interrupted goes on. On a cluster, take
`SlurmPipelineExecutor` or `RayPipelineExecutor` instead; the steps stay the same.
"""

import sys
from pathlib import Path

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from despin.integrations.datatrove import Clean


def clean(source: str, target: str, workers: int = 2) -> None:
    """Restores the files of one place into another."""
    # Settings go by name, as in `Clean(threshold=0.85)`.
    steps = [JsonlReader(source), Clean(), JsonlWriter(target)]
    logs = str(Path(target).parent / "logs")
    LocalPipelineExecutor(steps, tasks=workers, workers=workers, logging_dir=logs, start_method="spawn").run()


if __name__ == "__main__":
    clean(*sys.argv[1:3], *map(int, sys.argv[3:4]))
