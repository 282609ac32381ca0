"""What may not be touched is found, and prose around it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.document.protection import protect

# Each text with what of it is protected, between ⟦ and ⟧.
CASES = {
    "url": "see ⟦https://a.example/obtain?x=individuals⟧ for individuals",
    "bare domain": "visit ⟦www.obtain-help.example⟧ or ⟦help.com/individuals⟧ today",
    "e-mail": "write to ⟦individuals@obtain.example⟧ today",
    "path": "open ⟦/etc/obtain/individuals.yml⟧ first",
    "handle": "follow ⟦@individuals⟧ and ⟦#neighborhood⟧ now",
    "code span": "call ⟦`obtain individuals`⟧ then",
    "double ticks": "call ⟦``obtain `x` individuals``⟧ then",
    "html": "a ⟦<a href='obtain' title='individuals'>⟧link⟦</a>⟧ here",
    "comment": "some ⟦<!-- obtain individuals -->⟧ text",
    "script": "x ⟦<script>obtain(individuals)</script>⟧ y",
    "html quotation": "x ⟦<q>obtain individuals</q>⟧ y",
    "entity": "salt ⟦&amp;⟧ pepper",
    "markdown link": 'the [obtain individuals]⟦(obtain/individuals "preconception")⟧ page',
    "reference": "the [text]⟦[individuals]⟧ page",
    "straight quotation": 'she said ⟦"obtain individuals"⟧ then',
    "curly quotation": "she said ⟦“obtain individuals”⟧ then",
    "single quotation": "she said ⟦‘obtain individuals’⟧ then",
    "quotation with an apostrophe": "she said ⟦‘we don’t obtain individuals’⟧ then",
    "quotation over a line break": 'she said ⟦"obtain\nindividuals"⟧ then',
    "curly quotation over a line break": "she said ⟦“obtain\r\nindividuals”⟧ then",
    "quotation after an inch mark": 'a five" pipe and ⟦"obtain individuals"⟧ then',
    "apostrophe": "the group’s individuals don’t obtain",
    "number and unit": "about ⟦12 minutes⟧ and ⟦$3,000⟧ and ⟦40%⟧ of it",
    "identifier": "the ⟦obtain_individuals⟧ and ⟦obtainIndividuals⟧ calls",
    "placeholder": "dear ⟦%individual%⟧ and ⟦{{ obtain }}⟧ here",
    "nested quotation": "she said ⟦“obtain “these” individuals”⟧ then",
    "quotation of several paragraphs": "she said ⟦“obtain it.⟧\n\n⟦“Obtain individuals.”⟧ Then",
    "long quotation": f"she said ⟦“{'obtain individuals ' * 200}”⟧ then",
    "block quotation that goes on": "⟦> obtain\nindividuals⟧\n\nthen",
    "line with a mark and others": "⟦> Obtain it.⟧\nIndividuals obtain it.\nThen.",
    "inline code at a line's start": "⟦```obtain```⟧ is a call.\n\nIndividuals obtain it.",
    "rule at the top": "---\n\nIndividuals obtain it.\n\n---\n\nThen.",
    "note in brackets": "[Editor]: Individuals obtain it. See the [editor].",
    "number at a paragraph's end": "about ⟦2010⟧\n\ndays passed",
    "nothing but indented lines": "⟦    obtain(individuals)\n\n    obtain(others)⟧",
    "little prose above much code": "Call it:\n⟦\n    obtain(individuals)\n    obtain(others)\n⟧",
    "indented prose": "One.\n\n    Individuals obtain it when they go home to sleep.\n\nThen.",
    "indented first line": "One.\n\n    Individuals obtain it when they\ngo home to sleep.\n\nThen.",
    "indented prose beside code": "One.\n\n    Individuals obtain it when they go home to sleep.\n⟦\n    obtain(it)\n⟧\nThen.",
    "indented prose that is announced": "Say::\n⟦\n    Individuals obtain it when they go home to sleep.\n⟧\nThen.",
    "indented words": "One.\n⟦\n    obtain individuals when they go home to sleep\n⟧\nThen.",
    "indented call in prose": "One.\n⟦\n    Individuals obtain it when obtain() has put them all to sleep.\n⟧\nThen.",
    "code in an item": "- Individuals obtain it.\n⟦\n      obtain()\n⟧",
    "narrow space before a unit": "about ⟦12\u202fkm⟧ of it",
    "guillemets within an open one": "she said ⟦« obtain « individuals »⟧ then",
    "front matter after a blank line inside": "⟦---\n\ntitle: obtain\n---⟧\nthen",
    "definition in brackets": "⟦[individuals]: <obtain it> 'obtain'⟧\n\nthen ⟦[individuals]⟧",
    "item of two paragraphs": "- Individuals obtain it, and then others, and so on.\n\n    Then more of them.",
    "fence in a list": "⟦- ```py\n  obtain()\n  ```⟧\nthen",
    "fence of tildes": "⟦~~~\nobtain ```\n~~~⟧\nthen",
    "code span over a line break": "call ⟦`obtain\nindividuals`⟧ then",
    "many ticks": "call ⟦``````obtain``````⟧ then",
    "attribute that holds a bracket": "a ⟦<a title='obtain > individuals'>⟧link⟦</a>⟧ here",
    "apostrophe in a tag": "a ⟦<a don't>⟧link⟦</a>⟧ here",
    "processing instruction": "x ⟦<?php obtain('individuals') ?>⟧ y",
    "character data": "x ⟦<![CDATA[obtain individuals]]>⟧ y",
    "template": "x ⟦{% obtain individuals %}⟧ y",
    "markdown link with a title in parentheses": "the [obtain]⟦(page (individuals))⟧ here",
    "collapsed reference": "the ⟦[individuals][]⟧ page",
    "shortcut reference": "the ⟦[individuals]⟧ page and [others]\n\n⟦[individuals]: https://a.example⟧",
    "address without its scheme": "see ⟦//cdn.example/obtain⟧ and ⟦WWW.obtain.example⟧ and ⟦localhost:8080/obtain⟧ then",
    "front matter after a blank line": "⟦\ufeff\n---\ntitle: obtain\n---⟧\nthen",
    "front matter in TOML": "⟦+++\ntitle = 'obtain'\n+++⟧\nthen",
    "indented code after a line of spaces": "Then individuals obtain it.\n⟦  \n    obtain()\n⟧Then others obtain it.",
    "short unit": "about ⟦12 mins⟧ and ⟦20  minutes⟧ of it",
    "off with a space": "one ⟦despin : off two⟧",
    "off to the end": "one ⟦despin: off two individuals⟧",
    "off and on": "one ⟦despin: off two despin: on⟧ three",
}


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_protects_exactly_the_marked_stretches(marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    wanted = []
    inside = False
    for char in marked:
        if char in "⟦⟧":
            inside = char == "⟦"
        else:
            wanted.append(inside)
    protection = protect(text)
    assert [protection.touches(i, i + 1) for i in range(len(text))] == wanted


def test_protects_fences_front_matter_and_indented_code() -> None:
    text = "---\ntitle: obtain\n---\n\nprose\n\n```py\nobtain()\n```\n\nprose\n\n    obtain = 1\n    m\n\nprose\n\n> obtain\n"
    protection = protect(text)
    assert all(
        protection.touches(text.index(word), text.index(word) + 1) for word in ("title", "obtain()", "obtain = 1", "> ob")
    )
    at = -1
    for _ in range(3):
        at = text.index("prose", at + 1)
        assert not protection.touches(at, at + 5)


@given(st.text(alphabet='<>!-`~"“”()[]ab/.@_&;:\n {}%$#', max_size=200))
def test_never_crashes_and_stays_inside_the_text(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in protect(text).spans)


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<script>",
        "`",
        "```\n",
        '"a',
        "[a](",
        "a_",
        "a@",
        "(((",
        "<a ",
        "a.",
        "--a",
        "{{",
        "1.",
        "a-",
        "$",
        "“",
        "‘a ",
        "“a\n\n",
        "`a``b",
        "<?php",
        "{%",
        "<![CDATA[",
        "> a\n",
        "„",
        "« ",
        "${",
        "```",
        "[a]:b\n",
        " //a.",
    ],
)
def test_hostile_repetition_takes_linear_time(unit: str) -> None:
    # Quadratic matching would take minutes here; the suite's time-out would tell.
    protect(unit * 40_000)
