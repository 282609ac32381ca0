"""What stood for each other becomes a lemma where it inflects alike, else fixed text, or nothing where it teaches nothing."""

from collections.abc import Iterator

import pytest
from spacy.tokens import Span

from despin.despinner import Despinner
from despin.mining.entries import Entry, entry, headed, written


def spans(despinner: Despinner, *marked: str) -> Iterator[Span]:
    """The words between brackets, each in its tagged sentence."""
    for text in marked:
        before, words, _ = text.replace("]", "[").split("[")
        doc = despinner.nlp(text.replace("[", "").replace("]", ""))
        yield doc.char_span(len(before), len(before) + len(words), alignment_mode="expand")


@pytest.mark.parametrize(
    ("spun", "original", "expected"),
    [
        ("They made two [searchings].", "They made two [findings].", ("searching", "NOUN", "finding")),
        ("She [acquired] a new house.", "She [bought] a new house.", ("acquire", "VERB", "buy")),
        ("The [bigger] house is ours.", "The [larger] house is ours.", ("big", "ADJ", "large")),
        ("It was [an obstacle] for her.", "It was [a problem] for her.", ("obstacle", "NOUN", "problem")),
        ("She read the [company's] report.", "She read the [firm's] report.", ("company", "NOUN", "firm")),
        ("He needs [surgical procedures] now.", "He needs [surgeries] now.", ("surgical procedure", "NOUN", "surgery")),
        ("They [take care of] it.", "They [handle] it.", ("take care of", "VERB", "handle")),
        ("They [took care of] it.", "They [handled] it.", ("take care of", "VERB", "handle")),
        # No inflection of the one is the other's.
        ("We gave her [recommendation].", "We gave her [advices].", ("recommendation", "", "advices")),
        # The head hangs on what stands outside.
        ("We [use a kind] offer.", "We [make a good] offer.", ("use a kind", "", "make a good")),
        ("We help [each various other].", "We help [each other].", ("each various other", "", "each other")),
        ("The [Wellness] of dogs matters.", "The [Health] of dogs matters.", ("wellness", "NOUN", "health")),
        ("It isn’t [the author’s own] work.", "It isn’t [what I wrote] today.", ("the author's own", "", "what I wrote")),
        # Inflection, articles, function words, marks, clitics by themselves, and too many words teach nothing.
        ("The [dogs] run.", "The [dog] runs.", None),
        ("She saw [a house].", "She saw [the houses].", None),
        ("She has [a few more] dogs.", "She has [many other] dogs.", None),
        ("It is [upon] the table.", "It is [on] the table.", None),
        ("She ran[, slept] and ate.", "She ran[ and slept], and ate.", None),
        ("It is [9] dogs.", "It is [nine] dogs.", None),
        ("We [went to get it all done] today.", "We [finished] today.", None),
    ],
)
def test_entries(despinner: Despinner, spun: str, original: str, expected: tuple[str, str, str] | None) -> None:
    found = entry(despinner.nlp, *spans(despinner, spun, original))
    assert found == (expected and Entry(*expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two [cups of tea] stood there.", ("cup of tea", "NOUN", "NNS")),
        ("She [gave up] at once.", ("give up", "VERB", "VBD")),
        ("These are [very old] trees.", ("very old", "ADJ", "JJ")),
        ("She [really feels] it.", None),  # a verb's head would be the first word
    ],
)
def test_the_head_is_a_lemma(despinner: Despinner, text: str, expected: tuple[str, str, str] | None) -> None:
    (span,) = spans(despinner, text)
    assert headed(despinner.nlp, span) == expected


def test_fixed_text_is_in_lower_case_with_plain_signs(despinner: Despinner) -> None:
    (span,) = spans(despinner, "[What  I\nDon’t Risk‑Free Know] is big.")
    assert written(span) == "what I don't risk-free know"


def test_an_entry_has_an_opposite() -> None:
    assert Entry("a", "NOUN", "b").reversed() == Entry("b", "NOUN", "a")
