"""What a worker process does: it owns one Despinner for its life, and is handed texts, some at a time."""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from despin.errors import DespinError, InputError, ModelError
from despin.settings import SUBSTITUTION

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from despin.despinner import Despinner
    from despin.restoration import Restoration
    from despin.settings import Settings


_ANY = "It helps people overcome preconception."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a text.

    Attributes:
        restoration: the restored text and its edits, without their evidence; None if it failed.
        seconds: how long it took.
        error: why it failed, as a sentence for the user, else empty.
        harmful: whether it would fail again, and take as long: it made despin break, or took too much time or memory.
    """

    restoration: Restoration | None
    seconds: float
    error: str = ""
    harmful: bool = False


_despinner: Despinner
_failure: DespinError | None = None


def start(settings: Settings, lexicons: Sequence[Path], memory: int) -> None:
    """Prepares the process, and loads what every text needs; what keeps that from being loaded is told by `work`.

    Args:
        settings: the dials.
        lexicons: lexicon files beside the packaged ones.
        memory: so many bytes it may take, where the system can tell it so; no limit if 0.
    """
    global _despinner, _failure  # noqa: PLW0603 - a worker process owns them for its life
    # Whoever interrupts the run wants the parent to end it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if memory:
        _limit(memory)
    try:
        _despinner = load(settings, lexicons)
    except DespinError as error:
        _failure = error
    except Exception as error:
        _failure = ModelError(f"a worker cannot load its models: {type(error).__name__}: {error}")


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    if hasattr(resource, "RLIMIT_DATA"):
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        # Not every system keeps what it promises.
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (memory if most == resource.RLIM_INFINITY else min(memory, most), most))


def work(texts: Sequence[tuple[str, str]]) -> list[Outcome]:
    """Restores some texts.

    Args:
        texts: each with its kind.

    Raises:
        DespinError: if models, lexicon or settings keep it from restoring anything.
    """
    if _failure:
        raise _failure
    return [restored(_despinner, text, kind) for text, kind in texts]


def load(settings: Settings, lexicons: Sequence[Path] = ()) -> Despinner:
    """Makes a Despinner for a process that is one of several, with what it needs for most texts loaded.

    Raises:
        LexiconError: if a lexicon file cannot be read or breaks the format.
    """
    from despin.despinner import Despinner
    from despin.lexicon.rows import Lexicon

    despinner = Despinner(settings, Lexicon.load(*lexicons), threads=1)
    if SUBSTITUTION in settings.stages:
        # The one looks quickly, the other thoroughly.
        despinner(_ANY)
        list(despinner.decide(_ANY))
    return despinner


def restored(despinner: Despinner, text: str, kind: str) -> Outcome:
    """Restores a text, and takes note of whatever goes wrong with it.

    Raises:
        DespinError: if models, lexicon or settings keep it from restoring anything.
    """
    begun = time.perf_counter()
    restoration, error, harmful = None, "", False
    try:
        restoration = despinner(text, kind)
    except InputError as refusal:
        error = str(refusal)
    except DespinError:
        raise
    except MemoryError:
        error, harmful = "it takes more memory than a worker may have", True
    except Exception as breakage:
        error, harmful = f"despin broke at it, please report this: {type(breakage).__name__}: {breakage}", True
    if restoration:
        edits = tuple(replace(edit, alternatives=(), evidence=()) for edit in restoration.edits)
        restoration = replace(restoration, edits=edits, flags=())
    return Outcome(restoration, time.perf_counter() - begun, error, harmful)
