"""The options that several commands share, and the Despinner that they ask for."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from despin.cli.streams import USAGE, Report, complain, progress, sentence
from despin.errors import ConfigError, InputError, LexiconError
from despin.settings import CORRECTED, SCRAPING, STAGES, STYLE, THRESHOLDS, Settings, find_config, read_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.despinner import Despinner
    from despin.lexicon.dictionary import Dictionary


class Kind(StrEnum):
    """What an input is."""

    text = "text"
    markdown = "markdown"
    html = "html"


Files = Annotated[list[str] | None, typer.Argument(metavar="[FILE]...", help="Text files; `-` or none is standard input.")]
KindOfInput = Annotated[
    Kind | None,
    typer.Option(
        "--input",
        "-i",
        help="What the inputs are; else what their names say: HTML of .html and the like, Markdown of .md, text of all others.",
    ),
]
Cautious = Annotated[bool, typer.Option("--cautious", help=f"Change only what is sure ({THRESHOLDS['cautious']:.2f}).")]
Eager = Annotated[bool, typer.Option("--eager", help=f"Change what is likely ({THRESHOLDS['eager']:.2f}).")]
Lexicons = Annotated[
    list[Path] | None,
    typer.Option("--lexicon", metavar="FILE", help="Adds the rows of a lexicon file to the packaged ones; repeatable."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="WORD|FILE", help="A word never to change, or a file of such words; repeatable."),
]
ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        help="Configuration; else the nearest `despin.toml` or `[tool.despin]` of `pyproject.toml` from here upwards.",
    ),
]
Rate = Annotated[
    float | None,
    typer.Option("--spin-rate", metavar="0..1", help="The share of spun sites, if known; else estimated for each text."),
]
NoProposals = Annotated[
    bool, typer.Option("--no-proposals", help="Restore from the lexicon alone, without the encoder's own proposals.")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="STAGE", help=f"Make this kind of repair alone, of {', '.join(STAGES)}; repeatable."),
]
Skip = Annotated[list[str] | None, typer.Option("--skip", metavar="STAGE", help="Do not make this kind of repair; repeatable.")]
Scrape = Annotated[bool, typer.Option("--scrape", help="Repair what scraping left, too: the stage `scraping`.")]
Style = Annotated[
    bool, typer.Option("--style", help="Make quotation marks, ligatures and widths plain, too: the stage `style`.")
]
OutputEncoding = Annotated[
    str | None,
    typer.Option(
        "--encoding",
        metavar="NAME",
        help="Write text in this encoding, such as utf-8, not in the input's; JSON is UTF-8.",
    ),
]


class Newline(StrEnum):
    """How the lines of what is written end."""

    lf = "lf"
    crlf = "crlf"
    cr = "cr"


OutputNewline = Annotated[
    Newline | None, typer.Option("--newline", help="End lines of written text like this, not as the input's do.")
]
_JUDGES = {
    "metavar": "encoder|deep|FILE.gguf",
    "help": "Who has the last word: the encoder, or a causal language model (extra `deep`), which is better and far slower.",
}
LastJudge = Annotated[str | None, typer.Option("--judge", **_JUDGES)]
# `eval --judge` measures judges.
WithJudge = Annotated[str | None, typer.Option("--with-judge", **_JUDGES)]
Clean = Annotated[
    list[Path] | None,
    typer.Option("--clean", metavar="FILE|FOLDER", help="A text that was never spun, or a folder of them; repeatable."),
]
ReportFormat = Annotated[Report, typer.Option("--format", "-f", help="How to write the figures.")]


class Stages(NamedTuple):
    """What the command line says of the kinds of repair."""

    only: list[str] | None
    skip: list[str] | None
    scrape: bool
    style: bool

    def of(self, known: frozenset[str]) -> frozenset[str]:
        """Returns the stages to pass, out of those of the configuration."""
        asked = {name for name, given in ((SCRAPING, self.scrape), (STYLE, self.style)) if given}
        return frozenset((set(self.only) if self.only else known | asked).difference(self.skip or ()))


def kind_of_input(given: Kind | None, name: str) -> str:
    """Returns what an input is, as the user says, or its name."""
    from despin.cli.streams import STDIN
    from despin.document.views import TEXT, kind_of

    return given.value if given else TEXT if name == STDIN else kind_of(name)


def choose_settings(
    cautious: bool,
    eager: bool,
    lexicon: list[Path] | None,
    ignore: list[str] | None,
    spin_rate: float | None,
    config: Path | None,
    no_proposals: bool = False,
    judge: str | None = None,
    stages: Stages | None = None,
) -> tuple[Settings, list[Path]]:
    """Returns the settings that options and configuration ask for, and their lexicon files; options win."""
    if cautious and eager:
        raise typer.BadParameter("contradicts --eager; choose one.", param_hint="--cautious")
    if stages and stages.only and (stages.scrape or stages.style):
        raise typer.BadParameter("contradicts --scrape and --style; choose one.", param_hint="--only")
    with UserErrors():
        folder = current_folder()
        path = config or find_config(folder)
        dials: dict[str, Any] = {}
        lexicons: list[Path] = []
        if path:
            read = read_config(path)
            dials, lexicons = dict(read.settings), list(read.lexicons)
        dials["ignore"] = frozenset(dials.get("ignore", ())).union(_ignored(ignore or []))
        if cautious or eager:
            mode = "cautious" if cautious else "eager"
            dials |= {"threshold": THRESHOLDS[mode], "corrected": CORRECTED[mode]}
        if spin_rate is not None:
            dials["spin_rate"] = spin_rate
        if no_proposals:
            dials["proposals"] = False
        if judge is not None:
            dials["judge"] = judge
        settings = Settings(**dials)
        if stages:
            settings = replace(settings, stages=stages.of(settings.stages))
    return settings, lexicons + (lexicon or [])


def make_despinner(chosen: tuple[Settings, list[Path]], watched: bool = True) -> Despinner:
    """Makes the Despinner of chosen settings and lexicon files. Watched, it shows how far the deep judge is."""
    from despin.despinner import Despinner
    from despin.lexicon.rows import Lexicon

    settings, lexicons = chosen
    with UserErrors():
        return Despinner(settings, Lexicon.load(*lexicons), progress=progress("deep judge") if watched else None)


def make_dictionaries(wordnet: Path | None) -> list[Dictionary]:
    """Makes the dictionaries of simulated spinners: the lexicon read forwards, and WordNet's if its folder is given."""
    from despin.lexicon.dictionary import Dictionary
    from despin.lexicon.rows import Lexicon
    from despin.lexicon.wordnet import WordNet

    with UserErrors():
        dictionaries = [Dictionary.of_lexicon(Lexicon.load())]
        if wordnet:
            dictionaries.append(Dictionary.of_wordnet(WordNet.read(wordnet)))
    return dictionaries


def check_target(file: Path, option: str) -> None:
    """Refuses a file that an option names where none can be written."""
    if not file.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {file.parent}.", param_hint=option)
    if file.is_dir():
        raise typer.BadParameter(f"{file} is a folder.", param_hint=option)


class UserErrors:
    """Turns errors in what the user chose (configuration, lexicon) into wrong usage."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ConfigError | LexiconError):
            complain(sentence(error))
            raise typer.Exit(USAGE) from error


def current_folder() -> Path:
    """Returns the current folder.

    Raises:
        InputError: if it has been deleted.
    """
    try:
        return Path.cwd()
    except FileNotFoundError as error:
        # spaCy does not load there either.
        raise InputError("the current folder has been deleted; go to another one") from error


def _ignored(given: list[str]) -> Iterator[str]:
    for item in given:
        try:
            yield from Path(item).read_text(encoding="utf-8-sig").split() if Path(item).is_file() else [item]
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{item}: the ignore list cannot be read: {error}.") from error
