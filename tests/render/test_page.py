"""A page shows each edit, and nothing of the source is taken for markup."""

from html.parser import HTMLParser

from despin.render.page import page
from despin.restoration import Edit, Evidence, Restoration


def test_a_page_escapes_everything_and_shows_each_edit() -> None:
    edit = Edit(3, 5, "<b", "&", 0.9, evidence=(Evidence('a "reason" <i>', 1.0),))
    shown = page("<a><b></a>", Restoration("<a>&></a>", (edit,), 0.5), "<script>x</script>")
    tags: list[str] = []
    text: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert tag not in ("del", "ins") or dict(attrs).keys() == {"title"}

        def handle_data(self, data: str) -> None:
            text.append(data)

    Reader().feed(shown)
    assert "script" not in tags
    assert "b" not in tags
    assert (tags.count("del"), tags.count("ins")) == (1, 1)
    assert "<a><b&></a>" in "".join(text)
