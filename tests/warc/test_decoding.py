"""Encodings come off within a limit; what is cut or damaged says so."""

import bz2
import gzip
import random
import resource
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.errors import LimitError
from govcrawl.warc import decode, decoding

from ..growth import cost

BODY = "政府信息公开".encode() * 500


def bare_deflate(data):
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(data) + engine.flush()


def chunked(data, size=700):
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    return b"".join(b"%x;name=value\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "identity": bytes,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_each_encoding_comes_off(name):
    assert decode((("content-ENCODING", name.upper()),), ENCODERS[name](BODY)) == decoding.Decoded(BODY)


@given(st.binary(max_size=3000), st.lists(st.sampled_from(sorted(ENCODERS)), max_size=4), st.booleans())
def test_nested_encodings_come_off_in_order(body, names, in_one_field):
    wire = body
    for name in names:
        wire = ENCODERS[name](wire)
    listed = [", ".join(names)] if in_one_field else names
    headers = tuple(("Content-Encoding", value) for value in listed)
    assert decode(headers, wire) == decoding.Decoded(body)


@given(st.binary(max_size=3000), st.integers(1, 900))
def test_chunks_are_joined_below_the_content_encoding(body, size):
    headers = (("Transfer-Encoding", "chunked"), ("Content-Encoding", "gzip"))
    assert decode(headers, chunked(gzip.compress(body), size)) == decoding.Decoded(body)


def test_deflate_may_be_a_bare_stream():
    assert decode((("Content-Encoding", "deflate"),), bare_deflate(BODY)) == decoding.Decoded(BODY)


def test_gzip_members_follow_each_other_and_what_is_behind_is_dropped():
    wire = gzip.compress(BODY) + gzip.compress(b"more") + b"\x00padding"
    assert decode((("Content-Encoding", "gzip"),), wire) == decoding.Decoded(BODY + b"more")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "chunked"])
@pytest.mark.parametrize("body", [b"", b"<html>not packed at all</html>"])
def test_a_wrong_label_leaves_the_body_alone(encoding, body):
    field = "Transfer-Encoding" if encoding == "chunked" else "Content-Encoding"
    decoded = decode(((field, encoding),), body)
    if encoding == "br" and body:
        assert decoded.truncated  # brotli has no mark at its start to tell by
    else:
        assert decoded == decoding.Decoded(body)


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_cut_stream_gives_what_came_and_says_so(encoding):
    body = random.Random(1).randbytes(50_000)
    wire = ENCODERS[encoding](body)
    decoded = decode((("Content-Encoding", encoding),), wire[: len(wire) // 2])
    assert decoded.truncated
    assert decoded.damage == "compressed data cut short"
    assert body.startswith(decoded.body)
    assert len(decoded.body) > 20_000


def test_a_damaged_stream_gives_what_came_before():
    body = random.Random(1).randbytes(200_000)
    wire = bytearray(gzip.compress(body))
    wire[-4] ^= 1  # the length at the end
    decoded = decode((("Content-Encoding", "gzip"),), bytes(wire))
    assert "damaged" in decoded.damage
    assert body.startswith(decoded.body)
    assert decoded.body


def test_missing_chunks_are_noticed():
    decoded = decode((("Transfer-Encoding", "chunked"),), chunked(BODY)[:-5])
    assert decoded == decoding.Decoded(BODY, "the last chunk is missing")


def test_an_unknown_encoding_is_never_taken_for_a_page():
    wire = bz2.compress(BODY)
    decoded = decode((("Content-Encoding", "bzip2"),), wire)
    assert decoded.body == wire
    assert decoded.truncated


def test_brotli_without_its_module_is_left_packed_and_says_so(monkeypatch):
    monkeypatch.setattr(decoding, "_bounded_brotli", lambda: None)
    decoded = decode((("Content-Encoding", "br"),), brotli.compress(BODY))
    assert decoded == decoding.Decoded(brotli.compress(BODY), "encoding br needs the module brotli, 1.2 or newer")


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "identity"])
def test_the_limit_is_exact(name):
    headers = (("Content-Encoding", name),)
    assert decode(headers, ENCODERS[name](BODY), limit=len(BODY)).body == BODY
    with pytest.raises(LimitError, match=r"^too_large: .* over 8999 bytes"):
        decode(headers, ENCODERS[name](BODY), limit=len(BODY) - 1)


def megabyte_bomb():
    """A gigabyte of zeros in one megabyte of gzip: the same compressed block over and over."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    begin = engine.compress(bytes(1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    block = engine.compress(bytes(1 << 20)) + engine.flush(zlib.Z_FULL_FLUSH)
    return begin + block * 1023 + engine.flush()


@pytest.mark.parametrize("nested", [False, True])
def test_a_bomb_is_refused_small_and_at_the_cost_of_a_body_within_the_limit(nested):
    bomb = megabyte_bomb()
    headers = (("Content-Encoding", "gzip"),)
    if nested:
        bomb, headers = gzip.compress(bomb), headers * 2
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LimitError, match="too_large"):
        decode(headers, bomb)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 4 * decoding.MAX_BODY

    largest = gzip.compress(bytes(decoding.MAX_BODY))
    within, beyond = cost(lambda: decode((("Content-Encoding", "gzip"),), largest), lambda: refused(headers, bomb))
    assert beyond < 4 * within


def refused(headers, body):
    with pytest.raises(LimitError):
        decode(headers, body)


def test_wrappings_and_pieces_are_counted():
    with pytest.raises(LimitError, match="5 encodings"):
        decode((("Content-Encoding", "gzip"),) * 5, BODY)
    with pytest.raises(LimitError, match="pieces"):
        decode((("Content-Encoding", "gzip"),), gzip.compress(b"") * 1001)
