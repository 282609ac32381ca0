"""What DESIGN promises, as properties of any text."""

import itertools
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import despin
from despin.despinner import Despinner
from despin.document.protection import WORDS_ONLY, protect
from despin.settings import CHARACTERS, STAGES, SUBSTITUTION

# Pieces that are often changed, seldom changed, never to be changed, and hostile.
PIECES = (
    "Peer support groups help people overcome mental health preconception.",
    "They build a feeling of neighborhood and help each various other",
    "individuals obtain assistance",
    "The searchings for recommend",
    "it deserves doing",
    "Mental Health Preconception",
    "WHAT IS MENTAL HEALTH PRECONCEPTION",
    "She moved to Obtain Individuals in May",
    '"individuals obtain each various other"',
    "`each various other`",
    "https://each.example/various-other",
    "12 minutes",
    "<b>each various other</b>",
    "don't",
    "a obstacle",
    "each variousâ€™s other &amp; all",
    "\n",
    "\n\n",
    "\r\n",
    ". ",
    ", ",
    " ",
    "\u00a0",
    "\u2028",
    "\ud800",
    "\0",
    "é",
    "-",
    "each\nvarious\nother",
)
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=14).map(" ".join) | st.lists(
    st.sampled_from(PIECES), max_size=14
).map("".join)
rates = st.sampled_from([None, 0.0, 0.1, 0.4])
relaxed = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def by_rate(despinner: Despinner) -> dict[float | None, Despinner]:
    given = (despinner.lexicon, despinner.judges, despinner.nlp)
    return {rate: Despinner(despin.Settings(spin_rate=rate), *given) for rate in (None, 0.0, 0.1, 0.4)}


@pytest.fixture(scope="module")
def substituting(despinner: Despinner) -> Despinner:
    stages = frozenset({SUBSTITUTION})
    return Despinner(despin.Settings(stages=stages), despinner.lexicon, despinner.judges, despinner.nlp)


@relaxed
@given(texts, rates)
def test_promises_hold(by_rate: dict[float | None, Despinner], text: str, rate: float | None) -> None:
    despinner = by_rate[rate]
    restoration = despinner(text)
    # Replaying the plan gives the text, undoing it the input.
    assert despin.replay(text, restoration.edits) == restoration.text
    assert restoration.undo() == text
    # Nothing outside the edits changed, and edits change something, in order.
    assert all(a.end <= b.start for a, b in itertools.pairwise(restoration.edits))
    assert all(edit.spun == text[edit.start : edit.end] != edit.original for edit in restoration.edits)
    # Protected stretches stay; broken characters are repaired in all that is prose.
    wording = protect(text)
    protection = {stage: wording.without(WORDS_ONLY) if stage == CHARACTERS else wording for stage in STAGES}
    assert not any(protection[edit.stage].touches(edit.start, edit.end) for edit in restoration.edits)
    # A restored text has nothing left to restore.
    again = despinner(restoration.text)
    assert (again.text, again.edits) == (restoration.text, ())
    # The same input gives the same output, and JSON keeps it.
    assert despinner(text) == restoration
    assert all(0 <= edit.confidence <= 1 for edit in restoration.edits)


TAGS = (
    *(
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<q>",
        "</q>",
        "<br>",
        "<code>",
        "</code>",
        "<td>",
        "<a title='individuals'>",
    ),
    *("&amp;", "&nbsp;", "&rsquo;", "<!-- obtain -->", "<!-- despin: off -->", "<!-- despin: on -->", "<p lang=fr>", "<", "&"),
)
pages = st.lists(st.sampled_from((*PIECES, *TAGS)), max_size=16).map(" ".join) | st.lists(
    st.sampled_from((*PIECES, *TAGS)), max_size=16
).map("".join)
sources = st.tuples(st.just("html"), pages) | st.tuples(st.just("markdown"), texts)


@relaxed
@given(sources, rates)
def test_promises_hold_for_html_and_markdown(
    by_rate: dict[float | None, Despinner], source: tuple[str, str], rate: float | None
) -> None:
    kind, text = source
    despinner = by_rate[rate]
    restoration = despinner(text, kind)
    assert despin.replay(text, restoration.edits) == restoration.text
    assert restoration.undo() == text
    assert all(edit.spun == text[edit.start : edit.end] != edit.original for edit in restoration.edits)
    again = despinner(restoration.text, kind)
    assert (again.text, again.edits) == (restoration.text, ())
    assert despinner(text, kind) == restoration
    if kind == "html":
        # Tags, comments and references outside of edits are as they were.
        assert re.findall("</?[a-z!][^>]*>|&[a-z]+;", restoration.text) == re.findall("</?[a-z!][^>]*>|&[a-z]+;", text)
    assert 0 <= despinner.detect(text, kind).spin_rate <= 1


DEBRIS = (
    "Blog Article",
    "Mental Health Preconception",
    "Share on Facebook",
    "Leave a Reply",
    "Read more",
    "It helps people , and they know it:.",
    "itâ€™s &amp;#8217;",
    "“it’s ﬁne”",
    "Die Gruppe trifft sich jeden Dienstag im Gemeindehaus, und alle sind willkommen.",
)
scraped = st.lists(st.sampled_from(PIECES + DEBRIS), max_size=14).map("\n".join)


@relaxed
@given(scraped)
def test_promises_hold_with_every_stage(by_rate: dict[float | None, Despinner], text: str) -> None:
    usual = by_rate[0.4]
    everything = Despinner(despin.Settings(spin_rate=0.4, stages=frozenset(STAGES)), usual.lexicon, usual.judges, usual.nlp)
    restoration = everything(text)
    assert despin.replay(text, restoration.edits) == restoration.text
    assert restoration.undo() == text
    assert everything(restoration.text).edits == ()
    assert all(restoration.text[flag.start : flag.end] == flag.text for flag in everything(restoration.text).flags)


@relaxed
@given(texts)
def test_detection_takes_any_text(despinner: Despinner, substituting: Despinner, text: str) -> None:
    detection = despinner.detect(text)
    assert 0 <= detection.spin_rate <= 1
    assert 0 <= detection.suspected <= 1
    assert detection.density >= 0
    assert detection.is_spun == bool(substituting(text).edits)


def test_results_do_not_depend_on_batches_or_processes(despinner: Despinner) -> None:
    batch = [f"{a} {b}\n\n{a}" for a, b in itertools.product(PIECES[:6], PIECES[:3])]
    alone = [despinner(text) for text in batch]
    assert list(despinner.pipe(batch, batch_size=5)) == alone
    assert list(Despinner().pipe(batch, batch_size=4, n_process=2)) == alone
    assert list(despinner.pipe([])) == []
    pages = [f"<p>{text}" for text in batch[:4]]
    assert list(despinner.pipe(pages, "html", batch_size=2)) == [despinner(page, "html") for page in pages]


def test_pipe_is_lazy(despinner: Despinner) -> None:
    stream = despinner.pipe(itertools.repeat(PIECES[0]))
    assert re.search("stigma", next(stream).text)


def test_the_spacy_component_sets_the_restoration() -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("despin", config={"settings": {"threshold": 0.7}})
    doc = next(iter(nlp.pipe([PIECES[0]])))
    assert "stigma" in doc._.despin.text
    assert doc.text == PIECES[0]


def test_the_api_is_importable_cheaply_and_complete() -> None:
    assert all(hasattr(despin, name) for name in despin.__all__)
    assert despin.restore(PIECES[0]).edits[0].original == "stigma"
    assert despin.detect(PIECES[0]).is_spun
    assert despin.restore(f"<p title='{PIECES[0]}'>x", input="html").edits == ()
    assert despin.detect(f"<p>{PIECES[0]}", input="html").strongest[0].start > 3
    with pytest.raises(despin.DespinError, match="htlm"):
        despin.restore("text", input="htlm")
    with pytest.raises(despin.DespinError, match="treshold"):
        despin.restore("text", treshold=1)
    with pytest.raises(despin.DespinError, match="threshold"):
        despin.restore("text", threshold=3)
    with pytest.raises(AttributeError):
        _ = despin.nothing
