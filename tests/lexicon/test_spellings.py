"""British and American spellings are the same word."""

import pytest

from despin.lexicon.spellings import same_spelled


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("favour", "favor", True),
        ("judgement", "judgment", True),
        ("utilisation", "utilization", True),
        ("analyse", "analyze", True),
        ("centre", "center", True),
        ("travelling", "traveling", True),
        ("paediatric", "pediatric", True),
        ("catalogue", "catalog", True),
        ("licence", "license", True),
        ("utilization", "use", False),
        ("care", "car", False),
        ("hour", "horn", False),
        ("precise", "price", False),
    ],
)
def test_spellings_are_no_synonyms(one: str, other: str, same: bool) -> None:
    assert same_spelled(one, other) is same
