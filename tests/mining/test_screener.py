"""The screener's list becomes rows: conditions qualify them, and what is no row is counted."""

import pytest

from despin.despinner import Despinner
from despin.errors import InputError
from despin.lexicon.check import lint
from despin.lexicon.rows import Lexicon, Row
from despin.mining.screener import Imported, ListedPhrase, import_list, read_list


def imported(despinner: Despinner, *entries: tuple[str, str]) -> Imported:
    return import_list(despinner.nlp, [ListedPhrase(*entry) for entry in entries])


def only(despinner: Despinner, query: str, expected: str) -> Row:
    found = imported(despinner, (query, expected))
    assert (found.left_out, len(found.rows)) == ({}, 1)
    return found.rows[0]


@pytest.mark.parametrize(
    ("query", "spun", "tier", "near", "avoid"),
    [
        ("grouping methods", "grouping method", "safe", "", ""),
        ('"grouping methods"', "grouping method", "safe", "", ""),
        ('"surface region" AND "flat areas"', "surface region", "thesaurus", "area flat", ""),
        ('"surface region" AND area', "surface region", "thesaurus", "area", ""),
        ('"surface region" AND ("areas" OR "lake")', "surface region", "thesaurus", "area lake", ""),
        ('"surface region" NOT "surface region of the lakes"', "surface region", "thesaurus", "", "lake"),
        ('"surface region" AND "lake" NOT "lake of regions"', "surface region", "thesaurus", "", "lake"),
        ('"surface region"~5', "surface region", "thesaurus", "", ""),
        ('"surface region (SVM)"', "surface region", "thesaurus", "svm", ""),
        ('"bosom"', "bosom", "thesaurus", "", ""),
        ('"into the combination"', "into the combination", "thesaurus", "", ""),
        ('"Crown Indictment"', "crown indictment", "thesaurus", "", ""),
    ],
)
def test_conditions_qualify_a_row(despinner: Despinner, query: str, spun: str, tier: str, near: str, avoid: str) -> None:
    row = only(
        despinner, query, "the methods" if spun == "grouping methods" else "other methods" if "methods" in query else "x"
    )
    assert (row.spun, row.tier, row.near, row.avoid) == (spun, tier, frozenset(near.split()), frozenset(avoid.split()))


@pytest.mark.parametrize(
    ("expected", "originals"),
    [
        ("neural network (nn)", ("neural network",)),
        ("Support Vector Machine (SVM)", ("support vector machine",)),
        ("Support vector machine", ("support vector machine",)),
        ("reduced access memory (ram) space", ("reduced access memory space",)),
        ("rhythm pattern (?)", ("rhythm pattern",)),
        ("rhythm pattern?", ("rhythm pattern",)),
        ("head pain / headache", ("head pain", "headache")),
        ("head pain; headache", ("head pain", "headache")),
        ("hydrofluoric acid or hydrogen fluoride", ("hydrofluoric acid", "hydrogen fluoride")),
        ("renal or kidney failure", ("renal failure", "kidney failure")),
        ("fault analysis/diagnosis", ("fault analysis", "fault diagnosis")),
        ("fog/mist/cloud computing", ("fog computing", "mist computing", "cloud computing")),
        ("DNA repair", ("DNA repair",)),
    ],
)
def test_what_is_expected_is_cleaned(despinner: Despinner, expected: str, originals: tuple[str, ...]) -> None:
    assert only(despinner, "of the banana", expected).originals == originals


@pytest.mark.parametrize(
    ("phrase", "expected", "spun", "pos", "original"),
    [
        ("neural organizations", "neural networks", "neural organization", "NOUN", "neural network"),
        ("high-recurrence signals", "high-frequency signals", "high-recurrence signal", "NOUN", "high-frequency signal"),
        (
            "hypotheses of arranged conduct",
            "theories of planned behavior",
            "hypothesis of arranged conduct",
            "NOUN",
            "theory of planned behavior",
        ),
        ("neural organizations", "neural network", "neural organizations", "", "neural network"),
        ("remove the highlights", "extract the features", "remove the highlights", "", "extract the features"),
    ],
)
def test_nouns_inflect(despinner: Despinner, phrase: str, expected: str, spun: str, pos: str, original: str) -> None:
    row = only(despinner, phrase, expected)
    assert (row.spun, row.pos, row.originals) == (spun, pos, (original,))


@pytest.mark.parametrize(
    ("query", "expected", "reason"),
    [
        ("surface region", "???", "nothing is expected"),
        ("", "surface area", "no phrase"),
        ("surface region", "Surface region", "what is expected is the phrase itself"),
        ("surface region", "smart (devices)", "other marks than the lexicon has"),
        ("surface → region", "surface area", "other marks than the lexicon has"),
        ("id surface", "identified surface", "words that spaCy splits otherwise"),
        ("surface region", "it is not clear what they meant by these words", "what is expected is explained"),
    ],
)
def test_what_is_no_row_is_counted(despinner: Despinner, query: str, expected: str, reason: str) -> None:
    found = imported(despinner, (query, expected), ("neural organization", "neural network"))
    assert (len(found.rows), found.entries, found.left_out) == (1, 2, {reason: 1})


def test_rows_are_sound_together(despinner: Despinner) -> None:
    found = imported(
        despinner,
        ('"surface region" AND "lake"', "surface area"),
        ("surface regions", "surface areas"),
        ("surface-region", "outer area"),
        ("lake surface region", "surface region"),
        ("outer areas of lakes", "outer zones of lakes"),
    )
    assert list(lint(Lexicon(sorted(found.rows, key=lambda row: row.spun)))) == []
    rows = {row.spun: row for row in found.rows}
    assert rows["surface region"].originals == ("surface area", "outer area")
    assert (rows["surface region"].tier, rows["lake surface region"].tier) == ("safe", "thesaurus")


HEADER = "Fingerprint,Expected phrase,Papers\n"
ENTRIES = [ListedPhrase('"a b" AND "c"', "d e"), ListedPhrase('"f g"', "h, i")]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + '"""a b"" AND ""c""",d e,7\n"""f g""","h, i",1\n',
        "\ufeff" + HEADER + '"""a b"" AND ""c""",d e,7\r\n"""f g""","h, i",1\r\n',
        'Papers;EXPECTED;tortured_phrase;raw_fingerprint\n7;d e;a b;"""a b"" AND ""c"""\n1;h, i;f g;"""f g"""\n',
        'tortured\texpected\traw_fingerprint\na b\td e\t"a b" AND "c"\nf g\th, i\t"f g"\n',
        'tortured\texpected\traw_fingerprint\n"a b" AND "c"\td e\n\n"f g"\th, i\t\n',
        'Established phrase|Tortured phrase\nd e|"a b" AND "c"\nh, i|"f g"\n',
    ],
)
def test_lists_are_read_as_they_are_exported(text: str) -> None:
    assert read_list(text.encode(), "list.csv") == ENTRIES


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "list.csv: the header names no column of tortured phrases: it is empty"),
        (b"a,b\n", "no column of tortured phrases: a, b"),
        (b"Tortured phrase,DOI\n", "no column of expected phrases: tortured phrase, doi"),
        (b"Fingerprint,Expected\n\xff", "not UTF-8 [(]byte 21[)]"),
        (b"Fingerprint,Expected\n" + b"a" * 140_000, "cannot be read as CSV"),
    ],
)
def test_what_is_no_list_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_list(data, "list.csv")
