"""The commands that make what despin judges with: the lexicon's check, the fit of the weights, the encoder's training."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from despin.cli.app import lexicon_app, train_app
from despin.cli.options import Clean, LastJudge, UserErrors, check_target, make_dictionaries
from despin.cli.streams import FAILED, FOUND, complain, files_of, read_inputs, writing
from despin.errors import InputError, ModelError
from despin.settings import ENCODER, Settings

if TYPE_CHECKING:
    import random

Corpus = typer.Argument(
    metavar="CORPUS...", help="Clean prose, UTF-8 or .xz of it, one paragraph a line.", exists=True, dir_okay=False
)
_REPORTED = ("first", "first_10", "first_100", "words_auroc", "documents_auroc")


@lexicon_app.command("check")
def lexicon_check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Lexicon files; the packaged ones if none.")
    ] = None,
    lint: Annotated[bool, typer.Option("--lint", help="Check the format only; run no examples.")] = False,
) -> None:
    """Lints lexicon files and runs their examples.

    Each `example` must be restored, each `keep` must stay.
    """
    from despin.lexicon.check import lint as lint_rows
    from despin.lexicon.check import self_test
    from despin.lexicon.rows import Lexicon, packaged_files

    with UserErrors():
        lexicon = Lexicon.read(*(files or packaged_files()))
    complaints = list(lint_rows(lexicon))
    if not lint:
        complaints += self_test(lexicon)
    for complaint in complaints:
        complain(complaint)
    complain(f"{len(lexicon.rows)} rows, {len(complaints)} complaint{'' if len(complaints) == 1 else 's'}.")
    raise typer.Exit(FOUND if complaints else 0)


@lexicon_app.command("build-thesaurus")
def build_thesaurus(
    wordnet: Annotated[Path, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files.", exists=True)],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the rows go.")],
) -> None:
    """Makes the rows of the tier `generated`: WordNet's synonyms backwards, without what the other files have.

    `lexicon/wordnet.tsv` is what despin uses. Takes the extra `lexicon`.
    """
    from despin.lexicon.rows import GENERATED, Lexicon, write
    from despin.lexicon.thesaurus import build
    from despin.lexicon.wordnet import WordNet

    try:
        from wordfreq import zipf_frequency
    except ImportError as error:
        raise ModelError("Building the thesaurus takes wordfreq; install `despin[lexicon]`.") from error
    check_target(out, "--out")
    with UserErrors():
        written = Lexicon([row for row in Lexicon.load().rows if row.tier != GENERATED])
        rows = build(WordNet.read(wordnet), written, lambda word: zipf_frequency(word, "en"))
    with writing(out):
        out.write_text(write(rows), encoding="utf-8")
    complain(f"{len(rows):,} rows, {sum(len(row.originals) for row in rows):,} pairs.")


@train_app.command("weights")
def train_weights(
    gold: Annotated[list[str], typer.Argument(metavar="GOLD...", help="Marked texts, as `despin eval` reads them.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go.")],
    written: Annotated[
        list[Path] | None,
        typer.Option(
            "--written", metavar="FILE|FOLDER", help="Marked texts made up to fit weights on, which count half; repeatable."
        ),
    ] = None,
    clean: Clean = None,
    judge: LastJudge = None,
) -> None:
    """Fits what each piece of evidence weighs, and tells how weights fitted on other texts decide on each.

    `despin/judge/weights.json` is what despin uses. With `--judge deep` they hold what the deep judge's word weighs, too.
    """
    import datetime

    from despin.despinner import Despinner
    from despin.training.weights import WRITTEN, calibrated, decide, fit, held_out, read_example, without_deep

    check_target(out, "--out")
    with UserErrors():
        despinner = Despinner(Settings(judge=ENCODER if judge is None else judge))
    inputs = [list(read_inputs(names)) for names in (gold, files_of(written), files_of(clean))]
    if any(decoded is None for read in inputs for _, decoded in read):
        raise typer.Exit(FAILED)
    marked, made_up, never = ([read_example(despinner, decoded.text) for _, decoded in read if decoded] for read in inputs)
    marked += [replace(example, weight=WRITTEN) for example in made_up]
    try:
        folds = list(held_out(marked, never))
    except ValueError as error:
        raise InputError(str(error)) from error
    deep = any("deep" in fold.weights.curves for fold in folds)
    for threshold, asked in product((0.3, 0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9), (False, True)[: 1 + deep]):
        settings = Settings(threshold=threshold)
        right = [
            is_right
            for fold in folds
            for example in fold.marked
            for is_right in decide(example, fold.weights if asked else without_deep(fold.weights), settings)
        ]
        share = sum(right) / len(right) if right else 1.0
        name = f"held out{', deep' if asked else ''}, threshold {threshold}"
        complain(f"{name}: {len(right)} edits, {sum(right)} of them right ({share:.3f}).")
    weights = calibrated(fit(marked, never), folds)
    with writing(out):
        out.write_text(weights.dumps(fitted=str(datetime.date.today())), encoding="utf-8")


@train_app.command("spelling")
def train_spelling(
    corpus: Annotated[list[Path], Corpus],
    misspellings: Annotated[
        Path,
        typer.Option(
            "--misspellings", metavar="FILE", help="Lines `wrong->right`, such as codespell's dictionary.", exists=True
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go.")],
    count: Annotated[
        int, typer.Option("--documents", min=10, help="How many documents of some 200 words of each kind.")
    ] = 2_000,
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 1,
) -> None:
    """Fits what evidence of garbled spelling weighs, on those lines of clean prose that no judge is made of.

    Half of them are garbled for the purpose. `despin/judge/spelling.json` is what despin uses.
    """
    import datetime
    import random

    from despin.resources import Resources
    from despin.training.spelling import fit, garble, read_misspellings

    check_target(out, "--out")
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    with misspellings.open(encoding="utf-8") as lines:
        known = read_misspellings(lines)
    drawn = _drawn(corpus, rng, 200, held=True)
    half = min(count, len(drawn) // 2)
    settings = Settings()
    clean, garbled = drawn[:half], [garble(text, known, rng) for text in drawn[half : 2 * half]]
    weights = fit(Resources(settings), settings, clean, garbled)
    with writing(out):
        out.write_text(weights.dumps(fitted=str(datetime.date.today())), encoding="utf-8")
    complain(f"{half:,} documents of each kind.")


@train_app.command("copies")
def train_copies(
    corpus: Annotated[list[Path], Corpus],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go.")],
    wordnet: Annotated[
        Path | None, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files, for the spinners.", exists=True)
    ] = None,
    count: Annotated[
        int, typer.Option("--documents", min=2, help="How many documents of some 250 words are spun, each several times.")
    ] = 500,
    marked: Annotated[
        list[Path] | None,
        typer.Option("--marked", metavar="FILE", help="A marked copy of a real article, two of which are needed; repeatable."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 1,
) -> None:
    """Fits what copies of a text say about it, on simulated spins of those lines of clean prose that no judge is made of.

    Marked copies outweigh those. `despin/judge/copies.json` is what `despin merge` uses.
    """
    import datetime
    import random

    from despin.despinner import Despinner
    from despin.lexicon.dictionary import Dictionary
    from despin.lexicon.rows import Lexicon
    from despin.training.copies import fit, read_marked, simulated

    check_target(out, "--out")
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    drawn = _drawn(corpus, rng, 250, held=True)
    dictionaries = [Dictionary.of_pairs(Lexicon.load()), *make_dictionaries(wordnet)]
    golds = [decoded.text for _, decoded in read_inputs(files_of(marked)) if decoded]
    real = list(read_marked(Despinner(), golds)) if len(golds) > 1 else []
    weights = fit(list(simulated(drawn[:count], dictionaries, rng)), real)
    with writing(out):
        out.write_text(weights.dumps(fitted=str(datetime.date.today())), encoding="utf-8")
    complain(f"{min(count, len(drawn)):,} documents.")


@train_app.command("screen")
def train_screen(
    corpus: Annotated[list[Path], Corpus],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the weights go.")],
    wordnet: Annotated[
        Path | None, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files, for the spinners.", exists=True)
    ] = None,
    count: Annotated[int, typer.Option("--documents", min=2, help="How many documents of some 300 words are spun.")] = 4000,
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 1,
) -> None:
    """Counts how often simulated spins and clean prose hold the lexicon's spun words.

    `despin/lexicon/screen.tsv.xz` is what `despin clean` screens documents with; count again when rows have changed.
    """
    import random

    from despin.lexicon.rows import Lexicon
    from despin.training.screen import fit, spins, write

    check_target(out, "--out")
    rng = random.Random(seed)  # noqa: S311 - nothing secret
    drawn = _drawn(corpus, rng, 300)
    weights = fit(Lexicon.load(), drawn, spins(drawn[:count], make_dictionaries(wordnet), rng))
    with writing(out):
        write(weights, out)
    complain(f"{len(weights):,} forms.")


@train_app.command("ngrams")
def train_ngrams(
    corpus: Annotated[list[Path], Corpus],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the model goes.")],
) -> None:
    """Counts the n-grams of clean prose and makes the language model of the judge `prose`.

    `despin/judge/model/prose.lm.bin` is what despin uses.
    """
    from despin.training.ngrams import make

    check_target(out, "--out")
    with writing(out):
        counts = make(corpus, out)
    complain(", ".join(f"{count:,} n-grams of length {n}" for n, count in enumerate(counts, 1)) + ".")


@train_app.command("encoder")
def train_encoder(
    corpus: Annotated[list[Path], Corpus],
    work: Annotated[Path, typer.Option("--work", metavar="DIR", help="Where tagged prose, checkpoint and log are kept.")],
    out_folder: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the model's files go.")],
    wordnet: Annotated[
        Path | None, typer.Option("--wordnet", metavar="DIR", help="WordNet's database files, for the spinners.", exists=True)
    ] = None,
    base: Annotated[
        Path | None,
        typer.Option("--base", metavar="DIR", help="A BERT with its tokenizer.json; else all-MiniLM-L6-v2.", exists=True),
    ] = None,
    marked: Annotated[
        list[Path] | None,
        typer.Option(
            "--marked",
            metavar="FILE",
            help="Text that something else has spun, each change marked (`despin mark`), one paragraph a line; repeatable.",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    start: Annotated[
        Path | None, typer.Option("--start", metavar="FILE", help="Another run's checkpoint to begin with.", exists=True)
    ] = None,
    steps: Annotated[int, typer.Option("--steps", min=1, help="Optimiser steps in all.")] = 20_000,
    pieces: Annotated[int, typer.Option("--pieces", min=250, help="Word pieces a step.")] = 2_500,
    seed: Annotated[int, typer.Option("--seed", help="Of everything that is drawn.")] = 1,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that spin text.")] = 1,
    device: Annotated[str, typer.Option("--device", help="Where to compute, as PyTorch names it: cpu, cuda, mps.")] = "cpu",
    gold: Annotated[
        list[Path] | None, typer.Option("--gold", metavar="FILE|FOLDER", help="Marked texts to measure on; repeatable.")
    ] = None,
    clean: Clean = None,
) -> None:
    """Trains the encoder on simulated spins of clean prose, and on real ones if there are any.

    Interrupted, the same command goes on from the last checkpoint. The log has the losses, and at the end what
    `despin eval --judge` says of the model on the marked texts.
    """
    import json

    from despin.document.parsing import load_model
    from despin.training.corpus import prepare, vocabulary

    try:
        from despin.training.encoder import Recipe, base_model, train
        from despin.training.export import export
    except ImportError as error:
        raise ModelError(f"Training the encoder takes the extra `train`: {error}") from error

    dictionaries = make_dictionaries(wordnet)
    work.mkdir(parents=True, exist_ok=True)

    def log(figures: dict[str, Any]) -> None:
        complain(", ".join(f"{name} {value}" for name, value in figures.items()))
        with (work / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")

    nlp = load_model()
    shards = prepare(nlp, corpus, work / "tagged")
    names = vocabulary(shards, dictionaries[0])
    base = base or base_model(work)
    recipe = Recipe(steps=steps, pieces=pieces, seed=seed, workers=workers)
    network = train(
        recipe,
        shards=shards,
        marked=prepare(nlp, marked or [], work / "marked", marked=True),
        dictionaries=dictionaries,
        vocabulary=names,
        base=base,
        checkpoint=work / "checkpoint.pt",
        start=start,
        device=device,
        log=log,
    )
    export(network, names, base, out_folder)
    measured = {name: decoded.text for name, decoded in read_inputs(files_of(gold)) if decoded}
    if measured:
        from despin.despinner import Despinner
        from despin.evaluation.judges import score_judges
        from despin.judge.encoder import EncoderJudge
        from despin.judge.ngrams import ProseJudge, TrigramJudge

        judges = (TrigramJudge(), ProseJudge(), EncoderJudge(out_folder))
        never = [decoded.text for _, decoded in read_inputs(files_of(clean)) if decoded]
        for scored in score_judges(Despinner(judges=judges), measured, never)["ALL"]:
            figures = scored.figures()
            log({"judge": scored.judge, **{name: figures[name] for name in _REPORTED}})


def _drawn(corpus: list[Path], rng: random.Random, length: int, *, held: bool = False) -> list[str]:
    """The documents of corpora, each of so many words or a few more, in an order that is drawn.

    Args:
        corpus: the corpora.
        rng: the source of the order.
        length: of a document, in words.
        held: whether those lines are wanted that are kept out of training, instead of the others.
    """
    from despin.training.corpus import documents, lines_of

    drawn = list(documents((line for path in corpus for line in lines_of(path, held=held)), length))
    rng.shuffle(drawn)
    return drawn
