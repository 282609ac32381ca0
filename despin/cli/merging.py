"""The command that reads several copies of one article."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import app
from despin.cli.options import (
    Cautious,
    ConfigFile,
    Eager,
    Files,
    Ignore,
    Kind,
    KindOfInput,
    LastJudge,
    Lexicons,
    NoProposals,
    Rate,
    choose_settings,
    kind_of_input,
    make_despinner,
)
from despin.cli.rendering import Format, rendered
from despin.cli.streams import (
    FAILED,
    STDIN,
    Report,
    as_bytes,
    complain,
    json_lines,
    message_console,
    out,
    read_inputs,
    sentence,
    writing,
)
from despin.errors import InputError, UnrelatedError

if TYPE_CHECKING:
    from despin.consensus.merge import Merge
    from despin.despinner import Despinner
    from despin.document.decoding import Decoded
    from despin.restoration import Restoration

# So many further copies are heard at most; what more of them would say, these have said.
_HEARD = 8


@app.command()
def merge(
    files: Files = None,
    base: Annotated[
        str | None, typer.Option("--base", metavar="FILE", help="Which of the copies is restored; the first by default.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--folder",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Find which files of a folder, and of those in it, are copies of each other, and list them; extra `copies`.",
        ),
    ] = None,
    out_folder: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="With --folder: where each copy goes, restored with the help of the others."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", "-f", help="What to write to standard output.")] = Format.text,
    explain: Annotated[
        bool, typer.Option("--explain", help="Tell on standard error where the copies differ, and each edit's evidence.")
    ] = False,
    input: KindOfInput = None,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    no_proposals: NoProposals = False,
    judge: LastJudge = None,
    config: ConfigFile = None,
) -> None:
    """Restores one of several spun copies of an article, with the help of the others.

    Where copies agree, the words are probably the original's; where they differ, one may have kept what the other lost. The
    groups of a folder are listed with tabs between names; `--format json` is safe for any name.
    """
    despinner = make_despinner(choose_settings(cautious, eager, lexicon, ignore, spin_rate, config, no_proposals, judge))
    if folder is not None:
        if files or base or explain or format not in (Format.text, Format.json):
            raise typer.BadParameter("goes with --out and `--format json` only.", param_hint="--folder")
        if out_folder and folder.resolve().is_relative_to(out_folder.resolve()):
            raise typer.BadParameter("is the folder that is read, or holds it.", param_hint="--out")
        _merge_folder(despinner, folder, out_folder, input, Report(format.value))
        return
    if out_folder is not None:
        raise typer.BadParameter("goes with --folder.", param_hint="--out")
    names = list({_key(name): name for name in [*(files or ()), *([base] if base else ())]}.values())
    if len(names) < 2:
        raise typer.BadParameter("name two copies or more, or a --folder.", param_hint="FILES")
    inputs = {name: decoded for name, decoded in read_inputs(names, despinner.settings.max_characters) if decoded}
    if len(inputs) < len(names):
        raise typer.Exit(FAILED)
    chief = base or names[0]
    others = [name for name in names if name != chief]
    found = _merged(despinner, inputs, chief, input)
    try:
        out(rendered(format, inputs[chief], found, chief, copies=others))
    except InputError as error:
        raise InputError(f"{chief}: {error}") from error
    if explain:
        from despin.render.explain import explanation, places

        console = message_console()
        source = inputs[chief].text
        for line in (*explanation(source, found, chief), *places(source, found, others)):
            console.print(line, soft_wrap=True)


def _key(name: str) -> str:
    """A file by any of its names."""
    return name if name == STDIN else str(Path(name).resolve())


def _merged(despinner: Despinner, inputs: dict[str, Decoded], chief: str, given: Kind | None, *, strict: bool = True) -> Merge:
    names = list(inputs)
    texts = [decoded.text for decoded in inputs.values()]
    kinds = [kind_of_input(given, name) for name in names]
    try:
        return despinner.merge(texts, names.index(chief), kinds, strict=strict)
    except UnrelatedError as error:
        raise InputError(f"{names[error.number]}: is no copy of {chief}: {error.reason}") from error


def _merge_folder(despinner: Despinner, folder: Path, target: Path | None, given: Kind | None, report: Report) -> None:
    """Finds the copies in a folder, lists them, and restores them if a folder is given that they go to."""
    from despin.batch.files import walk
    from despin.consensus.grouping import Grouper
    from despin.document.views import view_of

    unread: list[OSError] = []
    # A link is no copy of what it leads to.
    names = [
        str(path) for path in map(folder.joinpath, walk(folder, apart=target, failed=unread.append)) if not path.is_symlink()
    ]
    for error in unread:
        complain(f"{error.filename}: cannot be read: {error.strerror}.")
    grouper = Grouper(despinner.lexicon, despinner.judges[0])
    numbered = []
    for name, decoded in read_inputs(names, despinner.settings.max_characters):
        if decoded is None:
            continue
        try:
            text = view_of(decoded.text, kind_of_input(given, name)).text
        except InputError as error:
            complain(f"{name}: {sentence(error)}")
            continue
        numbered.append(name)
        grouper.add(text)
    failed = bool(unread) or len(numbered) < len(names)
    for group in grouper.groups():
        members = [numbered[number] for number in group]
        out(json_lines([{"copies": members}]) if report is Report.json else as_bytes("\t".join(members) + "\n"))
        if target:
            for name in members:
                failed |= not _restored(despinner, members, name, given, target / Path(name).relative_to(folder))
    raise typer.Exit(FAILED if failed else 0)


def _restored(despinner: Despinner, members: list[str], chief: str, given: Kind | None, target: Path) -> bool:
    """Restores one of some copies to a file, and tells whether that went well."""
    from despin.batch.files import Partial

    inputs: dict[str, Decoded] = {}
    texts = set()
    for name, decoded in read_inputs([chief, *(name for name in members if name != chief)], despinner.settings.max_characters):
        if decoded and decoded.text not in texts:
            inputs[name] = decoded
            texts.add(decoded.text)
        if len(inputs) > _HEARD:
            break
    if chief not in inputs:
        return False
    try:
        if len(inputs) > 1:
            found: Restoration = _merged(despinner, inputs, chief, given, strict=False)
        else:
            found = despinner(inputs[chief].text, kind_of_input(given, chief))
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with Partial(target) as file:
                file.write(inputs[chief].encode(found.text))
    except InputError as error:
        complain(f"{chief}: {sentence(error)}")
        return False
    return True
