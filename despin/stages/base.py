"""What every stage is: a kind of repair that finds what it would change in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from despin.draft import Draft
    from despin.restoration import Edit


class Stage(Protocol):
    """A kind of repair. Implementations are deterministic: the same document gets the same edits."""

    name: str

    def __call__(self, draft: Draft) -> Sequence[Edit]:
        """Returns the edits that the text as it now stands needs, in order and in its offsets; it does not make them.

        What looks wrong and must be left goes to the draft's `flags`.
        """
        ...
