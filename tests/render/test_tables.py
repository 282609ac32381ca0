"""Tables show figures as they are, and a dash where there is none."""

import io
from dataclasses import replace

from rich.console import Console
from rich.table import Table

from despin.evaluation.calibration import Calibration, Operation, bins
from despin.evaluation.firing import Firing
from despin.evaluation.judges import JudgeScore
from despin.evaluation.score import Score
from despin.lexicon.rows import Row
from despin.mining.findings import Finding
from despin.render.tables import bin_table, finding_table, firing_table, judge_table, score_table, threshold_table


def rows(table: Table) -> list[list[str]]:
    console = Console(file=io.StringIO(), width=200)
    console.print(table)
    return [line.split() for line in console.file.getvalue().splitlines()]


def test_the_score_table_has_a_line_a_text() -> None:
    assert rows(score_table({"a.txt": Score(100, 10, 8, 1, 1, 2)}))[1] == (
        ["a.txt", "100", "10", "8", "1", "1", "2", "0.800", "0.750", "0.759", "20.00"]
    )


def test_the_judge_table_has_a_dash_for_what_a_judge_does_not_say() -> None:
    score = JudgeScore("trigram", 5, None, None, None, 8, 0.75, 0.5, 0, None, 0.875, None, 12345.6, False)
    assert rows(judge_table({"ALL": [score]}))[1] == (
        ["ALL", "trigram", "–", "–", "–", "0.500", "0.750", "–", "0.875", "–", "12,346"]
    )


def test_the_tables_of_a_calibration() -> None:
    found = Calibration(bins([(0.05, False), (0.75, True)]), (Operation("eager", 0.3, 1, 1.0),))
    assert rows(bin_table(found))[1:] == [
        ["0.0", "to", "0.1", "1", "0.050", "0.000"],
        ["0.7", "to", "0.8", "1", "0.750", "1.000"],
        ["expected", "error", "0.150"],
        ["where", "despin", "acts", "0.250"],
    ]
    assert rows(threshold_table(found))[1:] == [["eager", "0.30", "1", "1.000"]]


def test_the_table_of_findings_shows_what_is_around_the_site() -> None:
    example = f"{'before ' * 9}[spun=>original] {'after ' * 20}"
    findings = [
        Finding(Row("spun", "NOUN", ("original", "other"), example=example), 3, 2, True),
        Finding(Row("x", "", (), example="An [x=>?]."), 1, 1, False),
    ]
    header, first, second = rows(finding_table(findings))
    assert "z" not in header
    assert first[:7] == ["spun", "NOUN", "original|other", "yes", "3", "2", "…before"]
    assert "[spun=>original]" in first
    assert first[-1].endswith("…")
    assert second == ["x", "–", "1", "1", "An", "[x=>?]."]
    scored = [Finding(Row("x", "", ()), 1, 1, False, 2.345), findings[1]]
    assert [line[-1] for line in rows(finding_table(scored))[:2]] == ["example", "2.35"]
    assert rows(finding_table(scored))[2][4] == "–"


def test_rows_that_fire_say_where_to_move() -> None:
    row = Row("feeling", "NOUN", ("sense", "mood"))
    table = rows(firing_table([Firing(replace(row, tier="safe"), 30, 2, 400_000), Firing(row, 1234, 0, 400_000)], 1.0))
    assert table[1:] == [
        ["feeling", "NOUN", "sense|mood", "safe", "30", "2", "75.0", "5.0", "thesaurus"],
        ["feeling", "NOUN", "sense|mood", "thesaurus", "1234", "0", "3,085.0", "0.0"],
    ]
