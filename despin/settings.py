"""Every dial of despin, its default, and the reason for it; and where a user's own choices are read from."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from despin.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONFIG_FILES = ("despin.toml", "pyproject.toml")

# What the command line's words for the threshold stand for.
THRESHOLDS = {"cautious": 0.85, "balanced": 0.66, "eager": 0.5}
# The same for corrections of spelling.
CORRECTED = {"cautious": 0.85, "balanced": 0.45, "eager": 0.35}
# The stages that a text passes, in order; scraping and style are left out unless they are asked for.
CHARACTERS, STYLE, SCRAPING, SPINTAX, SPELLING, SUBSTITUTION, GRAMMAR = STAGES = (
    "characters",
    "style",
    "scraping",
    "spintax",
    "spelling",
    "substitution",
    "grammar",
)
# Those that need no tagging.
QUICK = frozenset({CHARACTERS, STYLE, SCRAPING, SPINTAX})
# The judges that have the last word.
ENCODER, DEEP = "encoder", "deep"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a `Despinner` believes and when it acts.

    Attributes:
        threshold: an edit is made when its confidence, the probability that its original stood there, is at least this (0 to
            1). This and `gate` were chosen on marked texts, for the most repairs of which nine in ten are right.
        judge: who has the last word, `encoder` or, slow, `deep`: a causal language model that is asked wherever the encoder
            leaves it unsure; or the name of a file of the format GGUF that holds such a model.
        proposals: whether the encoder may propose originals of its own, beside the lexicon's candidates.
        proposed: the threshold of such a proposal, if higher than `threshold`.
        attested: the threshold of an edit of words that copies of the text were asked about, if higher than `threshold`: since
            copies bring more edits to light, a little more keeps the share of those that are right.
        corrected: the threshold of a correction of spelling. At this, one in 10,000 words of clean prose is changed, most of
            them rightly, and four in five common misspellings are put right.
        spin_rate: the share of the sites that were spun, if known (0 to 1); None estimates it for each document. Sites are the
            words and phrases that the lexicon knows as spinners' output, rightly or not; a rate over a half counts as all.
        prior: the spin rate assumed where a text has too few sites to estimate it.
        min_sites: that many sites are needed for an estimate. With half as many, clean passages of 50 words suffered four
            times the edits.
        gate: under this estimated spin rate a document counts as never spun, and only rows that stand on evidence of
            their own (tiers `safe` and `context`) may act. Of 410 clean documents the highest came to 0.17.
        stages: the kinds of repair that are made, of `STAGES`; a text passes them in that order.
        screen: whether texts that a quick look takes for clean pass only the stages `QUICK`, which need no tagging: what makes
            folders of mostly clean pages fast. Few spun texts are missed; misspellings and slips of grammar in clean ones stay.
            It means nothing where `spin_rate` is given or spun words are not to be restored.
        ignore: words (any casing) that are never changed.
        max_characters: longer documents are refused, in characters. 50 million characters are some 20,000 pages.
    """

    threshold: float = THRESHOLDS["balanced"]
    judge: str = ENCODER
    proposals: bool = True
    proposed: float = 0.8
    attested: float = 0.7
    corrected: float = CORRECTED["balanced"]
    spin_rate: float | None = None
    prior: float = 0.3
    min_sites: int = 40
    gate: float = 0.20
    stages: frozenset[str] = frozenset(STAGES) - {STYLE, SCRAPING}
    screen: bool = False
    ignore: frozenset[str] = frozenset()
    max_characters: int = 50_000_000

    def __post_init__(self) -> None:
        for name in ("threshold", "proposed", "attested", "corrected", "prior", "gate", "spin_rate"):
            value = getattr(self, name)
            if value is None and name == "spin_rate":
                continue
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ConfigError(f"{name} must be a number between 0 and 1, not {value!r}.")
        if not isinstance(self.judge, str) or not (self.judge in (ENCODER, DEEP) or self.judge.lower().endswith(".gguf")):
            raise ConfigError(f"judge must be {ENCODER}, {DEEP} or the name of a .gguf file, not {self.judge!r}.")
        for name in ("proposals", "screen"):
            if not isinstance(value := getattr(self, name), bool):
                raise ConfigError(f"{name} must be true or false, not {value!r}.")
        for name in ("min_sites", "max_characters"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or value < 0:
                raise ConfigError(f"{name} must be a whole number, 0 or more, not {value!r}.")
        for name in ("ignore", "stages"):
            words = getattr(self, name)
            if isinstance(words, str) or not isinstance(words, Collection) or not all(isinstance(word, str) for word in words):
                raise ConfigError(f"{name} must be a list of words, not {words!r}.")
            object.__setattr__(self, name, frozenset(word.casefold() for word in words))
        if unknown := sorted(self.stages.difference(STAGES)):
            raise ConfigError(f"{unknown[0]!r} is no stage; the stages are {', '.join(STAGES)}.")

    def refusal(self, text: str) -> str:
        """Returns why a text is too long, as a sentence for the user; empty if it is not."""
        if len(text) <= self.max_characters:
            return ""
        return f"it has {len(text):,} characters; the limit is {self.max_characters:,} (setting max_characters)"


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration file as read: settings by name, and the lexicon files that it adds."""

    settings: Mapping[str, Any]
    lexicons: tuple[Path, ...] = ()


def find_config(folder: Path) -> Path | None:
    """Returns the nearest `despin.toml`, or `pyproject.toml` with a `[tool.despin]` table, from a folder upwards."""
    for parent in (folder.resolve(), *folder.resolve().parents):
        for name in CONFIG_FILES:
            path = parent / name
            if path.is_file() and (name != "pyproject.toml" or _own(_table(path)) is not None):
                return path
    return None


def read_config(path: Path) -> Config:
    """Reads `despin.toml`, or the table `[tool.despin]` of `pyproject.toml`.

    Raises:
        ConfigError: if the file is no TOML, has an unknown key, or a value of the wrong kind.
    """
    table = _table(path)
    if path.name == "pyproject.toml":
        table = _own(table) or {}
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: [tool.despin] must be a table.")
    table = dict(table)
    lexicons = table.pop("lexicon", [])
    if isinstance(lexicons, str):
        lexicons = [lexicons]
    if not isinstance(lexicons, list) or not all(isinstance(item, str) for item in lexicons):
        raise ConfigError(f"{path}: lexicon must be a file name or a list of file names.")
    mode = table.pop("mode", None)
    if mode is not None:
        if not isinstance(mode, str) or mode not in THRESHOLDS:
            raise ConfigError(f"{path}: mode must be one of {', '.join(THRESHOLDS)}, not {mode!r}.")
        table.setdefault("threshold", THRESHOLDS[mode])
        table.setdefault("corrected", CORRECTED[mode])
    try:
        check_names(table, "lexicon", "mode")
        settings = Settings(**table)
    except (ConfigError, TypeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    if settings.judge not in (ENCODER, DEEP):
        table["judge"] = str(path.parent / settings.judge)
    return Config(table, tuple(path.parent / item for item in lexicons))


def check_names(settings: Mapping[str, Any], *further: str) -> None:
    """Raises `ConfigError` if a name is neither a setting's nor one of the further ones."""
    known = {field.name for field in fields(Settings)}
    if unknown := sorted(set(settings) - known):
        raise ConfigError(f"{unknown[0]!r} is no setting; known are {', '.join(sorted(known.union(further)))}.")


def _own(table: dict[str, Any]) -> Any:
    """What `[tool.despin]` of a `pyproject.toml` holds, None if there is no such table."""
    tools = table.get("tool")
    return tools.get("despin") if isinstance(tools, dict) else None


def _table(path: Path) -> dict[str, Any]:
    import tomllib  # for those who have a configuration

    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}.") from error
