"""Chosen originals take the grammar of their sentence."""

from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from despin.realize import agreeing_verb, article, cased, inflected


@pytest.mark.parametrize(
    ("original", "pos", "tag", "form"),
    [
        ("overcome", "VERB", "VBD", "overcame"),
        ("get rid of", "VERB", "VBG", "getting rid of"),
        ("sense of community", "NOUN", "NNS", "senses of community"),
        ("side effect", "NOUN", "NNS", "side effects"),
        ("advice", "NOUN", "NNS", "advice"),
        ("strong", "ADJ", "JJR", "stronger"),
        ("important", "ADJ", "JJS", "most important"),
        ("happy", "ADJ", "JJR", "happier"),
        ("quickly", "ADV", "RBR", "more quickly"),
        ("be", "VERB", "VBZ", "is"),
        ("child", "NOUN", "NNS", "children"),
        ("each other", "", "", "each other"),
    ],
)
def test_the_head_inflects(original: str, pos: str, tag: str, form: str) -> None:
    assert inflected(original, pos, tag) == form


@pytest.mark.parametrize(
    ("original", "spun", "capitals", "result"),
    [
        ("stigma", "preconception", False, "stigma"),
        ("stigma", "Preconception", False, "Stigma"),
        ("stigma", "PRECONCEPTION", True, "STIGMA"),
        ("sense of community", "Neighborhood Feeling", True, "Sense of Community"),
        ("each other", "Each Various Other", False, "Each other"),
        ("a", "I", False, "A"),
        ("", "Really", False, ""),
    ],
)
def test_capitals_follow_the_replaced_words(original: str, spun: str, capitals: bool, result: str) -> None:
    assert cased(original, spun, capitals) == result


@pytest.mark.parametrize(("word", "expected"), [("obstacle", "an"), ("challenge", "a"), ("hour", "an"), ("university", "a")])
def test_the_article_goes_by_sound(word: str, expected: str) -> None:
    assert article(word) == expected


@pytest.mark.parametrize(
    ("items", "original", "result"),
    [
        ("recommendations/NNS/NOUN/recommendation/1/nsubj are/VBP/AUX/be/1/ROOT", "advice", (1, "is")),
        (
            "recommendations/NNS/NOUN/recommendation/2/nsubj were/VBD/AUX/be/2/aux given/VBN/VERB/give/2/ROOT",
            "advice",
            (1, "was"),
        ),
        ("recommendations/NNS/NOUN/recommendation/1/nsubj help/VBP/VERB//1/ROOT", "advice", (1, "helps")),
        ("recommendations/NNS/NOUN/recommendation/1/nsubj help/VBP/VERB//1/ROOT", "tips", None),
        ("individuals/NNS/NOUN/individual/1/nsubj help/VBP/VERB//1/ROOT", "people", None),
        ("recommendations/NNS/NOUN/recommendation/1/nsubj helped/VBD/VERB/help/1/ROOT", "advice", None),
        ("give/VB/VERB//0/ROOT recommendations/NNS/NOUN/recommendation/0/dobj", "advice", None),
    ],
)
def test_the_verb_follows_its_subjects_number(
    make_doc: Callable[..., Doc], items: str, original: str, result: tuple[int, str] | None
) -> None:
    doc = make_doc(items)
    start = next(token.i for token in doc if token.tag_ == "NNS")
    assert agreeing_verb(doc, start, start + 1, original) == result
