"""The command that learns: it proposes rows for the lexicon, which a person accepts."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import lexicon_app
from despin.cli.options import ConfigFile, Lexicons, check_target, choose_settings, make_despinner
from despin.cli.streams import (
    FAILED,
    STDIN,
    RowFormat,
    as_bytes,
    complain,
    drawn,
    files_of,
    is_shown,
    json_lines,
    out,
    read_inputs,
    read_texts,
    writing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from despin.despinner import Despinner
    from despin.mining.findings import Finding, Sighting


@lexicon_app.command("learn")
def lexicon_learn(
    original: Annotated[
        list[str] | None, typer.Option("--original", metavar="FILE", help="A text as it was written; repeatable.")
    ] = None,
    spun: Annotated[
        list[str] | None,
        typer.Option("--spun", metavar="FILE", help="What a spinner made of it: one for each --original, in order."),
    ] = None,
    copies: Annotated[
        list[Path] | None,
        typer.Option("--copies", metavar="FILE|FOLDER", help="A spun copy of one article, or a folder of copies; repeatable."),
    ] = None,
    corpus: Annotated[
        list[Path] | None,
        typer.Option(
            "--corpus",
            metavar="FILE|FOLDER",
            help="Spun texts, or .xz of one a line, compared with --against; repeatable.",
        ),
    ] = None,
    against: Annotated[
        list[Path] | None,
        typer.Option("--against", metavar="FILE|FOLDER", help="Texts that were never spun, likewise; repeatable."),
    ] = None,
    proposals: Annotated[
        list[Path] | None,
        typer.Option("--proposals", metavar="FILE|FOLDER", help="Spun texts, for which the encoder proposes; repeatable."),
    ] = None,
    least: Annotated[int, typer.Option("--least", min=1, help="How often a pair, or with --corpus a word, must come.")] = 2,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows at most, the best first.")] = 200,
    known: Annotated[bool, typer.Option("--known", help="Give rows that the lexicon has, too.")] = False,
    format: Annotated[
        RowFormat, typer.Option("--format", "-f", help="How to write the rows; tsv is the lexicon's.")
    ] = RowFormat.text,
    target: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where the rows go; standard output if not given.")
    ] = None,
    lexicon: Lexicons = None,
    config: ConfigFile = None,
) -> None:
    """Proposes rows for the lexicon from spun texts.

    It learns from what was changed (`--original` with `--spun`), from how copies of one article differ (`--copies`), from what
    spun texts say more often than others (`--corpus` with `--against`), or from what the encoder proposes again and again
    (`--proposals`). Nothing is written into the lexicon: a person reads the rows and takes over what is right.
    """
    modes = {"--original": original or spun, "--copies": copies, "--corpus": corpus or against, "--proposals": proposals}
    chosen = [name for name, given in modes.items() if given]
    if not chosen:
        raise typer.BadParameter(f"give one of {', '.join(modes)}.", param_hint="learn")
    if len(chosen) > 1:
        raise typer.BadParameter(f"contradicts {chosen[0]}; choose one.", param_hint=chosen[1])
    if len(original or ()) != len(spun or ()):
        raise typer.BadParameter("takes as many texts as --original, in the same order.", param_hint="--spun")
    if [*(original or ()), *(spun or ())].count(STDIN) > 1:
        raise typer.BadParameter("only one text can be standard input.", param_hint="--spun")
    if copies and len(files_of(copies)) < 2:
        raise typer.BadParameter("takes two copies or more, or a folder of them.", param_hint="--copies")
    if bool(corpus) != bool(against):
        raise typer.BadParameter("goes with --against.", param_hint="--corpus")
    if target:
        check_target(target, "--out")
    despinner = make_despinner(choose_settings(False, False, lexicon, None, None, config))
    unread: list[str] = []
    if corpus and against:
        from despin.judge.encoder import EncoderJudge
        from despin.mining import keyness

        spun_texts, clean_texts = (read_texts(files_of(paths), unread) for paths in (corpus, against))
        nlp, rows, judge = despinner.nlp, despinner.lexicon, EncoderJudge()
        found = keyness.learn(nlp, spun_texts, clean_texts, rows, judge, least=least, limit=limit, known=known)
    else:
        from despin.mining.findings import choose, gather

        if proposals:
            seen = _proposed(despinner, read_texts(files_of(proposals), unread))
        elif copies:
            seen = _differing(despinner, list(read_texts(files_of(copies), unread)))
        else:
            seen = _changed(despinner, original or [], spun or [], unread)
        found = choose(gather(seen, despinner.lexicon, either_way=bool(copies)), least=least, limit=limit, known=known)
    data = _written(found, format, shown=target is None and is_shown())
    if target is None:
        out(data)
    else:
        with writing(target):
            target.write_bytes(data)
    raise typer.Exit(FAILED if unread else 0)


def _changed(despinner: Despinner, original: list[str], spun: list[str], unread: list[str]) -> list[Sighting]:
    from despin.mining.pairs import learn

    pairs = []
    for (name, before), (other, after) in zip(read_inputs(original), read_inputs(spun), strict=True):
        if before and after:
            pairs.append((before.text, after.text))
        else:
            unread += name, other
    return learn(despinner.nlp, pairs, despinner.lexicon)


def _differing(despinner: Despinner, copies: list[str]) -> list[Sighting]:
    from despin.mining.pairs import learn_from_copies

    return learn_from_copies(despinner.nlp, copies, despinner.lexicon)


def _proposed(despinner: Despinner, texts: Iterator[str]) -> list[Sighting]:
    from despin.mining.proposed import learn

    return list(learn(despinner, texts))


def _written(found: list[Finding], format: RowFormat, shown: bool) -> bytes:
    if format is RowFormat.json:
        return json_lines(one.figures() for one in found)
    if format is RowFormat.text:
        from despin.render.tables import finding_table

        return as_bytes(drawn([finding_table(found)], shown)) if found else b""
    from despin.lexicon.rows import write
    from despin.mining.findings import rows_of

    if without := sum(not one.row.originals for one in found):
        complain(f"{without} rows without an original are left out, since the lexicon has none such.")
    return as_bytes(write(rows_of(found)))
