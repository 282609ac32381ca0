"""The command line, thin: it reads, calls the library, and writes. Nothing heavy is imported until a text is there."""

from __future__ import annotations

import sys

# `--help` lists the commands in this order.
# isort: off
from despin.cli import restoring  # noqa: F401
from despin.cli import merging  # noqa: F401
from despin.cli import cleaning  # noqa: F401
from despin.cli import measuring  # noqa: F401
from despin.cli import making  # noqa: F401
from despin.cli import mining  # noqa: F401
from despin.cli import tending  # noqa: F401

# isort: on
from despin.cli.app import app
from despin.cli.streams import FAILED, complain, sentence
from despin.errors import DespinError

__all__ = ["app", "main"]


def main() -> None:
    """Runs the command line; errors become one sentence on standard error and an exit status."""
    # Bytes go out as they are; the messages of a console without UTF-8 must not crash either.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except DespinError as error:
        complain(sentence(error))
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(130)
