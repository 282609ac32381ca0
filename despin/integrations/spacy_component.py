"""The spaCy component: `nlp.add_pipe("despin")` sets `doc._.despin` to the `Restoration` of the document's text.

spaCy finds it through an entry point; every `Doc` keeps its own tokens, since a restored text has others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from despin.despinner import Despinner


class DespinComponent:
    """Restores each document's text.

    Args:
        settings: dials of `despin.Settings` by name.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self.settings = settings
        self._despinner: Despinner | None = None
        if not Doc.has_extension("despin"):
            Doc.set_extension("despin", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Sets `doc._.despin`."""
        if self._despinner is None:
            # Loaded with the first document: the component is made while spaCy still loads the pipeline it belongs to.
            from despin import Despinner, Settings

            self._despinner = Despinner(Settings(**self.settings))
        doc._.despin = self._despinner(doc.text)
        return doc

    def pipe(self, stream: Iterable[Doc], batch_size: int = 16) -> Iterator[Doc]:  # noqa: ARG002 - spaCy's signature
        """Sets `doc._.despin` of each document of a stream."""
        yield from map(self, stream)


@Language.factory("despin", default_config={"settings": {}})
def create_component(nlp: Language, name: str, settings: dict[str, Any]) -> DespinComponent:  # noqa: ARG001 - spaCy's
    """Makes the component; `settings` are dials of `despin.Settings` by name."""
    return DespinComponent(settings)
