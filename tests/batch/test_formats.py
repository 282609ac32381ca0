"""Each format gives its documents, and takes other texts with all else byte for byte."""

import gzip
import io
import json
from pathlib import Path

import pytest

from despin.batch.formats import Record, format_of
from despin.document.views import HTML, MARKDOWN, TEXT
from despin.errors import InputError


def read(path: Path, field: str = "text", kind: str | None = None) -> list[Record]:
    form = format_of(path.name, field, kind)
    assert form
    with path.open("rb") as file:
        return list(form.read(file))


def rewritten(path: Path, new: dict[str, str], field: str = "text") -> bytes:
    """The file with some texts in place of others."""
    form = format_of(path.name, field)
    assert form
    out = io.BytesIO()
    writer = form.writer(out)
    with path.open("rb") as file:
        for record in form.read(file):
            writer.write(record.rebuilt(new.get(record.text) if record.text is not None else None))
    writer.close()
    return out.getvalue()


def texts(records: list[Record]) -> list[str]:
    return [record.text for record in records if record.text is not None]


def problems(records: list[Record]) -> list[str]:
    return [record.problem for record in records if record.problem]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.txt", TEXT), ("A.TXT", TEXT), ("a.md", MARKDOWN), ("a.html", HTML), ("a.xhtml", HTML), ("a.text", TEXT)],
)
def test_a_text_file_is_one_document(tmp_path: Path, name: str, kind: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbfOne caf\xc3\xa9.\r\n")
    (record,) = read(path)
    assert (record.text, record.kind, record.encoding) == ("One café.\r\n", kind, "utf-8")
    assert rewritten(path, {"One café.\r\n": "Two cafés.\r\n"}) == "\ufeffTwo cafés.\r\n".encode()
    assert rewritten(path, {}) == path.read_bytes()


@pytest.mark.parametrize("name", ["a.png", "a", "a.xml", "a.txt.bz2", "a.pdf", "jsonl", "a.json"])
def test_other_files_are_none(name: str) -> None:
    assert format_of(name, "text") is None


def test_a_binary_file_has_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"\0\1\2")
    assert "binary" in problems(read(path))[0]


def test_a_line_of_json_keeps_all_but_its_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    line = b'\t{"id" : 1.50, "text":"caf\\u00e9 \\/ a",\t"more": {"text": "no"}, "big": 1e400 } \r\n'
    path.write_bytes(line + b"\n" + b'{"text": "\xc3\xa9"}')
    records = read(path)
    assert texts(records) == ["café / a", "é"]
    assert rewritten(path, {}) == path.read_bytes()
    assert rewritten(path, {"café / a": "thé", "é": 'è"'}) == (
        b'\t{"id" : 1.50, "text":"th\\u00e9",\t"more": {"text": "no"}, "big": 1e400 } \r\n\n{"text": "\xc3\xa8\\""}'
    )


def test_a_field_can_be_named_and_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.ndjson"
    path.write_bytes(b'{"body": "one", "body": "two", "text": "x"}\n')
    assert texts(read(path, "body")) == ["two"]
    assert rewritten(path, {"two": "2"}, "body") == b'{"body": "one", "body": "2", "text": "x"}\n'


@pytest.mark.parametrize(
    "line",
    [
        "[1]",
        "{",
        '{"text": "a"',
        '{"text": "a"} x',
        '{"text" "a"}',
        '{"text": "a",, "b": 1}',
        '"text"',
        "{1: 2}",
        '{"text": 5}',
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_kept(tmp_path: Path, line: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(line + '\n{"text": "good"}\n')
    records = read(path)
    assert texts(records) == ["good"]
    assert len(problems(records)) == 1
    assert rewritten(path, {"good": "better"}).decode() == line + '\n{"text": "better"}\n'


def test_lone_surrogates_of_json_are_written_escaped(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes('{"text": "é \\ud800 a"}\n'.encode())
    (text,) = texts(read(path))
    assert json.loads(rewritten(path, {text: text + "!"}))["text"] == "é \ud800 a!"


def test_jsonl_without_the_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"body": "a"}\n{"body": "b"}\n')
    with pytest.raises(InputError, match="no line of it has a field text"):
        read(path)
    assert texts(read(path, "body")) == ["a", "b"]


def test_a_line_that_is_too_long_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("despin.batch.formats.lines._LONGEST", 64)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "' + b"x" * 200 + b'"}\n{"text": "a"}\n')
    records = read(path)
    assert texts(records) == ["a"]
    assert len(problems(records)) == 1
    assert rewritten(path, {}) == path.read_bytes()


@pytest.mark.parametrize("packing", [".gz", ".zst"])
def test_packed_lines_are_unpacked_and_packed_again(tmp_path: Path, packing: str) -> None:
    from backports import zstd

    data = b'{"text": "a"}\n{"text": "b"}\n'
    path = tmp_path / f"a.jsonl{packing}"
    packed = (
        gzip.compress(data[:14]) + gzip.compress(data[14:])
        if packing == ".gz"
        else zstd.compress(data[:14]) + zstd.compress(data[14:])
    )
    path.write_bytes(packed)
    assert texts(read(path)) == ["a", "b"]
    new = rewritten(path, {"b": "c"})
    unpacked = gzip.decompress(new) if packing == ".gz" else zstd.decompress(new)
    assert unpacked == b'{"text": "a"}\n{"text": "c"}\n'
    assert rewritten(path, {"b": "c"}) == new
    path.write_bytes(packed[:-6])
    with pytest.raises(InputError, match="broken"):
        read(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_row_of_csv_keeps_all_but_its_text(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    rows = ("id,text,n", '1,"One, ""two""\r\nthree",1.50', "2,plain,'x'", '"3","",""', "")
    path.write_bytes("\r\n".join(rows).replace(",", delimiter).encode())
    first = f'One{delimiter} "two"\r\nthree'
    assert texts(read(path)) == [first, "plain", ""]
    assert rewritten(path, {}) == path.read_bytes()
    new = rewritten(path, {first: "1", "plain": f'a{delimiter}"b"'}).decode()
    assert new == "\r\n".join((rows[0], '1,"1",1.50', '2,"a,""b""",\'x\'', rows[3], "")).replace(",", delimiter)


@pytest.mark.parametrize("row", ["1", '1,a"b', '1,"a"b'])
def test_a_row_of_csv_that_cannot_be_read_is_told_and_kept(tmp_path: Path, row: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"id,text\n2,good\n{row}\n")
    records = read(path)
    assert texts(records) == ["good"]
    assert len(problems(records)) == 1
    assert rewritten(path, {"good": "better"}).decode() == f"id,text\n2,better\n{row}\n"


def test_csv_without_the_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfid,body\n1,a\n")
    with pytest.raises(InputError, match="columns are id, body"):
        read(path)
    assert texts(read(path, "body")) == ["a"]


def test_rows_of_parquet_keep_all_but_their_text(tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "a.parquet"
    table = pa.table(
        {
            "id": pa.array(range(600), pa.int32()),
            "text": pa.array([None if k == 5 else f"text {k}" for k in range(600)], pa.large_string()),
            "tags": pa.array([[str(k)] for k in range(600)]),
        }
    ).replace_schema_metadata({"made": "here"})
    parquet.write_table(table, path, compression="zstd", row_group_size=100)
    table = parquet.read_table(path)
    assert texts(read(path)) == [f"text {k}" for k in range(600) if k != 5]
    (tmp_path / "b.parquet").write_bytes(rewritten(path, {"text 7": "seven", "text 599": "last"}))
    new = parquet.read_table(tmp_path / "b.parquet")
    assert new.schema.equals(table.schema, check_metadata=True)
    assert new.drop_columns("text").equals(table.drop_columns("text"))
    changed = {k: text for k, text in enumerate(new["text"].to_pylist()) if text != table["text"][k].as_py()}
    assert changed == {7: "seven", 599: "last"}
    with pytest.raises(InputError, match="columns are id, text, tags"):
        read(path, "body")
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(InputError, match="no Parquet"):
        read(path)


def archive(path: Path, packed: bool) -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    page = b"<html><body><p>One page.</p></body></html>"
    bodies = [
        ("text/html; charset=utf-8", page, ""),
        ("text/html", gzip.compress(page), "gzip"),
        ("image/png", b"\0\1", ""),
        ("text/html; charset=shift_jis", page, ""),
        ("text/plain", b"A plain text.", ""),
    ]
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
        for number, (media, body, encoding) in enumerate(bodies):
            headers = [("Content-Type", media), ("Content-Length", str(len(body)))]
            headers += [("Content-Encoding", encoding)] if encoding else []
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            uri = f"http://example.com/{number}"
            writer.write_record(writer.create_warc_record(uri, "response", payload=io.BytesIO(body), http_headers=http))
        payload = io.BytesIO("Gewandelt: café".encode())
        conversion = writer.create_warc_record("http://example.com/c", "conversion", payload, warc_content_type="text/plain")
        writer.write_record(conversion)


# warcio leaves the closing of the files in memory that it makes to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("packed", [False, True])
def test_records_of_a_web_archive_keep_all_but_their_text(tmp_path: Path, packed: bool) -> None:
    from warcio.archiveiterator import ArchiveIterator

    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    archive(path, packed)
    page = "<html><body><p>One page.</p></body></html>"
    records = read(path)
    assert [(record.text, record.kind) for record in records if record.text] == [
        (page, HTML),
        (page, HTML),
        ("A plain text.", TEXT),
        ("Gewandelt: café", TEXT),
    ]
    assert rewritten(path, {}) == path.read_bytes()
    new = rewritten(path, {page: page.replace("One", "Another"), "Gewandelt: café": "Converted: café"})
    found = [(record, record.content_stream().read()) for record in ArchiveIterator(io.BytesIO(new), check_digests="raise")]
    bodies = [body for _, body in found]
    assert bodies[1] == bodies[2] == b"<html><body><p>Another page.</p></body></html>"
    assert bodies[3:6] == [b"\0\1", page.encode(), b"A plain text."]
    assert bodies[6].decode() == "Converted: café"
    assert found[2][0].http_headers.get_header("Content-Encoding") is None
    assert found[2][0].http_headers.get_header("Content-Length") == str(len(bodies[2]))
    assert [record.rec_headers.get_header("WARC-Target-URI") for record, _ in found[1:3]] == [
        "http://example.com/0",
        "http://example.com/1",
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_broken_web_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    archive(path, packed=True)
    path.write_bytes(path.read_bytes()[:300] + b"garbage" * 50)
    with pytest.raises(InputError):
        read(path)
