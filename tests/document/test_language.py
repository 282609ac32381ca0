"""What is not in English is left alone: a document or a passage; English with foreign names is English."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from despin.despinner import Despinner
from despin.document import language
from despin.document.language import foreign
from despin.document.protection import protect
from despin.marks import spun_text
from despin.spelling import Speller

SENTENCES = {
    "German": "Die Gruppe trifft sich jeden Dienstag im Gemeindehaus, und neue Mitglieder sind herzlich willkommen.",
    "French": "Les groupes d'entraide permettent de rencontrer des personnes qui vivent la même chose.",
    "Spanish": "Los grupos de apoyo ayudan a las personas a compartir sus experiencias en un lugar seguro.",
    "Portuguese": "Os grupos de apoio ajudam as pessoas a partilhar as suas experiências num lugar seguro.",
    "Italian": "I gruppi di sostegno aiutano le persone a condividere le loro esperienze.",
    "Dutch": "De groep komt elke dinsdag bijeen, en nieuwe leden zijn van harte welkom in het buurthuis.",
    "Polish": "Grupy wsparcia pomagają ludziom dzielić się doświadczeniami w bezpiecznym miejscu.",
    "Swedish": "Gruppen träffas varje tisdag i föreningslokalen, och nya medlemmar är välkomna.",
    "Turkish": "Destek grupları insanların deneyimlerini güvenli bir ortamda paylaşmalarına yardımcı olur.",
    "Indonesian": "Kelompok dukungan membantu orang berbagi pengalaman mereka di tempat yang aman.",
    "Vietnamese": "Các nhóm hỗ trợ giúp mọi người chia sẻ kinh nghiệm ở một nơi an toàn.",
    "Tagalog": "Tumutulong ang mga grupo sa mga tao na ibahagi ang kanilang mga karanasan.",
    "Russian": "Группы поддержки помогают людям.",
    "Greek": "Οι ομάδες υποστήριξης βοηθούν.",
    "Chinese": "互助小组帮助人们分享经历。",
    "Japanese": "支援グループは助けになります。",
    "Arabic": "تساعد مجموعات الدعم الناس.",
    "German with English words": "Unser Team hat das Meeting gecancelt, weil der Content noch nicht ready war.",
    "French with English words": "Le weekend, nous faisons du shopping, puis nous allons au meeting avec toute la famille.",
}
ENGLISH = (
    "The group meets every Tuesday in the parish hall, and new members are welcome.",
    "2. Empathy",
    "Best Dog Training Tips for Beginners",
    "Ms. Björnsdóttir met Señor García Márquez at the Café de Flore, and they spoke about Dvořák and Łódź.",
    "The Gemütlichkeit of a Kaffeehaus is what they came for.",
    "Obtain assistance with individuals utilize",
    "She said “Guten Morgen, meine Damen und Herren” to the guests and sat down.",
    "Figure 3 (cont.)",
    "x = y + z",
)


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in foreign(text, protect(text))]


@pytest.mark.parametrize("sentence", SENTENCES.values(), ids=SENTENCES.keys())
def test_another_language_is_told_alone_and_among_english(sentence: str) -> None:
    assert found(sentence) == [sentence]
    assert found("\n\n".join((ENGLISH[0], sentence, ENGLISH[3]))) == [sentence]


@pytest.mark.parametrize("sentence", ENGLISH)
def test_english_is_none(sentence: str) -> None:
    assert found(sentence) == []
    assert found(f"{sentence}\n\n{ENGLISH[0]}") == []


def test_short_blocks_count_as_the_documents_language() -> None:
    german = SENTENCES["German"]
    assert set(found(f"Ein Titel\n\n{german}\n\n{german}")) == {"Ein Titel", german}
    assert found(f"Ein Titel\n\n{ENGLISH[0]}\n\n{ENGLISH[3]}") == []


def test_code_and_addresses_speak_for_no_language() -> None:
    assert found("```\nfunktion(gruppe, mitglieder, dienstag, gemeindehaus)\n```") == []
    assert found("https://beispiel.example/die-gruppe-trifft-sich-jeden-dienstag-im-gemeindehaus") == []


def test_spun_english_is_english_and_seldom_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def identified(sample: str) -> None:
        asked.append(sample)

    monkeypatch.setattr(language, "_identified", identified)
    samples = sorted((Path(__file__).parents[1] / "fitting").glob("*.txt"))
    blocks = 0
    for path in samples:
        text = spun_text(path.read_text(encoding="utf-8"))
        blocks += text.count("\n\n")
        list(foreign(text, protect(text)))
    assert len(samples) > 50
    assert len(asked) < blocks / 50


@given(st.text(max_size=200))
def test_takes_any_text(text: str) -> None:
    assert all(0 <= span.start < span.end <= len(text) for span in foreign(text, protect(text)))


def test_a_long_text_takes_linear_time() -> None:
    started = time.process_time()
    list(foreign("die gruppe trifft sich " * 100_000, protect("")))
    assert time.process_time() - started < 10


def test_english_words_tell_english_without_the_identifier(despinner: Despinner, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(sample: str) -> None:
        raise AssertionError(f"asked of {sample!r}")

    monkeypatch.setattr("despin.document.language._identified", ask)
    knows = Speller(despinner.lexicon).knows
    english = "Peer support groups help people overcome mental health preconception."
    assert not list(foreign(english, protect(english), knows))
    german = "Selbsthilfegruppen helfen Menschen, seelische Krankheiten gemeinsam durchzustehen."
    with pytest.raises(AssertionError, match="asked"):
        list(foreign(german, protect(german), knows))
