"""Copies help each other: what one lost, another has; what all agree on stays."""

import json
from collections import Counter
from itertools import pairwise, permutations
from pathlib import Path

import pytest

import despin
from despin.consensus.merge import Merge
from despin.despinner import Despinner
from despin.errors import UnrelatedError
from despin.evaluation.score import score
from despin.marks import spun_text
from despin.restoration import Restoration, replay

SHARED = Path(__file__).resolve().parents[3] / "shared" / "gold"


def test_copies_restore_what_one_text_cannot(despinner: Despinner, copies: list[str]) -> None:
    merged = despinner.merge(copies)
    for right in ("brings people together", "clubs meet once", "ask questions", "they learn from each\nother"):
        assert right in merged.text, right
    assert len(merged.edits) > len(despinner(copies[0]).edits)


@pytest.mark.parametrize("base", [0, 1, 2])
def test_any_copy_can_be_the_base(despinner: Despinner, copies: list[str], base: int) -> None:
    merged = despinner.merge(copies, base)
    assert merged.base == base
    assert replay(copies[base], merged.edits) == merged.text
    assert merged.undo() == copies[base]
    assert Restoration.from_json(merged.to_json()).text == merged.text
    for place in merged.places:
        assert copies[base][place.start : place.end] == place.text
        assert len(place.others) == len(copies) - 1
    # Its own headings and boilerplate stay, those of the others stay out.
    assert merged.text.startswith(copies[base].split("\n", 1)[0][:12])
    assert "Report this page" not in merged.text or base == 2


def test_the_order_of_the_others_does_not_matter(despinner: Despinner, copies: list[str]) -> None:
    one, two, three = copies
    four = three.replace("good way", "fine way").replace("costly", "dear").replace("gather", "pick up")
    first, *others = [despinner.merge([one, *order]).edits for order in permutations([two, three, four])]
    assert all(edits == first for edits in others)


def test_marks_between_words_stay(despinner: Despinner, copies: list[str]) -> None:
    one, two, three = copies
    one = one.replace("big quantities", "big (huge) quantities").replace("tools and", "tools, gear and")
    one = one.replace("good way", "good, fine — great way").replace("pricey tools", "high-priced tools")
    for edit in despinner.merge([one, two, three]).edits:
        assert Counter(char for char in edit.spun if char in "(),—") == Counter(
            char for char in edit.original if char in "(),—"
        ), edit


def test_places_lie_apart(despinner: Despinner, copies: list[str]) -> None:
    places = despinner.merge(copies).places
    assert all(one.end <= other.start for one, other in pairwise(places))


def test_places_tell_what_each_copy_has(despinner: Despinner, copies: list[str]) -> None:
    places = {place.text: place for place in despinner.merge(copies).places}
    assert places["individuals"].others == ("people", "people")
    assert places["individuals"].chosen == "people"
    assert places["lonely"].others == ("lonesome", None)


def test_the_evidence_names_the_copies(despinner: Despinner, copies: list[str]) -> None:
    (edit,) = [edit for edit in despinner.merge(copies).edits if edit.spun == "individuals"]
    assert "other copies have it" in [item.reason for item in edit.evidence]


def test_copies_of_other_kinds_are_read(despinner: Despinner, copies: list[str]) -> None:
    one, two, _ = copies
    page = "".join(f"<p>{paragraph}</p>\n" for paragraph in two.split("\n\n"))
    merged = despinner.merge([one, page], kind=["text", "html"])
    assert merged.text == despinner.merge([one, two]).text
    restored = despinner.merge([page, one], kind=["html", "text"])
    assert restored.undo() == page
    assert restored.edits
    assert all(page[place.start : place.end] == place.text for place in restored.places)


def test_a_clean_copy_stays_clean(despinner: Despinner, copies: list[str]) -> None:
    clean = """A garden club brings people together who love plants. Members share seeds, tools and advice, and they learn
from each other. Many clubs meet once a month in a community hall. Beginners can ask questions without feeling foolish.
A club is also a good way to save money. Seeds are bought in large quantities, and expensive tools are shared. In the
spring the members help each other to prepare the soil. In the fall they gather the leaves and make compost.
"""
    assert despinner.merge([clean, *copies]).edits == ()


@pytest.mark.parametrize("other", ["", "\n", "Beginners can ask questions."])
def test_near_empty_copies_say_little(despinner: Despinner, copies: list[str], other: str) -> None:
    merged = despinner.merge([copies[0], other])
    assert merged.undo() == copies[0]
    assert despinner.merge([other, copies[0]]).undo() == other
    if not other.strip():
        assert merged.edits == despinner(copies[0]).edits


def test_a_text_says_nothing_of_itself(despinner: Despinner, copies: list[str]) -> None:
    one, two, _ = copies
    assert despinner.merge([one, one]).edits == despinner(one).edits
    assert despinner.merge([one, one.replace("Garden Clubs", "Share this")]).edits == despinner(one).edits
    assert despinner.merge([one, two, two]).edits == despinner.merge([one, two]).edits
    mirrors = [two, *(two.replace("Blog Article", f"Page {number}") for number in range(4))]
    assert despinner.merge([one, *mirrors]).text == despinner.merge([one, two]).text


def test_a_merged_text_is_merged(despinner: Despinner, copies: list[str]) -> None:
    merged = despinner.merge(copies).text
    assert despinner.merge([merged, *copies[1:]]).edits == ()
    assert despinner(merged).edits == ()


def test_unrelated_texts_are_refused(despinner: Despinner, copies: list[str], unrelated: str) -> None:
    with pytest.raises(UnrelatedError, match=r"text 3 is no copy of text 1: of \d+ words 0 stand in sentences"):
        despinner.merge([copies[0], copies[1], unrelated])
    lenient = despinner.merge([copies[0], copies[1], unrelated], strict=False)
    assert lenient.text == despinner.merge(copies[:2]).text


@pytest.mark.parametrize(("texts", "base"), [(["One."], 0), (["One.", "Two."], 2), (["One.", "Two."], -1)])
def test_wrong_arguments_are_refused(despinner: Despinner, texts: list[str], base: int) -> None:
    with pytest.raises(ValueError, match="two texts"):
        despinner.merge(texts, base)


def test_one_kind_for_each_text_is_asked_for(despinner: Despinner) -> None:
    with pytest.raises(ValueError, match="one for each"):
        despinner.merge(["One.", "Two."], kind=["text"])


def test_the_package_merges(copies: list[str]) -> None:
    merged = despin.merge(copies, threshold=0.9)
    assert isinstance(merged, Merge)
    assert "brings people together" in merged.text
    assert json.loads(merged.to_json())["places"]


def test_real_copies_restore_each_other(despinner: Despinner) -> None:
    """Floors, which only rise: by itself, neither text has more than 0.57 of its sites restored, 0.90 of the edits rightly."""
    paths = [SHARED / f"peer-support-{number}.txt" for number in (1, 2)]
    if not all(path.exists() for path in paths):
        pytest.skip("the texts are not here")
    golds = [path.read_text(encoding="utf-8") for path in paths]
    texts = [spun_text(gold) for gold in golds]
    found = [score(gold, despinner.merge(texts, base).text).figures() for base, gold in enumerate(golds)]
    assert min(figures["recall"] for figures in found) >= 0.72, found
    assert sum(figures["precision"] for figures in found) / 2 >= 0.895, found
