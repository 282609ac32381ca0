"""The command line's application, which the commands are registered with."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from despin.cli.streams import as_bytes, out


class DefaultCommand(TyperGroup):
    """A group whose command `restore` is meant where no command is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `restore` before arguments that begin with no command; `--` goes before a file named like one."""
        own = {"--help", "--version", "--install-completion", "--show-completion"}
        if not args or (args[0] not in self.commands and args[0] not in own):
            args = ["restore", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=DefaultCommand,
    no_args_is_help=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
lexicon_app = typer.Typer(
    no_args_is_help=True, help="Checks and measures the lexicon's files, and proposes rows for them.", rich_markup_mode=None
)
app.add_typer(lexicon_app, name="lexicon")
train_app = typer.Typer(no_args_is_help=True, help="Makes what despin judges with.", rich_markup_mode=None)
app.add_typer(train_app, name="train")


def _version(wanted: bool) -> None:
    if wanted:
        from despin import __version__

        out(as_bytes(f"despin {__version__}\n"))
        raise typer.Exit


@app.callback(epilog="`despin FILE...` is short for `despin restore FILE...`.")
def _despin(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = False,
) -> None:
    """Restores article text that an article spinner has garbled.

    Without a command, despin is a filter: `despin < spun.txt > restored.txt`, or `despin FILE...`; that is `despin
    restore`, whose options `despin restore --help` lists. Nothing is written to a file without `--write`.

    Exit status: 0 nothing to do, or done; 1 `--check` found spun text; 2 wrong usage; 3 some inputs failed.
    """
