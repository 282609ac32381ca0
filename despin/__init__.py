"""despin restores article text that an article spinner has garbled.

    >>> import despin
    >>> despin.restore("Support groups help people overcome mental health preconception.").text
    'Support groups help people overcome mental health stigma.'

Importing the package is cheap; spaCy, the lexicon and the language model are loaded when the first text is restored.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from despin.consensus.merge import Merge, Place
    from despin.despinner import Despinner
    from despin.errors import DespinError
    from despin.lexicon.rows import Lexicon
    from despin.restoration import Alternative, Detection, Edit, Evidence, Flag, Restoration, replay
    from despin.settings import Settings

_HOMES = {
    "Despinner": "despin.despinner",
    "DespinError": "despin.errors",
    "Lexicon": "despin.lexicon.rows",
    **dict.fromkeys(("Merge", "Place"), "despin.consensus.merge"),
    "Settings": "despin.settings",
    **dict.fromkeys(("Alternative", "Detection", "Edit", "Evidence", "Flag", "Restoration", "replay"), "despin.restoration"),
}
__all__ = [
    "Alternative",
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


def _despinner(**settings: Any) -> Despinner:
    from despin.settings import Settings, check_names

    check_names(settings)
    if "ignore" in settings and not isinstance(settings["ignore"], str):
        settings["ignore"] = frozenset(settings["ignore"])
    return _kept(Settings(**settings))


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
