"""Files that others wrote read as they were meant, and nothing in them that is broken passes for good."""

import base64
import gzip
import hashlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from govcrawl.errors import InputError
from govcrawl.vocabulary import Origin, Outcome
from govcrawl.warc import Foreign, Problem, foreign_origin, read_foreign, warc_path

URL = "http://www.a.gov.cn/page.html"
DATE = "2021-03-04T05:06:07Z"
CHUNKS = b"4\r\npage\r\n0\r\n\r\n"
IN_CHUNKS = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS


def write_file(path, *members):
    path.write_bytes(b"".join(members))
    return path


def member(kind, url, payload=b"", *, head=("200 OK", [("Content-Type", "text/html; charset=gbk")]), **fields):
    """One record as warcio writes it."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    http = StatusAndHeaders(*head, protocol="HTTP/1.1", is_http_request=kind == "request") if head else None
    warc_headers = {"WARC-Date": DATE, **{name.replace("_", "-"): value for name, value in fields.items()}}
    record = writer.create_warc_record(url, kind, BytesIO(payload), http_headers=http, warc_headers_dict=warc_headers)
    writer.write_record(record)
    return out.getvalue()


def plain_member(block, *fields):
    """A response written by hand: no library would write it like that."""
    head = ("WARC/1.0", "WARC-Type: response", f"WARC-Target-URI: <{URL}>", f"WARC-Date: {DATE}", *fields)
    lines = "\r\n".join((*head, f"Content-Length: {len(block)}", "", ""))
    return gzip.compress(lines.encode() + block + b"\r\n\r\n")


def everything(path, **options):
    return list(read_foreign(path, lambda _: True, **options))


def test_an_answer_is_read_with_its_time_head_and_body(tmp_path):
    (found,) = everything(write_file(tmp_path / "a.warc.gz", member("response", URL, b"<html>page</html>")))

    fetched = found.fetched
    assert (fetched.url, fetched.status, fetched.reason, fetched.media_type) == (URL, 200, "OK", "text/html")
    assert fetched.headers == (("Content-Type", "text/html; charset=gbk"),)
    assert fetched.body == fetched.wire_body == b"<html>page</html>"
    assert fetched.at == datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert (fetched.truncated, found.asked.method) == (None, "GET")


@pytest.mark.parametrize("request_first", [True, False])
@pytest.mark.parametrize("names_other", ["request", "response"])
def test_a_request_is_found_whichever_names_the_other(tmp_path, request_first, names_other):
    ids = {"request": "<urn:uuid:00000000-0000-0000-0000-000000000001>", "response": "<urn:uuid:2>"}
    other = {kind: {"WARC_Concurrent_To": ids[{"request": "response", "response": "request"}[kind]]} for kind in ids}
    links = {kind: other[kind] if kind == names_other else {} for kind in ids}
    asked = member(
        "request", URL, b"a=1", head=("POST /page.html HTTP/1.1", [("Accept", "*/*")]),
        WARC_Record_ID=ids["request"], **links["request"],
    )  # fmt: skip
    answered = member("response", URL, b"page", WARC_Record_ID=ids["response"], **links["response"])
    order = (asked, answered) if request_first else (answered, asked)

    (found,) = everything(write_file(tmp_path / "a.warc.gz", *order))

    assert (found.asked.method, found.asked.body) == ("POST", b"a=1")
    assert found.fetched.sent_headers == (("Accept", "*/*"),)


def test_chunks_are_joined_and_content_encoding_stays(tmp_path):
    packed = gzip.compress("页面".encode() * 50, mtime=0)
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(packed), packed)
    head = ("200 OK", [("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip")])

    (found,) = everything(write_file(tmp_path / "a.warc.gz", member("response", URL, chunked, head=head)))

    assert found.fetched.wire_body == packed
    assert found.fetched.body == "页面".encode() * 50
    assert found.fetched.truncated is None


@pytest.mark.parametrize(("digested", "is_good"), [(b"page", True), (CHUNKS, True), (b"else", False)])
def test_a_payload_digest_is_that_of_the_chunks_or_of_what_they_join_to(tmp_path, digested, is_good):
    digest = base64.b32encode(hashlib.sha1(digested).digest()).decode()
    path = write_file(tmp_path / "a.warc.gz", plain_member(IN_CHUNKS, f"WARC-Payload-Digest: sha1:{digest}"))

    (found,) = everything(path)

    if is_good:
        assert found.fetched.body == b"page"
    else:
        assert "payload digest differs" in found.what


def test_a_body_that_is_not_whole_says_so(tmp_path):
    head = ("200 OK", [("Content-Encoding", "gzip")])
    cut = member("response", URL, gzip.compress(b"page" * 1000)[:-9], head=head)
    told = member("response", URL, b"half", WARC_Truncated="length")

    found = everything(write_file(tmp_path / "a.warc.gz", cut, told))

    assert [one.fetched.truncated for one in found] == ["unspecified", "length"]


def test_what_is_no_answer_of_a_web_server_is_passed_over(tmp_path):
    members = (
        member("metadata", URL, b"x: y", head=None),
        member("resource", URL, b"text", head=None),
        member("response", "dns:www.a.gov.cn", b"20210304 1.2.3.4", head=None),
        member("request", URL, head=("GET / HTTP/1.1", [])),
    )

    assert everything(write_file(tmp_path / "a.warc.gz", *members)) == []


def test_only_wanted_addresses_are_read(tmp_path):
    other = "http://b.example/page"
    path = write_file(tmp_path / "a.warc.gz", member("response", other, b"1"), member("response", URL, b"2"))
    seen = []

    found = list(read_foreign(path, lambda url: seen.append(url) or url == URL))

    assert seen == [other, URL]
    assert [one.fetched.body for one in found] == [b"2"]


@pytest.mark.parametrize(
    ("broken", "what"),
    [
        (member("response", URL, b"page" * 500)[:-40], "compressed data is damaged"),
        (member("revisit", URL), "a revisit has no body of its own"),
        (gzip.compress(b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 9\r\n\r\nshort"), "length"),
        (plain_member(b"no http"), "no HTTP response"),
        (member("response", URL, b"page", WARC_Date="yesterday"), "does not say when it was made"),
        (member("response", URL, b"x" * 2000), "too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",  # bytes hold the time they were packed at
)
def test_a_broken_record_is_named_and_the_others_read(tmp_path, broken, what):
    good = member("response", URL, b"page")
    path = write_file(tmp_path / "a.warc.gz", good, broken, good)

    found = everything(path, limit=1000)

    problems = [one for one in found if isinstance(one, Problem)]
    assert [one.fetched.body for one in found if isinstance(one, Foreign)] == [b"page", b"page"]
    assert [(one.warc_file, one.offset) for one in problems] == [("a.warc.gz", len(good))]
    assert what in problems[0].what


@pytest.mark.parametrize("data", [b"", b"WARC/1.0\r\n", b"<html>"])
def test_what_is_no_packed_warc_file_is_refused(tmp_path, data):
    path = write_file(tmp_path / "a.warc.gz", data)

    for read in (everything, foreign_origin):
        with pytest.raises(InputError, match=r"this is no \.warc\.gz"):
            read(path)
        with pytest.raises(InputError, match="No such file"):
            read(tmp_path / "none.warc.gz")


def test_our_own_files_read_and_tell_their_origin(tmp_path, archive, new_writer, request_, fetched):
    with new_writer() as writer:
        path = warc_path(archive, writer.write_exchange(request_, fetched, Outcome.OK).warc_file)

    (found,) = everything(path)

    assert found.fetched.body == fetched.body
    assert found.fetched.wire_body == fetched.wire_body
    assert found.fetched.sent_headers[1:] == fetched.sent_headers
    assert foreign_origin(path) is Origin.REPLICA
    assert foreign_origin(write_file(tmp_path / "a.warc.gz", member("response", URL, b"page"))) is Origin.LIVE
