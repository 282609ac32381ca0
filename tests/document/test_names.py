"""Names are told by capitals that are not a sentence's or a heading's."""

import pytest

from despin.despinner import Despinner
from despin.document.names import Names, entities, is_capital, opens_sentence


@pytest.mark.parametrize(
    ("word", "capital"),
    [("Paris", True), ("NASA", True), ("iPhone", True), ("paris", False), ("I", False), ("42", False), ("", False)],
)
def test_capitals(word: str, capital: bool) -> None:
    assert is_capital(word) is capital


@pytest.mark.parametrize(
    ("text", "word", "opens"),
    [
        ("Peace came. Hope stayed.", "Hope", True),
        ("They saw Hope there.", "Hope", False),
        ("(Hope stayed.)", "Hope", True),
        ("1. Hope stayed.", "Hope", True),
        ("“Hope stayed,” he said.", "Hope", True),
        ("Tips: Hope is one.", "Hope", True),
        ("They met Mr. Hope.", "Hope", False),
        ("They met Dr.\nHope again.", "Hope", False),
        ("They met Sgt. Hope again.", "Hope", False),
        ("They met (Hope too).", "Hope", False),
        ("They met – Hope knows – others.", "Hope", False),
        ("They met *Hope* there.", "Hope", False),
        ("They waited … Hope came.", "Hope", False),
        ("They waited. (Hope came.)", "Hope", True),
        ("They waited (long.) Hope came.", "Hope", True),
        ("* Hope came.", "Hope", True),
        ("2) Hope came.", "Hope", True),
        ("They waited!” Hope came.", "Hope", True),
        ("She said, “Hope matters.”", "Hope", True),
        ("They waited!” “Hope came.", "Hope", True),
        ("(They waited.) (Hope came.)", "Hope", True),
        ("They waited.” – Hope came.", "Hope", True),
        ("Is it easy? No. Hope came.", "Hope", True),
        ("They met Ann, Hope and others.", "Hope", False),
        ("In 2010 Hope came.", "Hope", False),
        ("Mr. Neighborhood and Ms. Preconception opened Obtain Ltd. in Leeds.", "Obtain", False),
    ],
)
def test_where_a_capital_is_a_matter_of_spelling(despinner: Despinner, text: str, word: str, opens: bool) -> None:
    token = next(token for token in despinner.nlp(text) if token.text == word)
    assert opens_sentence(token) is opens


def test_a_document_tells_its_names_by_its_own_capitals(despinner: Despinner) -> None:
    text = "We met Hope in town. Hope was late. Peace is what we want, and peace we get."
    doc = despinner.nlp(text)
    names = Names([(doc, False)])
    protected = {token.text for token in doc if names.protects(token, token.text, heading=False)}
    assert protected == {"Hope"}
    heading = zip(despinner.nlp("hope and peace"), "Hope and Peace".split(), strict=True)
    assert [names.protects(token, word, heading=True) for token, word in heading] == [True, False, False]


def test_entities_are_those_of_the_recogniser(despinner: Despinner) -> None:
    sentence = next(despinner.nlp("Barack Obama met people in Berlin.").sents)
    found = [sentence.doc[start:end].text for start, end in entities(despinner.nlp, sentence)]
    assert "Berlin" in found
    assert any("Obama" in name for name in found)
