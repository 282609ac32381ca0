"""spaCy finds the component by its name, and every `Doc` carries its restoration."""

import pytest
import spacy

from despin.errors import ConfigError
from despin.restoration import Restoration

SPUN = "Peer support groups help people overcome mental health preconception."
CLEAN = "She grew up in a quiet neighborhood and had no preconception about the job."


def test_each_document_carries_its_restoration() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("despin")
    spun, clean = nlp.pipe([SPUN, CLEAN])
    assert isinstance(spun._.despin, Restoration)
    assert spun._.despin.text == nlp(SPUN)._.despin.text == SPUN.replace("preconception", "stigma")
    assert spun.text == spun._.despin.undo() == SPUN
    assert (clean._.despin.text, clean._.despin.edits) == (CLEAN, ())


def test_settings_are_passed_on() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("despin", config={"settings": {"ignore": ["preconception"]}})
    assert nlp(SPUN)._.despin.text == SPUN
    wrong = spacy.blank("en")
    wrong.add_pipe("despin", config={"settings": {"threshold": 2.0}})
    with pytest.raises(ConfigError, match="threshold"):
        wrong(SPUN)
