"""Which despin made an output: with the same versions, the same input gives the same output."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from despin.batch.files import digest
from despin.document.parsing import MODELS
from despin.lexicon.rows import Lexicon, packaged_files
from despin.lexicon.screen import WEIGHTS
from despin.settings import DEEP, ENCODER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from despin.settings import Settings


@dataclass(frozen=True, slots=True)
class Versions:
    """What an output depends on, beside the input.

    Attributes:
        despin: the version of the package.
        lexicon: the first digits of a hash of all its files.
        judge: those of the models', and the versions of the libraries that run them.
        settings: the dials and how inputs are read, as JSON.
    """

    despin: str
    lexicon: str
    judge: str
    settings: str


def versions_of(settings: Settings, lexicons: Sequence[Path], **reading: str | None) -> Versions:
    """Returns the versions of what is installed.

    Args:
        settings: the dials.
        lexicons: lexicon files beside the packaged ones.
        **reading: how inputs are read.

    Raises:
        LexiconError: if a lexicon file cannot be read or breaks the format.
    """
    import despin
    import despin.judge

    Lexicon.load(*lexicons)
    folder = Path(despin.judge.__file__).parent
    models = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc", ".md"))
    if settings.judge not in (ENCODER, DEEP) and Path(settings.judge).is_file():
        models.append(Path(settings.judge))
    libraries = ("spacy", *filter(find_spec, MODELS[:1]), *MODELS[1:], "onnxruntime")
    judge = " ".join((_digest(models), *(f"{name} {_version(name)}" for name in libraries)))
    dials = {name: sorted(value) if isinstance(value, frozenset) else value for name, value in asdict(settings).items()}
    return Versions(
        _version("despin"), _digest((*packaged_files(), WEIGHTS, *lexicons)), judge, json.dumps(dials | reading, sort_keys=True)
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "-"


def _digest(files: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        with path.open("rb") as file:
            whole.update(digest(file))
    return whole.hexdigest()[:16]
