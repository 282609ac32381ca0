"""The context checks see what they should on documents built by hand."""

from collections import Counter
from collections.abc import Callable

import pytest
from spacy.tokens import Doc

from despin.judge import context

MakeDoc = Callable[..., Doc]
FEELING = (
    "build/VB/VERB//0/ROOT a/DT/DET//2/det feeling/NN/NOUN//0/dobj of/IN/ADP//2/prep neighborhoods/NNS/NOUN/neighborhood/3/pobj"
)


def test_sentence_lemmas_hold_lemmas_and_forms(make_doc: MakeDoc) -> None:
    found = context.sentence_lemmas(next(make_doc(FEELING).sents))
    assert {"neighborhood", "neighborhoods", "feeling"} <= found


@pytest.mark.parametrize(
    ("start", "lemmas", "linked"),
    [(4, {"feeling"}, True), (2, {"neighborhood"}, True), (2, {"build"}, True), (4, {"build"}, False), (4, {"other"}, False)],
)
def test_dependency_looks_through_prepositions(make_doc: MakeDoc, start: int, lemmas: set[str], linked: bool) -> None:
    assert context.depends_on(make_doc(FEELING), start, start + 1, lemmas) is linked


@pytest.mark.parametrize(
    ("items", "start", "tag", "clash"),
    [
        ("these/DT/DET//1/det advices/NNS/NOUN//1/ROOT", 1, "NN", True),
        ("these/DT/DET//1/det advices/NNS/NOUN//1/ROOT", 1, "NNS", False),
        ("a/DT/DET//2/det big/JJ/ADJ//2/amod groups/NNS/NOUN//2/ROOT", 2, "NNS", True),
        ("a/DT/DET//1/det man/NN/NOUN//2/nsubj helps/VBZ/VERB//2/ROOT groups/NNS/NOUN//2/dobj", 3, "NNS", False),
        ("the/DT/DET//1/det groups/NNS/NOUN//1/ROOT", 1, "NN", False),
        ("these/DT/DET//1/det run/VB/VERB//1/ROOT", 1, "VB", False),
    ],
)
def test_number_clashes_with_the_determiner(make_doc: MakeDoc, items: str, start: int, tag: str, clash: bool) -> None:
    assert context.number_clash(make_doc(items), start, tag) is clash


@pytest.mark.parametrize(
    ("items", "start", "clash"),
    [
        ("will/MD/AUX//1/aux comfort/NN/NOUN//1/ROOT", 1, True),
        ("will/MD/AUX//1/aux comfort/VB/VERB//1/ROOT", 1, False),
        ("the/DT/DET//1/det obtain/VB/VERB//1/ROOT", 1, True),
        ("the/DT/DET//1/det gain/NN/NOUN//1/ROOT", 1, False),
        ("gone/VBN/VERB//0/ROOT to/IN/ADP//0/prep school/NN/NOUN//1/pobj", 2, False),
    ],
)
def test_a_class_out_of_place_is_seen(make_doc: MakeDoc, items: str, start: int, clash: bool) -> None:
    assert context.class_clash(make_doc(items), start, start + 1) is clash


def test_an_original_elsewhere_counts_by_its_rarest_word() -> None:
    counts = Counter(stigma=5, support=2, group=1)
    assert context.elsewhere(["stigma"], counts) == 2.0
    assert context.elsewhere(["support", "group"], counts) == 1.0
    assert context.elsewhere(["support", "team"], counts) == 0.0
    assert context.elsewhere([], counts) == 0.0
