"""The encoder's own proposals, where despin acts on them, become rows; the lexicon's edits do not."""

from collections.abc import Callable

from despin.despinner import Despinner
from despin.judge.base import Judge
from despin.lexicon.rows import Lexicon
from despin.mining.entries import Entry
from despin.mining.findings import Sighting, as_row
from despin.mining.proposed import learn
from despin.settings import Settings


def test_acted_on_proposals_are_learned(despinner: Despinner, make_proposer: Callable[..., Judge]) -> None:
    judges = (make_proposer("trigram"), make_proposer("encoder", committees="board", obstacle="idea"))
    lexicon = Lexicon([as_row(Entry("discuss", "VERB", "debate"), "")])
    settings = Settings(spin_rate=0.9, threshold=0.1, proposed=0.1)
    texts = ["Nothing here.", "Two committees discussed it. It was an obstacle."]
    sure = Despinner(settings, lexicon, judges, despinner.nlp)
    assert sure(texts[1]).text == "Two boards debated it. It was an idea."
    assert {edit.spun: edit.tier for edit in sure(texts[1]).edits} == {
        "committees": "proposed",
        "discussed": "thesaurus",
        "obstacle": "proposed",
    }
    assert list(learn(sure, texts)) == [
        Sighting(Entry("committee", "NOUN", "board"), 1, 4, "Two [committees=>boards] discussed it."),
        Sighting(Entry("obstacle", "NOUN", "idea"), 1, 33, "It was an [obstacle=>idea]."),
    ]
    unsure = Despinner(Settings(spin_rate=0.9, threshold=0.1, proposals=False), lexicon, judges, despinner.nlp)
    assert list(learn(unsure, texts)) == []
