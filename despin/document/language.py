"""Finds blocks of a text that are not in English; no stage may touch them.

English tells itself by its function words, which costs next to nothing, or by its other words. Only blocks with few of both are
shown to an identifier, py3langid, and those of another script to nobody. Short blocks, of which nothing is sure, count as the
language of the document.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from despin.document.blocks import blocks
from despin.document.protection import Protected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from py3langid.langid import LanguageIdentifier

    from despin.document.blocks import Block
    from despin.document.protection import Protection

# Function words that other languages written in Latin letters do not share. In 112,000 blocks of clean English one in eighty
# has less than a tenth of them; of 484 sentences in 66 other languages one had more.
_ENGLISH = frozenset(
    "about after and are be because been before between but can could each from have how if into it its may might more not of "
    "or other our she should some than that the their them then there these they this those through to were what when where "
    "which while who will with would you your".split()
)
_SHARE = 0.1
# The identifier is asked of no fewer letters; in a document that has English in it of no fewer and no headings, which lack
# function words, too.
_LEAST, _LEAST_AMONG_ENGLISH = 20, 40
_LEAST_WORDS = 3
# So many of the words that are not short must be English; shorter ones are words of many languages.
_LONG, _KNOWN = 4, 0.8
# So many characters of a block tell its language.
_SAMPLE = 600
# How much likelier another language must be, in nats. Of those 112,000 blocks five passed, two of them names in Spanish and
# species in Latin; of the 484 sentences three did not.
_MARGIN = 5.0

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\xaa\xba\xc0-\xd6\xd8-\xf6\xf8-\u02af\u1e00-\u1eff\ufb00-\ufb06\uff21-\uff3a\uff41-\uff5a]+")


def foreign(text: str, protection: Protection, knows: Callable[[str], bool] | None = None) -> Iterator[Protected]:
    """Yields the blocks of a text that are not in English.

    Args:
        text: the text.
        protection: what else is protected in it, which does not speak for a language.
        knows: whether a word in lower case is an English one; asked of blocks with few function words.
    """
    told = [(block, *_told(text, block, knows)) for block in blocks(text)]
    among_english = any(english for _, english, _ in told)
    least = _LEAST_AMONG_ENGLISH if among_english else _LEAST
    unsure: list[Block] = []
    balance = 0
    for block, english, letters in told:
        heading = among_english and block.capitals
        if english is None and letters >= least and not heading:
            english = _identified(_unprotected(text, block, protection))
        if english is None:
            unsure.append(block)
        elif english:
            balance += letters
        else:
            balance -= letters
            yield Protected(block.start, block.end, "language")
    if balance < 0:
        yield from (Protected(block.start, block.end, "language") for block in unsure)


def _told(text: str, block: Block, knows: Callable[[str], bool] | None) -> tuple[bool | None, int]:
    """Whether a block is in English, as far as its letters and words tell, and how many letters it has."""
    sample = text[block.start : min(block.end, block.start + _SAMPLE)]
    words = _WORD.findall(sample)
    letters = sum(map(len, words))
    if letters > 1 and not sample.isascii() and 2 * sum(map(len, _LATIN.findall(sample))) < letters:
        return False, letters
    if len(words) >= _LEAST_WORDS and sum(word.lower() in _ENGLISH for word in words) >= _SHARE * len(words):
        return True, letters
    long = [word.lower() for word in words if len(word) >= _LONG] if knows else ()
    if knows and len(long) >= _LEAST_WORDS and sum(map(knows, long)) >= _KNOWN * len(long):
        return True, letters
    return None, letters if len(words) >= _LEAST_WORDS else 0


def _unprotected(text: str, block: Block, protection: Protection) -> str:
    end = min(block.end, block.start + _SAMPLE)
    return " ".join(text[a:b] for a, b in protection.gaps(block.start, end))


@lru_cache(maxsize=4096)
def _identified(sample: str) -> bool | None:
    """Whether a text is in English, to the identifier; None if it is not sure."""
    if sum(map(len, _WORD.findall(sample))) < _LEAST:
        return None
    scores = dict(_identifier().rank(sample))
    margin = max(score for language, score in scores.items() if language != "en") - scores["en"]
    return None if abs(margin) < _MARGIN else margin < 0


@cache
def _identifier() -> LanguageIdentifier:
    # A second and 100 MB, which most documents spare.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)
