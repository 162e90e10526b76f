"""What was written reads back equal, by this reader and by others; what was altered never reads as good."""

import gzip
import json
import subprocess
import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator as WarcioIterator

from govcrawl.errors import RecordError
from govcrawl.models import Exchange, Request, Response
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import (
    ArchiveWriter,
    Fetched,
    Problem,
    StoredAttempt,
    StoredCrawl,
    StoredExchange,
    iter_stored,
    read_info,
    read_origin,
    read_response,
    survey,
    to_bytes,
    to_text,
    warc_files,
    warc_path,
)

from ..exploration import examples

FORMAT_1 = Path(__file__).parents[1] / "fixtures" / "warc" / "format_1"

token = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-_!#$%&'*+.^`|~", min_size=1, max_size=20)
any_bytes = st.binary(max_size=40).map(lambda raw: raw.translate(None, b"\r\n\0").strip())
value = any_bytes.map(to_text) | st.sampled_from(["", "中文", "é", "a: b", 'W/"x"', "\udcff"])
headers = st.lists(st.tuples(token, value), max_size=6).map(tuple)
words = st.text(st.characters(blacklist_categories=("Cs",)), max_size=10)
address = st.text("abc/._-?=&%20", max_size=30).map("http://www.hangzhou.gov.cn/".__add__)
moments = st.integers(0, 2**32).map(lambda second: datetime.fromtimestamp(second, UTC))
requests = st.builds(
    Request,
    portal=st.sampled_from(["330100", "330100-sjj"]),
    platform=words,
    role=st.sampled_from(Role),
    url=address,
    key=words,
    method=st.sampled_from(["GET", "POST"]),
    headers=st.lists(st.tuples(words, words), max_size=3).map(tuple),
    body=st.binary(max_size=50),
    context=st.lists(st.tuples(words, words), max_size=3).map(tuple),
)


def unlabelled(fields):
    """Header fields that do not speak of how the body is wrapped."""
    return tuple(field for field in fields if field[0].lower() not in {"content-encoding", "transfer-encoding"})


@st.composite
def exchanges(draw):
    request = draw(requests)
    body = draw(st.binary(max_size=2000))
    packed = draw(st.booleans())
    label = (("Content-Encoding", "gzip"),) if packed else ()
    fetched = Fetched(
        at=draw(moments),
        url=request.url,
        status=draw(st.integers(100, 999)),
        reason=draw(st.sampled_from(["", "OK", "Not Found", "没有"])),
        headers=unlabelled(draw(headers)) + label,
        wire_body=gzip.compress(body, mtime=0) if packed else body,
        body=body,
        media_type=draw(st.sampled_from(["text/html", ""])),
        sent_headers=draw(headers),
        truncated=draw(st.sampled_from([None, "length", "time", "disconnect", "unspecified"])),
    )
    return request, fetched, draw(st.sampled_from(Outcome))


def fast_bodies(path):
    with path.open("rb") as stream:
        for record in FastIterator(stream, parse_http=False, verify_digests=True):
            if str(record.record_type) == "response":
                yield record.reader.read().partition(b"\r\n\r\n")[2]


def warcio_bodies(path):
    with path.open("rb") as stream:
        for record in WarcioIterator(stream, check_digests="raise"):
            body = record.raw_stream.read()
            if record.rec_type == "response":
                yield body


def assert_warcio_accepts(archive):
    paths = [str(warc_path(archive, name)) for name in warc_files(archive)]
    program = "from warcio.cli import main; main()"
    checked = subprocess.run(
        [sys.executable, "-c", program, "check", *paths], capture_output=True, text=True, timeout=600, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


@examples(60)
@given(st.lists(exchanges(), min_size=1, max_size=3))
def test_any_exchange_reads_back_equal_by_all_readers(tmp_path_factory, written):
    archive = tmp_path_factory.mktemp("archive")
    with ArchiveWriter(archive, origin=Origin.LIVE, software="test", registry_digest="0") as writer:
        captures = [writer.write_exchange(*exchange) for exchange in written]
    read = {stored.capture: stored for stored in iter_stored(archive)}
    for capture, (request, fetched, outcome) in zip(captures, written, strict=True):
        stored = read[capture]
        response = Response(fetched.url, fetched.status, fetched.headers, fetched.body)
        assert stored.exchange == Exchange(request, response)
        assert stored.outcome is outcome
        assert stored.capture.request == request
        assert read_response(archive, capture) == response
    wire = sorted(fetched.wire_body for _, fetched, _ in written)
    for bodies in (fast_bodies, warcio_bodies):
        assert sorted(body for name in warc_files(archive) for body in bodies(warc_path(archive, name))) == wire


@given(st.binary(max_size=100))
def test_header_text_keeps_every_byte(raw):
    assert to_bytes(to_text(raw)) == raw


def test_attempts_and_marks_of_a_run_read_back(archive, new_writer, request_, at):
    fields = {"spider": "zhejiang", "years": [2024, 2023], "reason": None}
    with new_writer() as writer:
        writer.write_crawl(None, "start", at, fields)
        writer.write_attempt(request_, Outcome.TIMEOUT, at, "no answer in 60 s")
        writer.write_attempt(request_, Outcome.HTTP_ERROR, at, "server error", 502)
        writer.write_crawl("330100", "end", at, {})
        ends = dict(writer.ends())
    portal_file, run_file = warc_files(archive)
    moment = "2026-01-31T08:00:00.123Z"
    first, second, end, start = iter_stored(archive)
    assert first == StoredAttempt(request_, Outcome.TIMEOUT, moment, "no answer in 60 s", None, portal_file, first.end)
    assert (second.outcome, second.http_status, second.detail) == (Outcome.HTTP_ERROR, 502, "server error")
    assert end == StoredCrawl("330100", "end", moment, {}, portal_file, ends[portal_file])
    assert start == StoredCrawl(None, "start", moment, fields, run_file, ends[run_file])


def not_modified(fetched):
    return replace(fetched, status=304, reason="Not Modified", headers=(("ETag", "x"),), wire_body=b"", body=b"")


def test_a_revisit_stands_for_its_original(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        original = writer.write_exchange(request_, fetched, Outcome.OK)
    with new_writer() as writer:
        first = writer.write_revisit(request_, not_modified(fetched), Outcome.NOT_MODIFIED, original)
        second = writer.write_revisit(request_, fetched, Outcome.OK, first)
    assert first.sha256 == second.sha256 == original.sha256
    assert (first.status, second.status) == (304, 200)
    stored = [found for found in iter_stored(archive) if found.capture != original]
    assert [found.capture for found in stored] == [first, second]
    headers = (*fetched.headers, ("ETag", "x"))
    assert stored[0].exchange.response == Response(fetched.url, 200, headers, fetched.body)
    assert stored[0].outcome is Outcome.NOT_MODIFIED
    assert stored[1].exchange.response.body == fetched.body
    assert read_response(archive, second).body == fetched.body
    assert second.warc_length < 600
    assert_warcio_accepts(archive)


def test_a_revisit_refers_to_its_original_as_the_standard_says(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        original = writer.write_exchange(request_, fetched, Outcome.OK)
        first = writer.write_revisit(request_, not_modified(fetched), Outcome.NOT_MODIFIED, original)
        second = writer.write_revisit(request_, fetched, Outcome.OK, first)
    with warc_path(archive, original.warc_file).open("rb") as stream:
        fields = {record.stream_pos: dict(record.headers.items()) for record in FastIterator(stream)}
    for revisit, profile in ((first, "server-not-modified"), (second, "identical-payload-digest")):
        said = fields[revisit.warc_offset]
        assert said["WARC-Profile"].endswith(f"/revisit/{profile}")
        assert said["WARC-Refers-To"] == fields[original.warc_offset]["WARC-Record-ID"]
        assert said["WARC-Refers-To-Target-URI"] == fetched.url
        assert said["WARC-Refers-To-Date"] == original.fetched_at
        assert said["WARC-Payload-Digest"] == fields[original.warc_offset]["WARC-Payload-Digest"]


def test_a_revisit_of_what_is_not_there_is_refused(new_writer, request_, fetched):
    with new_writer() as writer:
        original = writer.write_exchange(request_, fetched, Outcome.OK)
        moved = replace(original, warc_offset=original.warc_offset + 1)
        with pytest.raises(RecordError):
            writer.write_revisit(request_, not_modified(fetched), Outcome.NOT_MODIFIED, moved)


def test_warcio_accepts_every_kind_of_file(archive, new_writer, request_, fetched, plain, at):
    chunked = replace(plain(b"body"), headers=(("Transfer-Encoding", "chunked"),), wire_body=b"4\r\nbody\r\n0\r\n\r\n")
    with new_writer(max_bytes=4000) as writer:
        for _ in range(5):
            for answer in (fetched, plain("中文".encode() * 100), plain(b""), chunked):
                writer.write_exchange(request_, answer, Outcome.OK)
            writer.write_attempt(request_, Outcome.DNS, at, "no such name")
            writer.write_crawl(None, "start", at, {})
    assert len(warc_files(archive)) > 3
    assert_warcio_accepts(archive)
    assert [s.exchange.response.body for s in iter_stored(archive) if isinstance(s, StoredExchange)][3] == b"body"


def test_files_written_by_the_first_release_read_for_ever():
    expected = json.loads((FORMAT_1 / "expected.json").read_text())
    found = [json.loads(json.dumps(asdict(stored), default=bytes.decode)) for stored in iter_stored(FORMAT_1)]
    since = [{record.pop(name, None) for name in ("wall", "vantage")} for record in found]
    assert found == expected
    assert set.union(*since) == {None}, "what later releases note is empty"
    assert read_origin(FORMAT_1) is Origin.REPLICA


def test_the_origin_is_told_by_any_file_whose_beginning_reads(archive, new_writer, request_, fetched):
    for _ in range(2):
        with new_writer() as writer:
            writer.write_exchange(request_, fetched, Outcome.OK)
    first, second = warc_files(archive)
    alter(archive, first, lambda data: data.__setitem__(30, data[30] ^ 1))
    with pytest.raises(RecordError):
        read_info(archive, first)
    assert read_info(archive, second)["origin"] == "replica"
    assert read_origin(archive) is Origin.REPLICA


def test_an_empty_archive_has_nothing_and_no_origin(archive):
    assert list(iter_stored(archive)) == []
    assert read_origin(archive) is None


@pytest.fixture
def three(archive, new_writer, request_, plain):
    """Three exchanges in one file, by address."""
    with new_writer() as writer:
        return [
            writer.write_exchange(
                replace(request_, url=f"http://a.gov.cn/{number}"),
                replace(plain(b"page %d" % number), url=f"http://a.gov.cn/{number}"),
                Outcome.OK,
            )
            for number in range(3)
        ]


def alter(archive, warc_file, change):
    path = warc_path(archive, warc_file)
    data = bytearray(path.read_bytes())
    change(data)
    path.write_bytes(data)


def test_a_flipped_byte_is_named_and_the_rest_still_read(archive, three):
    damaged = three[1]

    def flip(data):
        data[damaged.warc_offset + damaged.warc_length // 2] ^= 0x10

    alter(archive, damaged.warc_file, flip)
    first, problem, third = survey(archive, damaged.warc_file)
    assert (first.capture, third.capture) == (three[0], three[2])
    assert isinstance(problem, Problem)
    assert (problem.warc_file, problem.offset, problem.url) == (
        damaged.warc_file, damaged.warc_offset, "http://a.gov.cn/1",
    )  # fmt: skip
    for read in (lambda: list(iter_stored(archive)), lambda: read_response(archive, damaged)):
        with pytest.raises(RecordError) as raised:
            read()
        assert f"{damaged.warc_file} at byte {damaged.warc_offset} (http://a.gov.cn/1)" in str(raised.value)
    assert read_response(archive, three[2]).body == b"page 2"


def test_a_damaged_request_does_not_cost_its_response(archive, three):
    asked_at = three[0].warc_offset - 5

    def flip(data):
        data[asked_at] ^= 0xFF

    alter(archive, three[0].warc_file, flip)
    problem, *stored = survey(archive, three[0].warc_file)
    assert isinstance(problem, Problem)
    assert [found.capture for found in stored] == three


def test_a_damaged_note_costs_only_its_own_exchange(archive, three):
    note_at = three[1].warc_offset + three[1].warc_length + 40

    def flip(data):
        data[note_at] ^= 0xFF

    alter(archive, three[0].warc_file, flip)
    first, problem, third = survey(archive, three[0].warc_file)
    assert (first.capture, problem.url, third.capture) == (three[0], "http://a.gov.cn/1", three[2])


def rewrite(archive, capture, old, new):
    """Alters a record so that its gzip member is sound again: only the digests can tell."""

    def change(data):
        stretch = slice(capture.warc_offset, capture.warc_offset + capture.warc_length)
        record = gzip.decompress(data[stretch])
        assert old in record
        data[stretch] = gzip.compress(record.replace(old, new))

    alter(archive, capture.warc_file, change)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"page 1", b"page 9", "the block digest differs"),
        (b"page 1", b"page", "length is not what its Content-Length says"),
        (b"WARC/1.1", b"WORC/1.1", "no WARC record"),
        (b"-Block-Digest: sha1", b"-Block-Digest: sha0", "the block digest is of a kind not known here: sha0"),
        (b"Block-Digest", b"Other-Digest", None),
    ],
)
def test_an_altered_record_in_a_sound_member_is_told_by_its_digests(archive, three, old, new, what):
    rewrite(archive, three[1], old, new)
    problems = [found.what for found in survey(archive, three[1].warc_file) if isinstance(found, Problem)]
    assert len(problems) == (what is not None)
    assert all(what in problem for problem in problems)


def test_a_body_with_good_digests_but_another_content_is_told_by_its_sha256(archive, three):
    other = replace(three[1], sha256="0" * 64)
    with pytest.raises(RecordError, match=r"sha256 is not 0{64} \(decoded whole\)"):
        read_response(archive, other)


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_short_record_is_never_read_as_good(archive, three, cut):
    """Other readers give such a record back short, without an error."""
    last = three[2]

    def shorten(data):
        del data[last.warc_offset + last.warc_length - cut :]

    alter(archive, last.warc_file, shorten)
    with pytest.raises(RecordError, match="the file ends inside the record"):
        read_response(archive, last)
    assert sum(isinstance(found, Problem) for found in survey(archive, last.warc_file)) == 1


def test_a_missing_file_and_a_wrong_place_are_named(archive, three):
    with pytest.raises(RecordError, match=r"330100/none\.warc\.gz"):
        read_response(archive, replace(three[0], warc_file="330100/none.warc.gz"))
    with pytest.raises(RecordError, match="a record of type warcinfo, not a response"):
        read_response(archive, replace(three[0], warc_offset=0))
    with pytest.raises(RecordError, match="sha256"):
        read_response(archive, replace(three[0], warc_offset=three[1].warc_offset))
