"""Paragraphs, headings and items are cut apart; hard-wrapped lines are not."""

from hypothesis import given
from hypothesis import strategies as st

from despin.document.blocks import MAX_BLOCK, blocks, is_capitalised


def cut(text: str) -> list[str]:
    return [text[block.start : block.end] for block in blocks(text)]


def test_blank_lines_cut() -> None:
    assert cut("One two.\n\nThree four.\r\n\r\nFive.") == ["One two.", "Three four.", "Five."]


def test_hard_wrapped_lines_stay_together() -> None:
    text = "The members of the group meet every week in a small\nroom of the library, where they talk about what\nhelps them."
    assert cut(text) == [text]


def test_a_short_last_line_that_is_rich_in_names_is_no_heading() -> None:
    text = "The members of the group, who meet every week, went to see\nPals Neighborhood."
    assert cut(text) == [text]
    heading = "The members of the group, who meet every week, went to see\nPals Neighborhood"
    assert cut(heading) == heading.split("\n")


def test_headings_and_items_stand_alone() -> None:
    text = "Sense of Community\nMembers help each other.\n1. First item\n2. Second item\n- third item"
    assert cut(text) == text.split("\n")


def test_titles_and_capitals_are_told_from_sentences() -> None:
    assert is_capitalised("Mental Health Preconception")
    assert is_capitalised("WHAT IS RESILIENCE IN PSYCHOLOGY")
    assert is_capitalised("How to Choose a Wedding Photographer")
    assert not is_capitalised("She moved to New York last year.")
    assert not is_capitalised("Members help each other.")
    assert not is_capitalised("Ann Brown and Bob Green met Carl Black in New York.")


@given(st.text(alphabet="aB .\n\r\t-1\u2028\x0c", max_size=300))
def test_blocks_cover_everything_but_white_space(text: str) -> None:
    at = 0
    for block in blocks(text):
        assert at <= block.start < block.end <= len(text)
        assert not text[at : block.start].strip()
        at = block.end
    assert not text[at:].strip()


def test_a_long_paragraph_is_cut_at_sentence_ends() -> None:
    text = "This is a sentence of some length. " * 2000
    found = list(blocks(text))
    assert all(block.end - block.start <= MAX_BLOCK for block in found)
    assert all(text[block.start : block.end].rstrip().endswith(".") for block in found)
