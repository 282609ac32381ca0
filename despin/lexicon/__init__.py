"""The lexicon: what spinners write, and what it stands for. Reading, checking and matching."""

from despin.lexicon.rows import Lexicon, Row

__all__ = ["Lexicon", "Row"]
