"""Each format gives its documents, and takes other texts with all else byte for byte."""

import gzip
import io
import json
import time
import zlib
from collections.abc import Callable
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
    monkeypatch.setattr("despin.batch.formats.lines.LONGEST", 64)
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


@pytest.mark.parametrize("row", ["1", '1,"a"b', "1,a\0b"])
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
    page = b"<html><body><p>One page.</p></body></html>"
    bodies = [
        ("text/html; charset=utf-8", page, ""),
        ("text/html", gzip.compress(page), "gzip"),
        ("image/png", b"\0\1", ""),
        ("text/html; charset=shift_jis", page, ""),
        ("text/plain", b"A plain text.", ""),
    ]
    write_archive(path, bodies, packed, "Gewandelt: café".encode())


def write_archive(path: Path, bodies: list[tuple[str, bytes, str]], packed: bool, last: bytes = b"") -> None:
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=packed)
        writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "test"}))
        for number, (media, body, encoding) in enumerate(bodies):
            headers = [("Content-Type", media), ("Content-Length", str(len(body)))]
            headers += [("Content-Encoding", encoding)] if encoding else []
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            uri = f"http://example.com/{number}"
            writer.write_record(writer.create_warc_record(uri, "response", payload=io.BytesIO(body), http_headers=http))
        if last:
            uri = "http://example.com/c"
            writer.write_record(writer.create_warc_record(uri, "conversion", io.BytesIO(last), warc_content_type="text/plain"))


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


def test_quotation_marks_open_a_cell_only_where_they_begin_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,a 5" pipe\n2,"two\nlines, ""quoted"""\n3,"open\n4,x')
    assert texts(read(path)) == ['a 5" pipe', 'two\nlines, "quoted"']
    assert len(problems(read(path))) == 1
    assert rewritten(path, {}) == path.read_bytes()
    assert b'1,the 5" pipe\n' in rewritten(path, {'a 5" pipe': 'the 5" pipe'})


def test_a_table_of_one_column_has_no_delimiter(tmp_path: Path) -> None:
    for name, row in (("a.tsv", "Hello, and; then|more"), ("a.csv", "Hello, and; then|more")):
        path = tmp_path / name
        path.write_text(f"text\n{row}\n")
        assert texts(read(path)) == [row]
    path = tmp_path / "b.csv"
    path.write_text('"a,b,c,d";text\n1;two, three\n')
    assert texts(read(path)) == ["two, three"]


def test_rows_after_one_that_is_too_long_are_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("despin.batch.formats.table.LONGEST", 64)
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,good\n2,"' + "never closed\n" * 20 + "3,text\n")
    records = read(path)
    assert texts(records) == ["good"]
    assert len(problems(records)) == 1
    assert rewritten(path, {}) == path.read_bytes()


def test_an_open_quotation_mark_does_not_cost_the_square_of_its_length(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('id,text\n1,"' + "a line of it\n" * 300_000)
    begun = time.perf_counter()
    assert len(problems(read(path))) == 1
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize("packing", ["none", "snappy", "gzip", "brotli", "zstd", "lz4"])
def test_parquet_is_packed_as_it_was(tmp_path: Path, packing: str) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    parquet.write_table(pa.table({"text": ["a", "b"]}), tmp_path / "a.parquet", compression=packing)
    (tmp_path / "b.parquet").write_bytes(rewritten(tmp_path / "a.parquet", {"a": "c"}))
    found = parquet.ParquetFile(tmp_path / "b.parquet")
    assert found.read().to_pydict() == {"text": ["c", "b"]}
    before = parquet.ParquetFile(tmp_path / "a.parquet")
    assert [file.metadata.row_group(0).column(0).compression for file in (found, before)] == [
        before.metadata.row_group(0).column(0).compression
    ] * 2
    found.close()
    before.close()


def test_other_columns_of_parquet_are_not_harmed(tmp_path: Path) -> None:
    import datetime

    import pyarrow as pa
    from pyarrow import parquet

    old = datetime.datetime(1, 1, 1)
    table = pa.table({"text": ["a"], "at": pa.array([old], pa.timestamp("us"))})
    parquet.write_table(table, tmp_path / "a.parquet", use_deprecated_int96_timestamps=True)
    (tmp_path / "b.parquet").write_bytes(rewritten(tmp_path / "a.parquet", {"a": "c"}))
    assert parquet.read_table(tmp_path / "b.parquet")["at"].to_pylist() == [old]
    parquet.write_table(pa.table([["a"], ["b"]], ["text", "text"]), tmp_path / "c.parquet")
    with pytest.raises(InputError, match="or several"):
        read(tmp_path / "c.parquet")
    parquet.write_table(pa.table({"text": [b"a"]}), tmp_path / "d.parquet")
    with pytest.raises(InputError, match="holds no text, but binary"):
        read(tmp_path / "d.parquet")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_bodies_of_a_web_archive_are_unpacked_whole_or_not_at_all(tmp_path: Path) -> None:
    page = b"<p>One page.</p>" + b"<p>And more.</p>" * 1000
    half = len(page) // 2
    broken = bytearray(gzip.compress(page))
    broken[len(broken) // 2] ^= 0xFF
    bodies = [
        ("gzip", gzip.compress(page[:half]) + gzip.compress(page[half:])),
        ("gzip", bytes(broken)),
        ("gzip", gzip.compress(page)[:-20]),
        ("gzip", page),
        ("deflate", zlib.compress(page)),
        ("deflate", zlib.compress(page)[:-20]),
    ]
    path = tmp_path / "a.warc.gz"
    write_archive(path, [("text/html", body, encoding) for encoding, body in bodies], packed=True)
    records = read(path)
    assert texts(records) == [page.decode()] * 3
    assert len(problems(records)) == 3
    assert rewritten(path, {}) == path.read_bytes()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(("encoding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_no_more_of_a_body_is_unpacked_than_may_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr("despin.batch.formats.warc._LARGEST", 1000)
    path = tmp_path / "a.warc.gz"
    write_archive(path, [("text/html", pack(b"a" * size), encoding) for size in (900, 100_000)], packed=True)
    records = read(path)
    assert texts(records) == ["a" * 900]
    assert problems(records) == ["it has more than 1,000 bytes"]
    assert all(record.weight for record in records)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("packed", [False, True])
def test_a_web_archive_that_is_cut_is_refused(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("a.warc.gz" if packed else "a.warc")
    archive(path, packed)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="no web archive"):
        read(path)
