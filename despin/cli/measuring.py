"""The commands that measure despin, and the spinner that it is measured with."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from despin.cli.app import app
from despin.cli.options import (
    Cautious,
    Clean,
    ConfigFile,
    Eager,
    Files,
    Ignore,
    Lexicons,
    NoProposals,
    Rate,
    ReportFormat,
    WithJudge,
    check_target,
    choose_settings,
    current_folder,
    make_despinner,
    make_dictionaries,
)
from despin.cli.streams import FAILED, STDIN, Report, as_bytes, complain, files_of, out, read_inputs, report, writing
from despin.errors import InputError

if TYPE_CHECKING:
    from despin.despinner import Despinner


@app.command("eval")
def evaluate(
    gold: Annotated[list[str], typer.Argument(metavar="GOLD...", help="Marked texts.")],
    format: ReportFormat = Report.text,
    judge: Annotated[bool, typer.Option("--judge", help="Measure each judge by itself instead (extra `eval`).")] = False,
    calibration: Annotated[
        bool, typer.Option("--calibration", help="Measure instead what confidence is worth (extra `eval`).")
    ] = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Measure instead at how many sites the right repair is proposed at all.")
    ] = False,
    clean: Clean = None,
    plot: Annotated[
        Path | None, typer.Option("--plot", metavar="FILE", help="With --calibration: draw it, as .svg or .png.")
    ] = None,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose",
            "-v",
            help="List what was missed, wrong or damaged (or not covered); with --judge, each text's figures.",
        ),
    ] = False,
    cautious: Cautious = False,
    eager: Eager = False,
    lexicon: Lexicons = None,
    ignore: Ignore = None,
    spin_rate: Rate = None,
    no_proposals: NoProposals = False,
    with_judge: WithJudge = None,
    config: ConfigFile = None,
) -> None:
    """Scores despin on marked texts.

    The figures are recall, precision, F0.5, and damage per 1,000 words. `--judge` and `--calibration` take clean texts
    beside the marked ones, and decide on each with weights that were fitted on the others. `--coverage` tells at how many
    of the sites that must be repaired some candidate is right.

    Marks: `{~~spun~>right|also right~~}` must be repaired, `{??spun~>right??}` may be.
    """
    if judge + calibration + coverage > 1:
        raise typer.BadParameter("choose one of --judge, --calibration and --coverage.")
    if judge and with_judge is not None:
        raise typer.BadParameter(
            "contradicts --judge, which measures the judges that despin is shipped with.", param_hint="--with-judge"
        )
    if clean and not (judge or calibration):
        raise typer.BadParameter("goes with --judge or --calibration.", param_hint="--clean")
    if plot and not calibration:
        raise typer.BadParameter("goes with --calibration.", param_hint="--plot")
    if plot and plot.suffix.lower() not in (".svg", ".png"):
        raise typer.BadParameter("must end in .svg or .png.", param_hint="--plot")
    if plot:
        check_target(plot, "--plot")
    despinner = make_despinner(choose_settings(cautious, eager, lexicon, ignore, spin_rate, config, no_proposals, with_judge))
    inputs = [dict(read_inputs(names)) for names in (gold, files_of(clean))]
    marked, never = ({name: decoded.text for name, decoded in read.items() if decoded} for read in inputs)
    if not marked:
        raise typer.Exit(FAILED)
    if judge:
        _judge(despinner, marked, never, format, verbose)
    elif calibration:
        _calibrate(despinner, marked, never, format, plot)
    elif coverage:
        _cover(despinner, marked, format, verbose)
    else:
        _score(despinner, marked, format, verbose)
    raise typer.Exit(0 if all(decoded for read in inputs for decoded in read.values()) else FAILED)


@app.command()
def spin(
    files: Files = None,
    rate: Annotated[float, typer.Option("--rate", min=0.0, max=1.0, help="Share of the words that it knows to change.")] = 0.4,
    seed: Annotated[int, typer.Option("--seed", help="The same seed gives the same text.")] = 0,
    gold: Annotated[bool, typer.Option("--gold", help="Mark each site, as `despin eval` reads it.")] = False,
    wordnet: Annotated[
        Path | None, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files, for more synonyms.")
    ] = None,
) -> None:
    """Spins clean text, to test despin with.

    It works as article spinners do, and marks the sites if asked to. Its dictionary is the lexicon read forwards; many of
    its spins are therefore what despin knows best.
    """
    from despin.document.parsing import load_model
    from despin.lexicon.simulate import simulate

    current_folder()
    dictionaries = make_dictionaries(wordnet)
    nlp = load_model()
    failed = False
    for number, (_, decoded) in enumerate(read_inputs(files or [STDIN])):
        if decoded is None:
            failed = True
            continue
        simulation = simulate(decoded.text, nlp, dictionaries, rate=rate, seed=seed + number)
        out(decoded.encode(simulation.gold if gold else simulation.text))
    raise typer.Exit(FAILED if failed else 0)


@app.command()
def mark(
    original: Annotated[str, typer.Argument(metavar="ORIGINAL", help="The text as it was written; `-` is standard input.")],
    spun: Annotated[str, typer.Argument(metavar="SPUN", help="What a spinner, or a translator and back, made of it.")],
) -> None:
    """Marks where a spun text differs from its original, to test despin with or to train it on.

    Every difference is marked as one that must be repaired, as `despin eval` reads it, in UTF-8. Texts of as many lines are
    compared line by line.
    """
    if original == spun == STDIN:
        raise typer.BadParameter("one of the texts must be a file.", param_hint="SPUN")
    from despin.lexicon.alignment import changes
    from despin.marks import mark as marked

    (_, before), (_, after) = read_inputs([original, spun])
    if before is None or after is None:
        raise typer.Exit(FAILED)
    out(as_bytes(marked(before.text, changes(before.text, after.text))[1]))


def _score(despinner: Despinner, marked: dict[str, str], format: Report, verbose: bool) -> None:
    from despin.evaluation.score import Score, score
    from despin.marks import spun_text
    from despin.render.tables import score_table

    scores = {name: score(gold, despinner(spun_text(gold)).text) for name, gold in marked.items()}
    if verbose:
        out(as_bytes("".join(f"{name}: {miss}\n" for name, s in scores.items() for miss in s.misses)))
    scores["ALL"] = sum(scores.values(), Score())
    report([{"text": name, **s.figures()} for name, s in scores.items()], [score_table(scores)], format)


def _cover(despinner: Despinner, marked: dict[str, str], format: Report, verbose: bool) -> None:
    from despin.evaluation.coverage import Coverage, coverage
    from despin.render.tables import coverage_table

    found = {name: coverage(despinner, gold) for name, gold in marked.items()}
    if verbose:
        out(as_bytes("".join(f"{name}: {site}\n" for name, one in found.items() for site in one.missing)))
    found["ALL"] = sum(found.values(), Coverage())
    report([{"text": name, **one.figures()} for name, one in found.items()], [coverage_table(found)], format)


def _judge(despinner: Despinner, marked: dict[str, str], clean: dict[str, str], format: Report, verbose: bool) -> None:
    from despin.evaluation.judges import score_judges
    from despin.render.tables import judge_table

    scores = score_judges(despinner, marked, list(clean.values()))
    if not verbose:
        scores = {"ALL": scores["ALL"]}
    if not all(s.held_out for s in scores["ALL"]):
        complain("there are too few texts to fit weights on others; the packaged ones flatter texts they were fitted on.")
    report([{"text": name, **s.figures()} for name, found in scores.items() for s in found], [judge_table(scores)], format)


def _calibrate(despinner: Despinner, marked: dict[str, str], clean: dict[str, str], format: Report, plot: Path | None) -> None:
    from despin.evaluation.calibration import calibrate, draw, require_matplotlib
    from despin.render.tables import bin_table, threshold_table
    from despin.training.weights import read_example

    if plot:
        require_matplotlib()
    spun, never = ([read_example(despinner, text) for text in texts.values()] for texts in (marked, clean))
    try:
        found = calibrate(spun, never, despinner.settings)
    except ValueError as error:
        raise InputError(str(error)) from error
    report([found.figures()], [bin_table(found), threshold_table(found)], format)
    if plot:
        with writing(plot):
            draw(found, plot)
