"""A manifest is told in figures, on a page, and at a terminal."""

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from despin.batch.manifest import Change, DocumentRow, FileRow, Manifest, Status
from despin.batch.page import page, tables
from despin.batch.report import Figures, figures_of
from despin.batch.versions import versions_of
from despin.render.markup import woven
from despin.restoration import Edit
from despin.settings import Settings

SOURCE = "A feeling of neighborhood <b>keeps</b> individuals well. " * 12
VOID = {"meta"}


def changes(source: str, *pairs: tuple[str, str, float]) -> tuple[Change, ...]:
    found = []
    for spun, original, confidence in pairs:
        at = source.index(spun)
        found.append(Change.of(Edit(at, at + len(spun), spun, original, confidence), source))
    return tuple(sorted(found))


@pytest.fixture
def figures() -> Figures:
    manifest = Manifest(None, versions_of(Settings(), []))
    run = manifest.begin("/pages")
    edits = changes(SOURCE, ("feeling", "sense", 0.9), ("neighborhood", "community", 0.99), ("individuals", "people", 0.7))
    row = DocumentRow("a.jsonl", 0, b"", len(SOURCE), "utf-8", "text", 0.45, 3, 0.5, 1, Status.restored, "", edits)
    for number in range(3):
        manifest.add(replace(row, number=number))
    manifest.add(replace(row, number=3, spin_rate=1.0, edits=1, changes=edits[:1]))
    manifest.add(replace(row, number=4, status=Status.screened, changes=(), edits=0, spin_rate=0.0))
    manifest.add(replace(row, number=5, status=Status.quarantined, changes=(), edits=0, error="<it> broke"))
    manifest.add(FileRow("a.jsonl", documents=6, status=Status.done, error="1 of its documents failed"))
    manifest.add(FileRow("gone.txt", error="No such file or directory"))
    manifest.end(run)
    found = figures_of(manifest)
    manifest.close()
    return found


def test_figures_are_those_of_the_documents(figures: Figures) -> None:
    assert figures.statuses == {"restored": 4, "screened": 1, "quarantined": 1}
    assert (figures.files, figures.failed, figures.characters) == (2, 2, 6 * len(SOURCE))
    assert figures.rates == [0, 0, 0, 0, 3, 0, 0, 0, 0, 1]
    assert [(row.spun, row.count, round(row.confidence, 2)) for row in figures.substitutions] == [
        ("feeling", 4, 0.9),
        ("individuals", 3, 0.7),
        ("neighborhood", 3, 0.99),
    ]
    assert [passage.edits[0].original for passage in figures.certain] == ["community", "sense", "people"]
    assert [passage.edits[0].original for passage in figures.unsure] == ["people", "sense", "community"]
    assert sorted(figures.failures) == [
        ("a.jsonl, document 6", "<it> broke"),
        ("gone.txt", "No such file or directory"),
    ]


def test_samples_are_stretches_of_the_documents(figures: Figures) -> None:
    assert len(figures.samples) == 3
    for sample in figures.samples:
        assert sample.text in SOURCE
        restored = woven(sample.text, sample.edits, str, lambda edit: edit.original)
        assert restored.startswith("A sense of community <b>keeps</b> people well.")


class Checker(HTMLParser):
    """Notes what the page opens, and that it closes it again."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not any(name in ("src", "href") or name.startswith("on") for name, _ in attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_stands_by_itself_and_is_escaped(figures: Figures) -> None:
    text = page(figures, "<pages>")
    checker = Checker()
    checker.feed(text)
    assert not checker.open
    assert not checker.seen & {"script", "link", "img", "b", "it", "pages"}
    assert "&lt;it&gt; broke" in text
    assert "&lt;b&gt;keeps&lt;/b&gt;" in text
    assert '<ins title="substitution, confidence 0.99">community</ins>' in text


def test_an_empty_manifest_has_a_page() -> None:
    manifest = Manifest(None, versions_of(Settings(), []))
    figures = figures_of(manifest)
    manifest.close()
    assert "0 files or documents failed" in page(figures, "none")
    assert len(tables(figures)) == 3


def test_tables_show_what_the_page_does(figures: Figures) -> None:
    from despin.cli.streams import drawn

    text = drawn(tables(figures), shown=False)
    for told in ("neighborhood", "community", "0.9 to 1.0", "<it> broke", "quarantined"):
        assert told in text


def test_it_is_read_from_the_folder_that_was_cleaned(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from despin.cli import app

    out = tmp_path / "out"
    (out / ".despin").mkdir(parents=True)
    manifest = Manifest(out / ".despin" / "manifest.sqlite", versions_of(Settings(), []))
    edits = changes(SOURCE, ("feeling", "sense", 0.9))
    about = ("a.txt", 0, b"", len(SOURCE), "utf-8", "text", 0.45, 1, 0.5, 1, Status.restored, "", edits)
    manifest.add(DocumentRow(*about))
    manifest.end(manifest.begin("/pages"))
    manifest.close()
    done = CliRunner().invoke(app, ["report", str(out)])
    assert done.exit_code == 0, done.output
    assert "Totals" in done.output
    assert "<h1>out: report</h1>" in (out / ".despin" / "report.html").read_text()
    done = CliRunner().invoke(app, ["report", str(out), "--html", str(tmp_path / "r.html"), "--format", "json"])
    assert (tmp_path / "r.html").exists()
    assert '"statuses": {"restored": 1}' in done.output
    assert '"edits": {"substitution": 1}' in done.output
    assert CliRunner().invoke(app, ["report", str(tmp_path)]).exit_code == 2
