"""Each kind of input has its view, and files are of the kind that their names say."""

import pytest

from despin.document.html import HtmlView
from despin.document.markdown import MarkdownView
from despin.document.views import KINDS, TextView, kind_of, view_of
from despin.errors import ConfigError, ModelError


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.html", "html"),
        ("PAGE.HTM", "html"),
        ("a/b.xhtml", "html"),
        ("README.md", "markdown"),
        ("a.markdown", "markdown"),
        ("a.mdown", "markdown"),
        ("a.txt", "text"),
        ("html", "text"),
        (".md", "text"),
        ("a.html.txt", "text"),
        ("-", "text"),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_every_kind_has_its_view() -> None:
    assert [type(view_of("a", kind)) for kind in KINDS] == [TextView, MarkdownView, HtmlView]
    with pytest.raises(ConfigError, match="'htlm' is no kind of input; the kinds are text, markdown, html"):
        view_of("a", "htlm")


def test_html_without_its_parser_fails_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "turbohtml", None)
    with pytest.raises(ModelError, match="pip install turbohtml"):
        view_of("a", "html")
