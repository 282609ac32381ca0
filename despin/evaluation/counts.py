"""Counts that are taken of one text at a time, and add up."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Counts:
    """What is counted in one or more texts. Fields that are not compared are no counts: they name the places, for a person."""

    def __add__(self, other: Self) -> Self:
        return replace(self, **{f.name: getattr(self, f.name) + getattr(other, f.name) for f in fields(self)})

    def counts(self) -> dict[str, float]:
        """Returns the counts by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.compare}
