"""Which candidate fits: context checks, language models, and the decision that weighs them."""

from despin.judge.base import Judge, Passage, Proposal, Slot

__all__ = ["Judge", "Passage", "Proposal", "Slot"]
