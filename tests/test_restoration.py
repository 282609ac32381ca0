"""Edits are a plan: replayed, undone, composed, stored."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.errors import ReplayError
from despin.restoration import Alternative, Edit, Evidence, Flag, Restoration, compose, replay, traced


@st.composite
def plans(draw: st.DrawFn, text: str) -> tuple[Edit, ...]:
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if start < end and (not edits or edits[-1].end < start):
            original = draw(st.text(alphabet="xyz", max_size=4))
            if original != text[start:end]:
                edits.append(Edit(start, end, text[start:end], original, 0.9))
    return tuple(edits)


@st.composite
def two_rounds(draw: st.DrawFn) -> tuple[str, tuple[Edit, ...], tuple[Edit, ...]]:
    text = draw(st.text(alphabet="abcd ", min_size=1, max_size=30))
    first = draw(plans(text))
    return text, first, draw(plans(replay(text, first)))


@given(two_rounds())
def test_composed_rounds_do_what_the_two_did(rounds: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    text, first, second = rounds
    both = compose(first, second, text)
    assert replay(text, both) == replay(replay(text, first), second)
    assert all(a.end <= b.start for a, b in itertools.pairwise(both))


@given(two_rounds())
def test_undo_gives_the_input_back(rounds: tuple[str, tuple[Edit, ...], tuple[Edit, ...]]) -> None:
    text, first, _ = rounds
    restoration = Restoration(replay(text, first), first, 0.2)
    assert restoration.undo() == text
    assert restoration.undo([]) == restoration.text
    if first:
        assert restoration.undo(first[:1]) == replay(text, first[1:])


def test_json_keeps_everything() -> None:
    edit = Edit(0, 3, "abc", "xyz", 0.9, (Alternative("uvw", 0.05),), (Evidence("why “so”", 1.5),))
    restoration = Restoration("xyz!", (edit,), 0.25, (Flag(3, 4, "!", "why", "spintax"),))
    assert Restoration.from_json(restoration.to_json()) == restoration


@pytest.mark.parametrize("data", ["", "{}", "[]", "{", '{"text": 1, "edits": [{}], "spin_rate": 0}'])
def test_other_json_is_refused(data: str) -> None:
    with pytest.raises(ReplayError):
        Restoration.from_json(data)


def test_a_plan_fits_its_own_text_only() -> None:
    edit = Edit(0, 3, "abc", "xyz", 0.9)
    with pytest.raises(ReplayError, match="holds 'abd'"):
        replay("abd", [edit])
    with pytest.raises(ReplayError, match="overlap"):
        replay("abcd", [edit, Edit(2, 4, "cd", "x", 0.9)])
    with pytest.raises(ReplayError):
        Restoration("abc", (), 0.0).undo([edit])


def test_an_edit_that_two_stages_made_has_the_evidence_of_both() -> None:
    first = Edit(0, 4, "teh ", "the ", 1.0, (), (Evidence("misspelt", 0.0),), stage="spelling")
    second = Edit(0, 7, "the end", "the close", 0.9, (), (Evidence("lexicon", 1.0),))
    (both,) = compose((first,), (second,), "teh end")
    assert (both.spun, both.original, both.stage) == ("teh end", "the close", "substitution")
    assert [one.reason for one in both.evidence] == ["misspelt", "lexicon"]


@given(two_rounds(), st.integers(0, 29), st.integers(1, 5))
def test_flags_are_traced_to_the_input(rounds: tuple[str, tuple[Edit, ...], tuple[Edit, ...]], start: int, length: int) -> None:
    text, edits, _ = rounds
    restored = replay(text, edits)
    end = min(len(restored), start + length)
    if start >= end:
        return
    for flag in traced([Flag(start, end, restored[start:end], "", "spintax")], edits):
        assert text[flag.start : flag.end] == flag.text
        assert not any(edit.start < flag.end and flag.start < edit.end for edit in edits)
