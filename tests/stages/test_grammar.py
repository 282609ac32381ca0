"""What is repaired in any text, what in spun texts only, and what stays."""

import pytest

from despin.despinner import Despinner
from despin.settings import Settings


@pytest.fixture(scope="module")
def repair(despinner: Despinner):  # type: ignore[no-untyped-def]
    def make(rate: float) -> Despinner:
        settings = Settings(stages=frozenset({"grammar"}), spin_rate=rate)
        return Despinner(settings, despinner.lexicon, despinner.judges, despinner.nlp)

    made = {rate: make(rate) for rate in (0.0, 0.4)}
    return lambda text, rate=0.0: made[rate](text).text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They walked to the the park.", "They walked to the park."),
        ("The the park is closed on Mondays.", "The park is closed on Mondays."),
        ("We ate at a a small place.", "We ate at a small place."),
        ("It is one of of the best.", "It is one of the best."),
        ("She said it would would rain.", "She said it would rain."),
        ("That can be be seen from here.", "That can be seen from here."),
        ("He went to to the market.", "He went to the market."),
        ("The keys are in the in the drawer.", "The keys are in the drawer."),
        ("We left early in order to in order to catch the train.", "We left early in order to catch the train."),
        ("He spoke at the end of the day at the end of the day about it.", "He spoke at the end of the day about it."),
    ],
)
def test_words_that_nobody_says_twice_are_said_once(repair, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == expected
    assert repair(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He had had enough of it.",
        "I know that that is true.",
        "What it is is a mystery.",
        "The man who came in in 1990 left.",
        "Turn it on on Monday.",
        "It was very very cold, and no no means no.",
        "A long long time ago they said bye bye.",
        "New York New York is a song.",
        "She studied in Walla Walla and met Duran Duran.",
        "They went on and on and on about it.",
        "We go from town to town to sell our goods.",
        "A man is a man is a man.",
        "He does what he does what he does it for.",
        "There is also the experiencing of the experiencing of the pain.",
        "the\nthe",
        "It ended there. There there, said the nurse.",
        "The The is a band, and Theodore Theodore a name.",
        "the the the the the",
        "“Use the the form,” he stammered.",
        "Run `the the` twice.",
        "He talked about this kind of of course.",
        "The list holds 10 10 20 and a A b B.",
        "As well as well-known names there were new ones.",
        "Consult both and and their discussion.",
    ],
)
def test_what_is_said_twice_on_purpose_stays(repair, text: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is good for your health and wellness and wellness.", "It is good for your health and wellness."),
        ("Look for people people you can trust.", "Look for people you can trust."),
        ("They help each each other.", "They help each other."),
        ("The study is is about sleep.", "The study is about sleep."),
        ("It will help your body your body to heal.", "It will help your body to heal."),
    ],
)
def test_in_a_spun_text_more_is_said_once(repair, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == text
    assert repair(text, 0.4) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He had had enough.",
        "What it is is clear.",
        "It was very very cold.",
        "Walla Walla is far far away.",
        "That makes a man a man.",
    ],
)
def test_in_a_spun_text_too_some_things_are_said_twice(repair, text: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text, 0.4) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wait for a hour.", "Wait for an hour."),
        ("She studies at an university.", "She studies at a university."),
        ("It was an unique idea.", "It was a unique idea."),
        ("This is a easy way to save money.", "This is an easy way to save money."),
        ("A hour later he came back.", "An hour later he came back."),
        ("This is an one-time offer.", "This is a one-time offer."),
        ("He is a honest man.", "He is an honest man."),
        ("They live in an house by the sea.", "They live in a house by the sea."),
    ],
)
def test_articles_suit_the_sound_that_follows(repair, text: str, expected: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == expected
    assert repair(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was an historic day.",
        "Write a SQL query, or an SQL query, with a herb or an herb.",
        "An FBI agent met a UN envoy and an MRI technician.",
        "Vitamin a is in carrots, and hepatitis a infection is mild.",
        "See point a and point b.",
        "The value a is a unit, and a increases with n.",
        "“It was a error,” he said.",
        "She wrote `a error` there.",
        "I met an Ursula and a Ivan.",
        "Transparency has many aspects an dimensions.",
        "An be or not an be.",
        "Use an npm package in an LED lamp.",
        "This is a A-class, not an a.",
    ],
)
def test_articles_that_may_be_right_stay(repair, text: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == text
    assert repair(text, 0.4) == text


def test_the_article_of_a_swapped_word_is_a_trace_of_what_stood_there(repair) -> None:  # type: ignore[no-untyped-def]
    text = "It needs a fast processor and a individual card for this."
    assert repair(text) == text.replace("a individual", "an individual")
    assert repair(text, 0.4) == text


@pytest.mark.parametrize(
    ("text", "expected", "everywhere"),
    [
        ("This rope is more stronger than that one.", "This rope is stronger than that one.", True),
        ("It is the most fastest car in town.", "It is the fastest car in town.", True),
        ("The new one is much more better.", "The new one is much better.", True),
        ("The train is more cheap than the bus.", "The train is cheaper than the bus.", True),
        ("He needs a more strong rope.", "He needs a stronger rope.", False),
        ("We looked for the most cheap hotel.", "We looked for the cheapest hotel.", False),
        ("A more easy way is to call them.", "An easier way is to call them.", False),
        ("They will build even more strong relationships.", "They will build even stronger relationships.", False),
        ("It will make your bones more strong.", "It will make your bones more strong.", False),
    ],
)
def test_comparatives_are_built_once(repair, text: str, expected: str, everywhere: bool) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == (expected if everywhere else text)
    assert repair(text, 0.4) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Rain is more likely and more common than snow.",
        "There will be more strong winds and more open questions.",
        "He is a more strong-willed man than most.",
        "Once more strong winds blew over the hill.",
        "It was more wet than cold, and more short than long.",
        "There are more smaller shops than there were.",
        "More older people live alone than before.",
        "Do the most good for the most people.",
        "Two or more small boats were seen.",
        "It is more clear, more fun and more true.",
        "We need more better-paid jobs.",
        "Most old houses are cold.",
    ],
)
def test_more_and_most_that_count_or_weigh_stay(repair, text: str) -> None:  # type: ignore[no-untyped-def]
    assert repair(text) == text
    assert repair(text, 0.4) == text


def test_ignored_words_stay(despinner: Despinner) -> None:
    settings = Settings(stages=frozenset({"grammar"}), ignore=frozenset({"the"}))
    assert Despinner(settings, nlp=despinner.nlp)("Go to the the park.").edits == ()


def test_an_edit_tells_its_stage_and_its_reason(despinner: Despinner) -> None:
    settings = Settings(stages=frozenset({"grammar"}))
    restoration = Despinner(settings, despinner.lexicon, despinner.judges, despinner.nlp)("Go to the the park for a hour.")
    assert [(edit.stage, edit.evidence[0].reason) for edit in restoration.edits] == [
        ("grammar", "the same words twice"),
        ("grammar", "an before the sound of 'hour'"),
    ]
    assert restoration.undo() == "Go to the the park for a hour."


def test_an_endless_repetition_settles(repair) -> None:  # type: ignore[no-untyped-def]
    text = "It is " + "in the " * 300 + "box. He went to the the park."
    assert repair(text) == text.replace("the the park", "the park")
