"""What of spintax is resolved, how, and what is left."""

import pytest

from despin.despinner import Despinner
from despin.settings import Settings

PLAIN = "Most owners {buy|purchase} a {good|great} leash. "


@pytest.fixture(scope="module")
def resolve(despinner: Despinner):  # type: ignore[no-untyped-def]
    settings = Settings(stages=frozenset({"spintax"}))
    return Despinner(settings, despinner.lexicon, despinner.judges, despinner.nlp)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is a {simple|elementary} {answer|solvent}.", "It is a simple answer."),
        ("He took {an|a} {umbrella|brolly} {to|towards} the {job|task} with him.", "He took an umbrella to the job with him."),
        ("It takes a {hour|60 minutes} or so.", "It takes an hour or so."),
        ("An {|honest} man is hard to find in this {town|township}.", "A man is hard to find in this town."),
        ("We like {our|} dogs{ a lot|}.", "We like dogs."),
        ("{However, |}the {price|cost} is high.", "The price is high."),
        ("{the|a} {price|worth} is high. {It|It all} depends on you.", "the price is high. It depends on you."),
        ("The {dog|hound}s of the {street|thoroughfare} bark.", "The dogs of the street bark."),
        ("All {kids|{youngsters|offspring}} like to play in the {yard|courtyard}.", "All kids like to play in the yard."),
        ("Find a [cheap|inexpensive] room in the city.", "Find a cheap room in the city."),
        ("Find a [spin]cheap|inexpensive[/spin] room in the city.", "Find a cheap room in the city."),
    ],
)
def test_the_alternative_that_fits_best_is_chosen(resolve: Despinner, text: str, expected: str) -> None:
    restoration = resolve(text)
    assert restoration.text == expected
    assert resolve(expected).edits == ()
    assert restoration.undo() == text


def test_an_edit_tells_its_alternatives_and_its_share(resolve: Despinner) -> None:
    (edit, *_) = resolve("They {walk|stroll|perambulate} to the {house|dwelling}.").edits
    assert edit.stage == "spintax"
    assert edit.spun == "{walk|stroll|perambulate}"
    assert edit.original == "walk"
    assert [other.original for other in edit.alternatives] == ["stroll", "perambulate"]
    assert edit.confidence > 0.5
    assert edit.confidence + sum(other.confidence for other in edit.alternatives) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    [
        "You can {start|stop|restart} the service when it is {on|off}.",
        "Run the tool with {create user|delete user} to manage the accounts.",
        "Usage: tool {buy|purchase} of the day.",
        "| the {good|great} | and a bad | one of them |",
        "Set the mode to [rows | columns] in the dialog.",
        "Spintax is written like this: {good|great}, or {buy|purchase} for a verb of the text.",
        "The set {even numbers | numbers that are less than ten} is a set of numbers.",
    ],
)
def test_choices_given_to_the_reader_stay(resolve: Despinner, text: str) -> None:
    restoration = resolve(text)
    assert (restoration.text, restoration.flags) == (text, ())


def test_what_may_be_either_is_spintax_in_a_document_that_surely_has_some(resolve: Despinner) -> None:
    unsure = "You can {start|stop|restart} the service at any time."
    assert resolve(unsure).text == unsure
    assert "{" not in resolve(PLAIN + unsure).text


def test_spintax_in_quotations_and_code_is_flagged_or_left(resolve: Despinner) -> None:
    restoration = resolve(PLAIN + "“Use a {good|great} leash,” she said. `{good|great}`")
    assert "“Use a {good|great} leash,” she said. `{good|great}`" in restoration.text
    assert {flag.text for flag in restoration.flags} == {"{good|great}"}


def test_placeholders_are_flagged_and_left(resolve: Despinner) -> None:
    text = "Call %phone% for the best {{keyword}} in the city of #city#."
    restoration = resolve(text)
    assert restoration.text == text
    assert [flag.text for flag in restoration.flags] == ["%phone%", "{{keyword}}", "#city#"]
    assert all(text[flag.start : flag.end] == flag.text and flag.stage == "spintax" for flag in restoration.flags)


def test_placeholders_in_code_and_without_prose_are_not_flagged(resolve: Despinner) -> None:
    assert resolve("Write `%keyword%` where the keyword of the page belongs.").flags == ()
    assert resolve("%title%: %city%").flags == ()
