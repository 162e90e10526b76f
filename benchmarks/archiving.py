"""The bytes of an archive over those of the bodies alone, each packed by gzip at level 6.

A group of records has about 1.5 KB beside the body, whatever its size, so the ratio is one of pages of a size. Pages of
portals have menus, scripts and styles around the report, about 97 KB that pack to a ninth; those of the replica are
smaller and pack better. The aims are for the former: pages of the replica with invented furniture around them.
"""

import gzip
import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.ratios import Ratio, amount
from govcrawl import warc
from govcrawl.models import Request
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import ArchiveWriter, Fetched

LEVEL = 6
SIZE = 97_000  # bytes of a portal's page, on average
ADDRESS = "http://www.yuhang.gov.cn/art/2024/1/22/art_1229106938_{}.html"
SENT = (("Accept", "text/html"), ("Accept-Encoding", "gzip, deflate"), ("User-Agent", "govcrawl"))
_AT = datetime(2024, 1, 22, 8, tzinfo=UTC)


def measure(bodies: Sequence[bytes], scratch: Path) -> tuple[Ratio, ...]:
    """Response records, and whole archives, over the packed bodies: of pages of a portal's size, and as they are."""
    full = [furnished(number, body) for number, body in enumerate(bodies)]
    records, whole = over_bodies(full, scratch / "full")
    small_records, small_whole = over_bodies(bodies, scratch / "small")
    size = f"{sum(map(len, full)) / len(full) / 1000:.0f} KB"
    small = f"{sum(map(len, bodies)) / len(bodies) / 1000:.0f} KB"
    return (
        amount(f"response records over gzip-6 of bodies ({size})", [records], "at most 1.06"),
        amount(f"the whole archive over gzip-6 of bodies ({size})", [whole], "at most 1.20"),
        amount(f"response records over gzip-6 of bodies ({small})", [small_records], "-"),
        amount(f"the whole archive over gzip-6 of bodies ({small})", [small_whole], "-"),
    )


def over_bodies(bodies: Sequence[bytes], archive: Path) -> tuple[float, float]:
    """Archive the bodies as they come from servers that pack them; both ratios."""
    archive.mkdir()
    warc.prepare(archive)
    packed = [gzip.compress(body, LEVEL, mtime=0) for body in bodies]
    with ArchiveWriter(archive, origin=Origin.REPLICA, software="govcrawl", registry_digest="0" * 64) as writer:
        pages = enumerate(zip(bodies, packed, strict=True))
        records = sum(write(writer, number, body, wire) for number, (body, wire) in pages)
    whole = sum(warc.warc_path(archive, name).stat().st_size for name in warc.warc_files(archive))
    return records / sum(map(len, packed)), whole / sum(map(len, packed))


def write(writer: ArchiveWriter, number: int, body: bytes, wire: bytes) -> int:
    """Archive one page; the bytes of its response record."""
    url = ADDRESS.format(number)
    headers = (
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Encoding", "gzip"),
        ("ETag", f'"{hashlib.sha256(body).hexdigest()[:16]}"'),
        ("Last-Modified", "Mon, 22 Jan 2024 01:00:00 GMT"),
    )
    fetched = Fetched(_AT, url, 200, "OK", headers, wire, body, "text/html", SENT)
    return writer.write_exchange(Request("330110", "hanweb-jpage", Role.DOCUMENT, url), fetched, Outcome.OK).warc_length


def furnished(seed: int, body: bytes) -> bytes:
    """The page with links of a menu after it, up to the usual size: words as frequent as words of a language are."""
    chance = random.Random(seed)
    words = [f"{chance.randrange(16**6):06x}" for _ in range(600)]
    weights = [1 / rank for rank in range(1, 601)]
    pieces = [body]
    room = SIZE - len(body)
    while room > 0:
        label, *address = chance.choices(words, weights, k=4)
        pieces.append(f'<li class="menu"><a href="/{"/".join(address)}.html">{label}</a></li>\n'.encode())
        room -= len(pieces[-1])
    return b"".join(pieces)
