"""CDXJ: the index by which replay tools find a page in WARC files, one sorted line per response.

A line is the sort key of an address (SURT), the time in 14 digits, and a JSON object. `packed` writes the lines in gzip
blocks with an index of the blocks, so that a reader need not load a large index whole.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from govcrawl.warc import IndexedAnswer

BLOCK_LINES = 1024
"""Lines per block."""

_WWW = re.compile(r"^www\d*\.")
_SESSION = re.compile(r";jsessionid=[0-9a-z]{32}$", re.IGNORECASE)
_DEFAULT_PORTS = {("http", 80), ("https", 443)}


def surt(url: str) -> str:
    """Returns the sort key of an address: host reversed, without `www.`, then path and sorted query, in lower case."""
    parts = urlsplit(url)
    host = ",".join(reversed(_WWW.sub("", parts.hostname or "").split(".")))
    port = f":{parts.port}" if parts.port and (parts.scheme, parts.port) not in _DEFAULT_PORTS else ""
    path = _SESSION.sub("", parts.path.lower())
    query = "&".join(sorted(parts.query.lower().split("&"), key=lambda pair: pair.split("=", 1)))
    return f"{host}{port}){path.rstrip('/') or '/'}" + (f"?{query}" if query else "")


def cdxj_line(answer: IndexedAnswer, filename: str) -> str:
    """Returns the index line of a response in a file."""
    fields = {
        "url": answer.url,
        "mime": "warc/revisit" if answer.kind == "revisit" else answer.media_type,
        "status": str(answer.status),
        "digest": answer.digest,
        "length": str(answer.length),
        "offset": str(answer.offset),
        "filename": filename,
    }
    kept = {name: value for name, value in fields.items() if value is not None}
    return f"{surt(answer.url)} {re.sub('[^0-9]', '', answer.at)[:14]} {json.dumps(kept)}\n"


def packed(lines: Iterable[str], filename: str) -> tuple[bytes, bytes]:
    """Returns the sorted lines in gzip blocks, to be stored as `filename`, and the index of the blocks."""
    ordered = sorted(lines)
    index = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': filename})}\n"]
    blocks = b""
    for start in range(0, len(ordered), BLOCK_LINES):
        block, entry = _block(ordered[start : start + BLOCK_LINES], len(blocks), filename)
        blocks += block
        index.append(entry)
    return blocks, "".join(index).encode()


def _block(lines: Sequence[str], offset: int, filename: str) -> tuple[bytes, str]:
    block = gzip.compress("".join(lines).encode(), mtime=0)
    place = {
        "offset": offset,
        "length": len(block),
        "digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
        "filename": filename,
    }
    key = lines[0].partition("{")[0].strip()
    return block, f"{key} {json.dumps(place)}\n"
