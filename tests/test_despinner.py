"""The transform as a whole: settings, limits, rounds, batches."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from despin.despinner import Despinner
from despin.errors import TooLargeError
from despin.judge.base import Passage, Proposal, Slot
from despin.lexicon.rows import Lexicon, Row, Tier
from despin.restoration import Restoration
from despin.settings import Settings

BEES = (
    "Keeping bees in a small garden is easier than most people think. A hive needs a quiet corner with some morning "
    "sun, shelter from the wind, and fresh water within a short flight. Before you buy your first colony, visit a "
    "local club and spend a few afternoons with somebody who has kept bees for years. You will learn how to open a "
    "hive without fear, how to read the frames, and when it is better to leave the bees alone.\n\n"
    "In the first summer the colony grows quickly, and you should check it once a week to make sure that the queen "
    "is laying and that there is enough room. Most beginners take honey too early. If the bees do not have enough "
    "food for the winter, they will starve before the first flowers open. Wait until the end of the second season, "
    "share what you harvest with your neighbors, and they will forgive the occasional sting.\n"
)
# The same, translated to Spanish and back by a machine.
TRANSLATED = (
    "Maintaining the bees in a small garden is easier that more the people think. A hive needs a calm corner with "
    "some sun of morning, shelter of the wind, and fresh water inside a short flight. Before yours shopping first "
    "colony, visits a local club and spend a few evenings with somebody who has maintained bees for years. You will "
    "learn how to open a hive without fear, how to read the frames, and when is better to leave the bees only.\n\n"
    "In the first summer the colony grows quickly, and would have to check it once a week to do sure that the queen "
    "is putting and that there is quite a lot of room. The majority of beginners take honey too early. If the bees "
    "do not have quite eaten for the winter, they starve before the first flowers open. Wait until the end of the "
    "second season, share which harvests with your neighbours, and will forgive the occasional sting.\n"
)


class Agreeable:
    """A judge that likes every replacement equally."""

    name = "trigram"
    local = True

    def __init__(self, nats: float) -> None:
        self.nats = nats

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        return [[0.0, *[self.nats] * (len(slot.readings) - 1)] for slot in slots]

    def suspect(self, passage: Passage, slots: Sequence[Slot]) -> list[float]:
        return []

    def frequency(self, reading: Sequence[str]) -> float:
        return 0.0

    def propose(self, passage: Passage, slots: Sequence[Slot], count: int = 10) -> list[list[Proposal]]:
        return [[] for _ in slots]


def row(spun: str, original: str, pos: str = "", tier: Tier = "safe") -> Row:
    return Row(spun, pos, (original,), tier=tier)


@pytest.fixture
def small(despinner: Despinner):  # type: ignore[no-untyped-def]
    """Makes a Despinner of some rows and a judge that likes them all."""

    def make(*rows: Row, nats: float = 10.0, **settings: object) -> Despinner:
        return Despinner(Settings(**settings), Lexicon(rows), (Agreeable(nats),), despinner.nlp)  # type: ignore[arg-type]

    return make


def test_one_repair_makes_the_next_one_possible(small) -> None:  # type: ignore[no-untyped-def]
    chained = small(row("b of c", "b"), row("a b", "x"))
    assert chained("He saw a b of c there.").text == "He saw x there."


def test_rows_that_undo_each_other_come_to_rest(small) -> None:  # type: ignore[no-untyped-def]
    circular = small(row("near", "close"), row("close", "near"))
    text = circular("They live near here.").text
    assert text == "They live close here."
    assert circular(text).text == text


def test_a_repaired_subject_takes_its_verb_along(small) -> None:  # type: ignore[no-untyped-def]
    plural = small(row("recommendation", "advice", "NOUN"))
    assert plural("The recommendations are good.").text == "The advice is good."


def test_the_article_follows_the_original(small) -> None:  # type: ignore[no-untyped-def]
    changed = small(row("physician", "expert", "NOUN"), row("obstacle", "problem", "NOUN"))
    restoration = changed("See a physician. It is an obstacle.")
    assert restoration.text == "See an expert. It is a problem."
    assert restoration.undo() == "See a physician. It is an obstacle."


def test_dropped_words_leave_no_gap(small) -> None:  # type: ignore[no-untyped-def]
    dropped = small(row("very own", "own"), row("in fact also", ""))
    assert dropped("It is your very own in fact also here.").text == "It is your own here."
    assert dropped("In fact also it is good.").text == "It is good."


def test_ignored_words_stay(small) -> None:  # type: ignore[no-untyped-def]
    assert small(row("obtain", "get", "VERB"), ignore=frozenset({"obtain"}))("They obtained it.").edits == ()


def test_stages_that_are_not_asked_for_do_nothing(small) -> None:  # type: ignore[no-untyped-def]
    spun = "They obtained it."
    for stages, text in ((["substitution"], "They got it."), (["spelling"], spun), ([], spun)):
        assert small(row("obtain", "get", "VERB"), stages=stages)(spun).text == text


def test_a_judge_can_hold_back_any_row(small) -> None:  # type: ignore[no-untyped-def]
    assert small(row("obtain", "get", "VERB"), nats=-20.0)("They obtained it.").edits == ()


def test_too_long_a_text_is_refused(small) -> None:  # type: ignore[no-untyped-def]
    limited = small(max_characters=10)
    assert limited("ten chars.").text == "ten chars."
    for method in (limited, limited.detect):
        with pytest.raises(TooLargeError, match="limit is 10"):
            method("eleven char")


def test_long_documents_are_taken_in_pieces(small, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("despin.draft._PIECE", 60)
    text = "\n\n".join(["They obtain it in the town by the sea."] * 20)
    restored = small(row("obtain", "get", "VERB"))(text)
    assert restored.text == text.replace("obtain", "get")
    assert len(restored.edits) == 20


def test_pipe_checks_its_arguments(despinner: Despinner) -> None:
    for arguments in ({"batch_size": 0}, {"n_process": 0}):
        with pytest.raises(ValueError, match="1 or more"):
            next(iter(despinner.pipe(["a"], **arguments)))
    with pytest.raises(ValueError, match="leave nlp out"):
        next(iter(Despinner(nlp=despinner.nlp).pipe(["a"], n_process=2)))


def test_detection_agrees_with_restoration(small) -> None:  # type: ignore[no-untyped-def]
    judged = small(row("each various other", "each other"), nats=5.0)
    detection = judged.detect("They help each various other.")
    assert [edit.original for edit in detection.strongest] == ["each other"]
    assert detection.sites == 1
    assert detection.words == 5
    assert detection.density == pytest.approx(1000 * detection.strongest[0].confidence / 5)
    assert not judged.detect("They help people.").is_spun


def test_a_lone_word_of_a_spun_document_needs_the_documents_rate(small) -> None:  # type: ignore[no-untyped-def]
    rows = (row("obtain", "get", "VERB", "thesaurus"),)
    text = "They obtain it."
    assert small(*rows)(text).edits == ()
    assert small(*rows, spin_rate=0.3)(text).text == "They get it."


def test_words_elsewhere_in_the_document_speak_as_far_as_they_are_near(despinner: Despinner) -> None:
    def heard(between: str) -> bool:
        readings = despinner.read(f"They love their neighborhood.\n\n{between}A community needs care.")
        candidates = [candidate for site in readings[0][1].sites for candidate in site.candidates]
        return any("elsewhere" in candidate.features for candidate in candidates if candidate.lemma == "community")

    paragraph = "The road runs along the river and over the hill. " * 10 + "\n\n"
    assert heard("")
    assert heard(paragraph * 3)
    assert not heard(paragraph * 5)


class Opinionated:
    """A deep judge that likes or dislikes all that it is asked about, and remembers it."""

    name = "deep"
    nats = 0.0
    asked: ClassVar[list[Slot]] = []

    def __init__(self, model: Path | None, progress: object) -> None:
        pass

    def score(self, passage: Passage, slots: Sequence[Slot]) -> list[list[float]]:
        self.asked.extend(slots)
        assert [passage.words[slot.start : slot.end] for slot in slots] == [slot.readings[0] for slot in slots]
        return [[0.0, *[self.nats] * (len(slot.readings) - 1)] for slot in slots]


def test_the_deep_judge_is_asked_where_the_others_are_unsure(despinner: Despinner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("despin.judge.deep.DeepJudge", Opinionated)
    given = (despinner.lexicon, despinner.judges, despinner.nlp)
    text = (Path(__file__).parent / "samples" / "spun.txt").read_text(encoding="utf-8")
    edits = {}
    for nats in (-15.0, 15.0):
        monkeypatch.setattr(Opinionated, "nats", nats)
        edits[nats] = Despinner(Settings(judge="deep"), *given)(text).edits
    alone = despinner(text).edits
    assert 0 < len(edits[-15.0]) < len(alone) < len(edits[15.0])
    assert all(2 <= len(slot.readings) <= 3 for slot in Opinionated.asked)
    assert all(slot.readings[0] != ("each", "various", "other") for slot in Opinionated.asked)
    assert any("the deep judge" in item.reason for edit in edits[15.0] for item in edit.evidence)
    Opinionated.asked.clear()
    for clean in sorted((Path(__file__).parent / "gold" / "clean").iterdir()):
        assert not Despinner(Settings(judge="deep"), *given)(clean.read_text(encoding="utf-8")).edits
    assert not Opinionated.asked


def test_a_single_round_tells_what_is_acted_on(despinner: Despinner) -> None:
    text = (Path(__file__).parent / "samples" / "spun.txt").read_text(encoding="utf-8")
    decided = list(despinner.decide(text))
    acted = [(verdict.site.spun, verdict.best.original) for _, verdicts in decided for verdict in verdicts]
    # Later rounds add little to the first one's edits.
    edits = [edit for edit in despinner(text).edits if edit.tier]
    assert 0 < len(edits) - 5 < len(acted) <= len(edits)
    assert {spun for spun, _ in acted} <= {word for reading, _ in decided for word in (s.spun for s in reading.sites)}
    assert not any(verdicts for _, verdicts in despinner.decide(BEES))


def test_thresholds_order_what_is_done(despinner: Despinner) -> None:
    text = (Path(__file__).parent / "samples" / "spun.txt").read_text(encoding="utf-8")
    given = (despinner.lexicon, despinner.judges, despinner.nlp)
    edits = [len(Despinner(replace(Settings(), threshold=t), *given)(text).edits) for t in (0.95, 0.7, 0.4)]
    assert edits == sorted(edits)
    assert edits[-1] > edits[0]


@pytest.mark.parametrize(
    ("text", "restored"),
    [
        ("They help each\u00a0various other.", "They help each\u00a0other."),
        ("They help each\tvarious  other.", "They help each\tother."),
        ("They help each various\nother every day.", "They help each other\nevery day."),
        ("They help each\r\nvarious other.", "They help each\r\nother."),
    ],
)
def test_white_space_among_replaced_words_is_kept(despinner: Despinner, text: str, restored: str) -> None:
    assert despinner(text).text == restored


def test_what_the_lexicon_does_not_know_is_suspected(despinner: Despinner) -> None:
    written, translated = despinner.detect(BEES), despinner.detect(TRANSLATED)
    assert translated.spin_rate < 0.1
    assert 3 * written.suspected < translated.suspected < 1


def test_only_sentences_are_suspected_and_enough_of_them(despinner: Despinner) -> None:
    few = TRANSLATED.split(". ", 1)[0] + "."
    index = "\n\n".join(f"{word}, {page}" for page, word in enumerate(sorted(set(BEES.lower().split()))))
    for text in ("", few, index):
        assert despinner.detect(text).suspected == 0


def test_a_text_that_the_screen_takes_for_clean_has_the_quick_stages_only() -> None:
    screened = Despinner(Settings(screen=True))
    prose = "The committee met on Tuesday and agreed to publish the minutes of its last three meetings. "
    clean = prose * 8 + "It is the committee that publishhes itâ€™s minutes."
    found = screened(clean)
    assert found.screened
    assert {edit.stage for edit in found.edits} == {"characters"}
    assert "publishhes" in found.text
    assert "publishhes" not in Despinner()(clean).text
    spun = "Peer support groups help people overcome mental health preconception."
    assert not screened(spun).screened
    assert screened(spun).text == Despinner()(spun).text
    assert Restoration.from_json(found.to_json()) == found
