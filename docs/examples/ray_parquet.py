"""Restores the column `text` of Parquet files with Ray Data, on this machine or on the cluster that Ray is connected to.

    pip install 'despin[ray]'
    python ray_parquet.py pages/ cleaned/ [ACTORS]

Both places may be folders or addresses that Ray reads and writes (`s3://…`). Each of the ACTORS (default 1) takes a core and a
gigabyte of memory. Leave a core to reading and writing: where actors take all that Ray has, nothing is handed to them.
"""

import sys

import ray

from despin.integrations.ray import Clean


def clean(source: str, target: str, actors: int = 1) -> None:
    """Restores the files of one place into another."""
    pages = ray.data.read_parquet(source)
    # Settings go by name, as in `fn_constructor_kwargs={"field": "body", "threshold": 0.85}`.
    cleaned = pages.map_batches(Clean, fn_constructor_kwargs={"field": "text"}, batch_size=64, concurrency=actors)
    cleaned.write_parquet(target)


if __name__ == "__main__":
    clean(*sys.argv[1:3], *map(int, sys.argv[3:4]))
