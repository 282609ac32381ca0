"""despin restores article text that an article spinner has garbled.

    >>> import despin
    >>> despin.restore("Support groups help people overcome mental health preconception.").text
    'Support groups help people overcome mental health stigma.'

Importing the package is cheap; spaCy, the lexicon and the language model are loaded when the first text is restored.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from os import PathLike

    from despin.batch.run import Tally
    from despin.batch.stream import Cleaned
    from despin.consensus.merge import Merge, Place
    from despin.despinner import Despinner
    from despin.errors import DespinError
    from despin.lexicon.rows import Lexicon
    from despin.restoration import Alternative, Detection, Edit, Evidence, Flag, Restoration, replay
    from despin.settings import Settings

_HOMES = {
    "Cleaned": "despin.batch.stream",
    "Despinner": "despin.despinner",
    "DespinError": "despin.errors",
    "Lexicon": "despin.lexicon.rows",
    **dict.fromkeys(("Merge", "Place"), "despin.consensus.merge"),
    "Settings": "despin.settings",
    "Tally": "despin.batch.run",
    **dict.fromkeys(("Alternative", "Detection", "Edit", "Evidence", "Flag", "Restoration", "replay"), "despin.restoration"),
}
__all__ = [
    "Alternative",
    "Cleaned",
    "DespinError",
    "Despinner",
    "Detection",
    "Edit",
    "Evidence",
    "Flag",
    "Lexicon",
    "Merge",
    "Place",
    "Restoration",
    "Settings",
    "Tally",
    "clean",
    "detect",
    "merge",
    "replay",
    "restore",
]


def restore(text: str, *, input: str = "text", **settings: Any) -> Restoration:
    """Restores a text.

    Args:
        text: the text, spun or not.
        input: what it is: `text`, `markdown` or `html`, of which the text is restored and all else stays as it is.
        **settings: dials of `Settings` by name, such as `threshold=0.85` or `ignore={"neighborhood"}`.

    Raises:
        ConfigError: if a setting is unknown or out of range, or there is no such input.
        TooLargeError: if the text is longer than the setting `max_characters`.
    """
    return _despinner(**settings)(text, input)


def merge(texts: Sequence[str], *, base: int = 0, input: str = "text", **settings: Any) -> Merge:
    """Restores a text with the help of its copies: other spins of the same article, or that itself.

    Args:
        texts: the base and its copies, in any order.
        base: which of them is restored, counted from 0.
        input: what they are, as for `restore`.
        **settings: as for `restore`.

    Returns:
        The restoration of the base; its `places` tell where the copies differ, and what each has there.

    Raises:
        ConfigError: as `restore` does.
        TooLargeError: as `restore` does.
        UnrelatedError: if a text is no copy of the base.
        ValueError: if there are fewer than two texts, or no such base.
    """
    return _despinner(**settings).merge(texts, base, input)


def detect(text: str, *, input: str = "text", **settings: Any) -> Detection:
    """Judges whether a text was spun: spin rate, density per 1,000 words, and the strongest evidence.

    Args and errors are those of `restore`.
    """
    return _despinner(**settings).detect(text, input)


@overload
def clean(source: str | PathLike[str], sink: str | PathLike[str], **options: Any) -> Tally: ...
@overload
def clean(source: Iterable[str], sink: Callable[[Cleaned], object], **options: Any) -> Tally: ...
@overload
def clean(source: Iterable[str], sink: None = None, **options: Any) -> Iterator[Cleaned]: ...
def clean(
    source: str | PathLike[str] | Iterable[str],
    sink: str | PathLike[str] | Callable[[Cleaned], object] | None = None,
    **options: Any,
) -> Tally | Iterator[Cleaned]:
    """Cleans a folder, or many texts, in worker processes; most clean texts get a quick look only.

    Called from a script, it must stand under `if __name__ == "__main__":`, as with all that starts processes.

    Args:
        source: a folder, or a file in one, by its path; or texts, of which no more are read than keep the workers busy.
        sink: the folder that cleaned files go to; of texts, what is called with each, in order.
        **options: `jobs=4`, `field="body"`, `manifest="account.sqlite"` and all else of `despin.batch.options.Options`; dials
            of `Settings`, such as `threshold=0.85` or `screen=False`; and `lexicons`, files beside the packaged ones.

    Returns:
        What it came to; of texts without a sink, what became of each, lazily and in order.

    Raises:
        ConfigError: if an option or a setting is unknown or out of range, or options contradict each other.
        DespinError: if the source is missing, another run is at work in the target, its disk is full, or models or lexicon keep
            anything from being restored. What is wrong with single documents raises nothing, but is told of each.
    """
    from dataclasses import fields
    from os import PathLike
    from pathlib import Path

    from despin.batch.options import Options
    from despin.batch.run import Run
    from despin.batch.stream import handed, stream

    own = {field.name for field in fields(Options)}
    lexicons = [Path(path) for path in options.pop("lexicons", ())]
    chosen: dict[str, Any] = {name: options.pop(name) for name in own.intersection(options)}
    for name in ("include", "exclude"):
        if isinstance(chosen.get(name), str):
            chosen[name] = (chosen[name],)
    for name in ("manifest", "backup"):
        if chosen.get(name) is not None:
            chosen[name] = Path(chosen[name])
    settings = _settings(*own, **{"screen": True} | options)
    if isinstance(source, str | PathLike):
        if not isinstance(sink, str | PathLike):
            raise TypeError("To clean a folder, name the one that cleaned files go to.")
        return Run(Path(source), Path(sink), settings, lexicons, Options(**chosen))()
    cleaned = stream(source, settings, lexicons, Options(**chosen))
    if sink is None:
        return cleaned
    if not callable(sink):
        raise TypeError("Texts go to a function, or are iterated over; only a folder's files go to a folder.")
    return handed(cleaned, sink)


def _despinner(**settings: Any) -> Despinner:
    return _kept(_settings(**settings))


def _settings(*further: str, **settings: Any) -> Settings:
    """Settings by name; an error names the further options, too."""
    from despin.settings import Settings, check_names

    check_names(settings, *further)
    if "ignore" in settings and not isinstance(settings["ignore"], str):
        settings["ignore"] = frozenset(settings["ignore"])
    return Settings(**settings)


@lru_cache(maxsize=4)
def _kept(settings: Settings) -> Despinner:
    """The Despinner of some settings, so that a second call does not load the models again."""
    from despin.despinner import Despinner

    return Despinner(settings)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version  # it takes longer to import than all the rest

        return version("despin")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'despin' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
