"""Files that others wrote read as they were meant, and nothing in them that is broken passes for good."""

import base64
import gzip
import hashlib
import os
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


# ------------------------------------------------------------------------------------------------- heads and addresses

PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\npage"
HEAD = (
    "WARC/1.0",
    "WARC-Type: response",
    f"WARC-Target-URI: {URL}",
    f"WARC-Date: {DATE}",
    f"Content-Length: {len(PAGE)}",
)
GOOD = "\r\n".join((*HEAD, "", "")).encode()


def packed_record(head: bytes, block: bytes = PAGE, end: bytes = b"\r\n\r\n") -> bytes:
    return gzip.compress(head + block + end, mtime=0)


@pytest.mark.parametrize(
    "head",
    [
        GOOD.lower().replace(b"warc/1.0", b"WARC/1.0"),
        GOOD.upper().replace(URL.upper().encode(), URL.encode()).replace(b"05:06:07z", b"05:06:07Z"),
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.replace(b"WARC/1.0", b"WARC/1.1"),
        GOOD.replace(b": ", b":"),
        GOOD.replace(b": ", b":  \t"),
        GOOD.replace(b"WARC-Date: ", b"WARC-Date:\r\n "),
        GOOD.replace(b"WARC-Type", b"X-Odd: \xff\xfe\r\nWARC-Type"),
        GOOD.replace(URL.encode(), b"<" + URL.encode() + b">"),
        GOOD.replace(b"05:06:07Z", b"05:06:07.123456Z"),
        GOOD.replace(b"05:06:07Z", b"13:06:07+08:00"),
    ],
)
def test_a_head_is_read_however_it_is_written(tmp_path, head: bytes):
    (found,) = everything(write_file(tmp_path / "a.warc.gz", packed_record(head)))

    assert isinstance(found, Foreign)
    assert (found.fetched.url, found.fetched.body) == (URL, b"page")
    assert found.fetched.at.replace(microsecond=0) == datetime(2021, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"Content-Length: 48", b"Content-Length: 4611686018427387904", "no length"),
        (b"Content-Length: 48", b"Content-Length: 9999999999", "not what its Content-Length says"),
        (b"Content-Length: 48", b"Content-Length: -1", "no length"),
        (b"Content-Length: 48", b"Content-Length: 4x", "no length"),
        (b"Content-Length: 48", b"X: y", "no length"),
        (b"WARC/1.0", b"WARC/9.0", "no WARC record"),
        (b"WARC/1.0", b"WARC/1.0\r\n" + b"X: y\r\n" * 20_000, "no head"),
        (b"WARC-Date: 2021", b"WARC-Date: 1970", "dated 1970"),
        (b"WARC-Date: 2021", b"WARC-Date: 2999", "dated 2999"),
        (b"2021-03-04T05:06:07Z", b"9999-12-31T23:59:59-01:00", "does not say when"),
        (b"2021-03-04T05:06:07Z", b"0001-01-01T00:00:00+14:00", "does not say when"),
        (b"2021-03-04T05:06:07Z", b"yesterday", "does not say when"),
        (b"WARC-Date: 2021-03-04T05:06:07Z\r\n", b"", "does not say when"),
        (URL.encode(), b"http://[not-an-ip/x", "address"),
        (URL.encode(), b"http://www.a.gov.cn:99999/x", "address"),
        (URL.encode(), b"http://me:pw@www.a.gov.cn/x", "address"),
        (b"WARC-Type", b"WARC-Block-Digest: shake_128:AAAA\r\nWARC-Type", "kind not known"),
        (b"WARC-Type", b"WARC-Payload-Digest: crc32:AAAA\r\nWARC-Type", "kind not known"),
        (b"WARC-Type", b"WARC-Payload-Digest: AAAA\r\nWARC-Type", "kind not known"),
        (b"WARC-Type", b"WARC-Block-Digest: sha1:AAAA\r\nWARC-Type", "digest differs"),
    ],
)
def test_a_record_that_cannot_be_is_named_and_the_one_behind_it_is_read(tmp_path, old: bytes, new: bytes, what: str):
    assert old in GOOD
    bad, good = packed_record(GOOD.replace(old, new)), packed_record(GOOD.replace(URL.encode(), URL.encode() + b"?2"))

    problem, found = everything(write_file(tmp_path / "a.warc.gz", bad, good))

    assert isinstance(problem, Problem)
    assert what in problem.what
    assert found.fetched.url == URL + "?2"


@pytest.mark.parametrize("status", [b"99999999999999999999", b"-1", b"", b"2OO", b"20", b"099", b"\xb2\xb2\xb2"])
def test_a_status_that_is_no_number_of_three_digits_is_no_answer(tmp_path, status: bytes):
    block = PAGE.replace(b"200", status)
    head = GOOD.replace(b"Content-Length: 48", b"Content-Length: %d" % len(block))

    (problem,) = everything(write_file(tmp_path / "a.warc.gz", packed_record(head, block)))

    assert isinstance(problem, Problem)


SPELLINGS = {
    "base32": lambda digest: base64.b32encode(digest).decode(),
    "base32 bare": lambda digest: base64.b32encode(digest).decode().rstrip("="),
    "base32 lower": lambda digest: base64.b32encode(digest).decode().lower(),
    "base64": lambda digest: base64.b64encode(digest).decode(),
    "base64 for addresses": lambda digest: base64.urlsafe_b64encode(digest).decode().rstrip("="),
    "hex": lambda digest: digest.hex(),
    "hex upper": lambda digest: digest.hex().upper(),
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=list(SPELLINGS))
@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "SHA-256", "md5"])
def test_a_digest_is_taken_in_every_spelling(tmp_path, algorithm: str, spell):
    digest = hashlib.new(algorithm.lower().replace("-", ""), PAGE).digest()
    right, wrong = (f"WARC-Block-Digest: {algorithm}:{spell(each)}\r\nWARC-Type".encode() for each in (
        digest, bytes(len(digest))))  # fmt: skip

    found, problem = everything(write_file(
        tmp_path / "a.warc.gz",
        packed_record(GOOD.replace(b"WARC-Type", right)),
        packed_record(GOOD.replace(b"WARC-Type", wrong)),
    ))  # fmt: skip

    assert isinstance(found, Foreign)
    assert isinstance(problem, Problem)


def test_a_file_that_is_compressed_as_a_whole_is_named_with_what_to_do(tmp_path):
    path = tmp_path / "a.warc.gz"
    path.write_bytes(gzip.compress((GOOD + PAGE + b"\r\n\r\n") * 2))

    (problem,) = everything(path)

    assert "warcio recompress" in problem.what


@pytest.mark.parametrize(
    ("status", "fields", "body", "is_whole"),
    [
        ("200 OK", [("Content-Length", "4")], b"page", True),
        ("200 OK", [("Content-Length", "004")], b"page", True),
        ("200 OK", [("Content-Length", "0")], b"", True),
        ("200 OK", [("Content-Length", "5")], b"page", False),
        ("200 OK", [("Content-Length", "3")], b"page", False),
        ("200 OK", [("content-length", "5")], b"page", False),
        ("200 OK", [("Content-Length", "x")], b"page", True),
        ("200 OK", [("Content-Length", "999"), ("Content-Encoding", "gzip")], b"page", True),
        ("206 Partial Content", [("Content-Length", "4")], b"page", False),
        ("304 Not Modified", [("Content-Length", "999")], b"", True),
    ],
)
def test_a_part_of_a_page_is_told_from_a_whole_one(tmp_path, status, fields, body, is_whole: bool):
    (found,) = everything(write_file(tmp_path / "a.warc.gz", member("response", URL, body, head=(status, fields))))

    assert (found.fetched.truncated is None) == is_whole


# ------------------------------------------------------------------------------------------------------------ revisits

REFERRING = {
    "by address and time": {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": DATE},
    "by identifier": {"WARC_Refers_To": "<urn:uuid:1>"},
    "by digest": {"WARC_Payload_Digest": "sha1:" + base64.b32encode(hashlib.sha1(b"page").digest()).decode()},
}
AGAIN = "2021-05-06T07:08:09Z"


@pytest.mark.parametrize("how", REFERRING)
@pytest.mark.parametrize("head", [("304 Not Modified", [("ETag", "x")]), ("200 OK", [("Server", "x")]), None])
def test_a_revisit_is_the_page_that_it_names_seen_again(tmp_path, how: str, head):
    page = member("response", URL, b"page", WARC_Record_ID="<urn:uuid:1>")
    again = member("revisit", URL, b"", head=head, WARC_Date=AGAIN, **REFERRING[how])

    original, sighting = everything(write_file(tmp_path / "a.warc.gz", page, again))

    assert sighting.original == original.fetched
    assert sighting.fetched.body == b"page"
    assert sighting.fetched.at == datetime(2021, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert sighting.fetched.status == (int(head[0][:3]) if head else 200)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"WARC_Refers_To_Target_URI": URL + "?other"},
        {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": "2019-01-01T00:00:00Z"},
        {"WARC_Payload_Digest": "sha1:" + base64.b32encode(hashlib.sha1(b"else").digest()).decode()},
    ],
)
def test_a_revisit_of_a_page_that_is_not_in_the_file_is_named(tmp_path, fields):
    page, again = member("response", URL, b"page"), member("revisit", URL, b"", WARC_Date=AGAIN, **fields)

    _, problem = everything(write_file(tmp_path / "a.warc.gz", page, again))

    assert isinstance(problem, Problem)
    assert "not in this file" in problem.what


def test_a_pipe_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "a.warc.gz")

    with pytest.raises(InputError, match="no file"):
        everything(tmp_path / "a.warc.gz")
