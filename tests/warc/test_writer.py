"""Every response is kept whole, as it came, with what is needed to ask for it again."""

import gzip
import random
import zlib
from dataclasses import replace
from hashlib import sha256

import pytest
from fastwarc.warc import ArchiveIterator

from govcrawl.errors import ArchiveError, RecordError
from govcrawl.models import Request
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import iter_stored, read_info, read_response, warc_files, warc_path


def records_of(archive, warc_file):
    """What an independent reader finds: (type, WARC fields, block)."""
    with warc_path(archive, warc_file).open("rb") as stream:
        return [
            (str(record.record_type), dict(record.headers.items()), record.reader.read())
            for record in ArchiveIterator(stream, parse_http=False)
        ]


def member_count(data):
    count = 0
    while data:
        engine = zlib.decompressobj(31)
        engine.decompress(data)
        assert engine.eof
        data = engine.unused_data
        count += 1
    return count


def test_an_exchange_is_a_request_a_response_and_a_note(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
    assert warc_files(archive) == ("330100/330100-20260131080000-00000.warc.gz",)
    (_, _, _), asked, answer, note = records_of(archive, capture.warc_file)
    assert [kind for kind, _, _ in (asked, answer, note)] == ["request", "response", "metadata"]
    assert asked[2].decode() == (
        "GET /art/2025/1/20/art_1.html?a=1 HTTP/1.1\r\nHost: www.hangzhou.gov.cn\r\n"
        "User-Agent: govcrawl\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
    )
    assert answer[2] == (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
        b"Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n" + fetched.wire_body
    )
    assert {fields["WARC-Date"] for _, fields, _ in (asked, answer, note)} == {"2026-01-31T08:00:00.123Z"}
    assert asked[1]["WARC-Concurrent-To"] == note[1]["WARC-Concurrent-To"] == answer[1]["WARC-Record-ID"]


def test_the_capture_tells_place_and_digest(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        writer.write_exchange(request_, fetched, Outcome.OK)
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
    data = warc_path(archive, capture.warc_file).read_bytes()
    record = gzip.decompress(data[capture.warc_offset : capture.warc_offset + capture.warc_length])
    assert record.endswith(fetched.wire_body + b"\r\n\r\n")
    assert capture.sha256 == sha256(fetched.body).hexdigest()
    assert (capture.url, capture.status, capture.media_type) == (fetched.url, 200, "text/html")
    assert capture.fetched_at == "2026-01-31T08:00:00.123Z"
    assert not capture.truncated


def test_a_record_is_a_gzip_member(archive, new_writer, request_, fetched, plain):
    with new_writer() as writer:
        writer.write_exchange(request_, fetched, Outcome.OK)
        capture = writer.write_exchange(request_, plain(random.Random(3).randbytes(200_000)), Outcome.OK)
    assert member_count(warc_path(archive, capture.warc_file).read_bytes()) == 1 + 3 + 3


def test_warcinfo_comes_first_and_is_honest(archive, new_writer, request_, at):
    with new_writer() as writer:
        writer.write_attempt(request_, Outcome.DNS, at, "no such name")
    (warc_file,) = warc_files(archive)
    info = read_info(archive, warc_file)
    assert (info["software"], info["origin"], info["registry"]) == ("govcrawl/test", "replica", "0" * 64)
    assert "Host and the version in the status line are rebuilt" in info["description"]
    kind, fields, _ = records_of(archive, warc_file)[0]
    assert (kind, fields["WARC-Filename"]) == ("warcinfo", "330100-20260131080000-00000.warc.gz")


def test_a_posted_request_is_kept_with_its_body(archive, new_writer, fetched):
    body = b"page=2&name=\xff\xe4\xb8\xad"
    headers = (("Content-Type", "application/x-www-form-urlencoded"), ("X", "1"), ("X", "2"))
    request = Request("330000", "hanweb-xxgk", Role.LIST, "http://a.gov.cn/list", "k", "POST", headers, body)
    with new_writer() as writer:
        capture = writer.write_exchange(request, replace(fetched, url=request.url, sent_headers=headers), Outcome.OK)
    assert capture.request == request
    assert [stored.exchange.request for stored in iter_stored(archive)] == [request]
    _, asked, _, _ = records_of(archive, capture.warc_file)
    assert asked[2].startswith(b"POST /list HTTP/1.1\r\nHost: a.gov.cn\r\n")
    assert asked[2].endswith(b"\r\n\r\n" + body)


def test_no_header_can_forge_another(archive, new_writer, request_, plain):
    forged = replace(plain(b"body"), reason="OK\r\nX: 1", headers=(("A", "b\r\nSet-Cookie: c\r\n\r\nbody"),))
    with new_writer() as writer:
        writer.write_exchange(request_, forged, Outcome.OK)
    (stored,) = iter_stored(archive)
    assert stored.exchange.response.headers == (("A", "b  Set-Cookie: c    body"),)


def test_a_short_body_is_marked(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        capture = writer.write_exchange(request_, replace(fetched, truncated="disconnect"), Outcome.TRUNCATED)
    assert capture.truncated
    assert records_of(archive, capture.warc_file)[2][1]["WARC-Truncated"] == "disconnect"
    (stored,) = iter_stored(archive)
    assert stored.capture == capture
    assert stored.outcome is Outcome.TRUNCATED


def test_each_run_and_each_portal_has_its_own_file(archive, new_writer, request_, fetched):
    for _ in range(2):
        with new_writer() as writer:
            first = writer.write_exchange(request_, fetched, Outcome.OK)
            assert writer.write_exchange(request_, fetched, Outcome.OK).warc_file == first.warc_file
            writer.write_exchange(replace(request_, portal="330200"), fetched, Outcome.OK)
            writer.write_crawl(None, "start", fetched.at, {"spider": "zhejiang"})
    assert warc_files(archive) == (
        "330100/330100-20260131080000-00000.warc.gz",
        "330100/330100-20260131080000-00001.warc.gz",
        "330200/330200-20260131080000-00000.warc.gz",
        "330200/330200-20260131080000-00001.warc.gz",
        "_crawl/_crawl-20260131080000-00000.warc.gz",
        "_crawl/_crawl-20260131080000-00001.warc.gz",
    )


def test_a_file_is_left_before_it_grows_too_large(archive, new_writer, request_, plain):
    body = random.Random(5).randbytes(4000)
    with new_writer(max_bytes=20_000) as writer:
        for _ in range(10):
            writer.write_exchange(request_, plain(body), Outcome.OK)
    sizes = [warc_path(archive, name).stat().st_size for name in warc_files(archive)]
    assert len(sizes) == 4
    assert max(sizes) <= 20_000
    assert len(list(iter_stored(archive))) == 10


def test_a_group_larger_than_a_file_gets_one_of_its_own(archive, new_writer, request_, plain):
    with new_writer(max_bytes=100) as writer:
        captures = [writer.write_exchange(request_, plain(b"body"), Outcome.OK) for _ in range(3)]
    assert [capture.warc_file for capture in captures] == list(warc_files(archive))
    assert len(list(iter_stored(archive))) == 3


def test_ends_are_the_lengths_on_disk(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        ends = writer.ends()
        assert not ends
        for _ in range(3):
            writer.write_exchange(request_, fetched, Outcome.OK)
            writer.write_crawl("330100", "end", fetched.at, {})
            writer.write_crawl(None, "end", fetched.at, {})
            assert ends == {name: warc_path(archive, name).stat().st_size for name in warc_files(archive)}
    assert [stored.end for stored in iter_stored(archive)][-1] == ends[warc_files(archive)[-1]]


def test_the_other_origin_is_refused(archive, new_writer, request_, fetched):
    with new_writer() as writer:
        writer.write_exchange(request_, fetched, Outcome.OK)
    with pytest.raises(ArchiveError, match="of origin replica, not live"):
        new_writer(origin=Origin.LIVE)


@pytest.mark.parametrize("letter", ["x", "中", "𠀀"])
def test_an_endless_address_is_kept_whole(archive, new_writer, request_, fetched, at, letter):
    """The WARC field has its beginning only, for readers that stop at long headers."""
    endless = "http://a.gov.cn/" + letter * 40_000
    request = replace(request_, url=endless)
    with new_writer() as writer:
        capture = writer.write_exchange(request, replace(fetched, url=endless), Outcome.OK)
        writer.write_attempt(request, Outcome.HTTP_ERROR, at, "address too long", 414)
    stored, attempt = iter_stored(archive)
    assert stored.capture == capture
    assert stored.exchange.response.url == attempt.request.url == endless
    assert read_response(archive, capture) == stored.exchange.response
    assert [kind for kind, _, _ in records_of(archive, capture.warc_file)][1:3] == ["request", "response"]


def test_an_attempt_is_returned_as_it_reads(archive, new_writer, request_, at):
    with new_writer() as writer:
        attempts = [writer.write_attempt(request_, Outcome.DNS, at, "no such name", status) for status in (None, 500)]
    assert list(iter_stored(archive)) == attempts


def page(seed, kilobytes=90):
    """A page that gzips about as well as a report: mark-up that repeats, prose that hardly does."""
    chance = random.Random(seed)
    words = ["".join(chr(chance.randrange(0x4E00, 0x5000)) for _ in range(3)) for _ in range(400)]
    rows = (
        f'<tr style="mso-yfti-irow:{row}"><td class="MsoNormal" width="120"><p align="center">'
        f"<span>{''.join(chance.choices(words, k=6))}</span></p></td><td>{chance.randrange(900)}</td></tr>\n"
        for row in range(kilobytes * 7)
    )
    return "".join(rows).encode()


@pytest.mark.parametrize("compressed", [True, False])
def test_the_archive_is_hardly_larger_than_the_bodies_gzipped(
    archive, new_writer, request_, fetched, plain, compressed
):
    bodies = [page(seed) for seed in range(8)]
    packed = [gzip.compress(body, 6) for body in bodies]
    with new_writer() as writer:
        captures = [
            writer.write_exchange(
                request_, replace(fetched, wire_body=wire, body=body) if compressed else plain(body), Outcome.OK
            )
            for body, wire in zip(bodies, packed, strict=True)
        ]
    responses = sum(capture.warc_length for capture in captures) / sum(map(len, packed))
    whole = warc_path(archive, captures[0].warc_file).stat().st_size / sum(map(len, packed))
    assert responses <= 1.06
    assert whole <= 1.20


def test_a_conversion_is_what_a_browser_made_of_a_response(archive, new_writer, request_, fetched):
    tree = "<html><body><ul><li>年报</li></ul></body></html>".encode()
    shown = replace(fetched, headers=(), wire_body=tree, body=tree)
    rendered = replace(request_, role=Role.COLUMN, key="rendered:col1")
    with new_writer() as writer:
        original = writer.write_exchange(request_, fetched, Outcome.OK)
        conversion = writer.write_conversion(rendered, shown, Outcome.OK, original)

    kinds = records_of(archive, original.warc_file)
    (fields, block), source = next((each[1], each[2]) for each in kinds if each[0] == "conversion"), kinds[2][1]
    assert block == tree
    assert fields["WARC-Refers-To"] == source["WARC-Record-ID"]
    assert fields["WARC-Target-URI"] == fetched.url
    assert fields["Content-Type"] == "text/html; charset=utf-8"
    read = list(iter_stored(archive))[-1]
    assert (read.capture, read.exchange.request, read.exchange.response.body) == (conversion, rendered, tree)
    assert (conversion.status, conversion.sha256) == (200, sha256(tree).hexdigest())
    assert read_response(archive, conversion) == read.exchange.response


def test_a_conversion_of_what_is_not_there_is_refused(new_writer, request_, fetched):
    with new_writer() as writer:
        original = writer.write_exchange(request_, fetched, Outcome.OK)
        with pytest.raises(RecordError, match="damaged"):
            writer.write_conversion(request_, fetched, Outcome.OK, replace(original, warc_offset=7))
