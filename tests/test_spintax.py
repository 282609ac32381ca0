"""Which brackets are spintax, what is in them, and which names are placeholders."""

import time

import pytest

from despin.spintax import groups, placeholders


def found(text: str) -> list[str]:
    return [text[group.start : group.end] for group in groups(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A {good|great} day.", ["{good|great}"]),
        ("A [good|great] day.", ["[good|great]"]),
        ("A {very |}good day.", ["{very |}"]),
        ("{Good|Great}{ day| morning}.", ["{Good|Great}", "{ day| morning}"]),
        ("The {car|{truck|van}}s are {new|in {good|great} shape}.", ["{car|{truck|van}}", "{new|in {good|great} shape}"]),
        ("{{big|large} house|villa}", ["{{big|large} house|villa}"]),
        ("We like dogs{ a lot| much|}.", ["{ a lot| much|}"]),
        ("({good|great})", ["{good|great}"]),
        ("{an apple|10 apples|CBT}", ["{an apple|10 apples|CBT}"]),
        ("[spin]good|great[/spin]", ["[spin]good|great[/spin]"]),
        ("[Synonyms]{good|great}[/Synonyms]", ["[Synonyms]{good|great}[/Synonyms]"]),
        ("[see {note|remark}]", ["{note|remark}"]),
        ("{ open {good|great}", ["{good|great}"]),
    ],
)
def test_alternatives_in_brackets_are_a_group(text: str, expected: list[str]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{good|great}{bad}",
        "{x | x > 0}",
        "{n | n is prime}",
        "P(rain|clouds)",
        "{a|b|c}",
        "{A|B}",
        "{0|1}",
        "|good| and |bad|",
        "{{lang|good}}",
        "{{{1|good}}}",
        "[[Page|label]]",
        "[good|great](https://a.example)",
        "[good|great][ref]",
        "[good|great]: see below",
        "{name|upper_case}",
        "${good|great}",
        "x{good|great}",
        "{% for day in days|sort %}",
        "{only with the |good| feature}",
        "{ host || port }",
        "{| class\n|- \n|}",
        "{good|\n great}",
        "[Dm|F|C]",
        "[tə|tu]",
        "{good}",
        "{good|good}",
        "{good|great",
        "good|great}",
        "{good]|great}",
        "{good|great\n\nnext}",
    ],
)
def test_other_brackets_are_none(text: str) -> None:
    assert found(text) == []


def test_alternatives_keep_their_groups_and_read_with_the_first_of_them() -> None:
    (group,) = groups("{a {good|great} {car|van}|none|}")
    assert group.readings == ["a good car", "none", ""]
    assert group.nested
    assert [len(alternative) for alternative in group.alternatives] == [4, 1, 0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Call %phone% now", ["%phone%"]),
        ("in #City Name# and @@state@@", ["#City Name#", "@@state@@"]),
        ("the best [[keyword]] and {{city}}", ["[[keyword]]", "{{city}}"]),
        ("a <keyword> and [main keyword] and {keyword2}", ["<keyword>", "[main keyword]", "{keyword2}"]),
        ("a stray [synonyms] tag", ["[synonyms]"]),
        ("from 50% of sites to 30% of them", []),
        ("%appdata% and #winning# and [[Paris]] and {{cite}}", []),
        ("a <name>, a [url], an {email}", []),
    ],
)
def test_placeholders_are_told_by_name(text: str, expected: list[str]) -> None:
    assert [text[found.start : found.end] for found in placeholders(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "{" * 400_000,
        "{a|" * 200_000,
        "{good|" * 50 + "x" + "}" * 50,
        "[spin]" * 80_000,
        "{" + "|" * 400_000 + "}",
        "[{" * 200_000,
        "%a" * 200_000,
        "[a " * 200_000,
    ],
    ids=lambda text: text[:10],
)
def test_hostile_input_takes_bounded_time(text: str) -> None:
    begun = time.perf_counter()
    assert list(groups(text)) == []
    for _ in placeholders(text):
        pass
    assert time.perf_counter() - begun < 5
