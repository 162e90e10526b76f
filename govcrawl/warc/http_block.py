"""HTTP messages as the block of a WARC record: head lines, an empty line, the body.

Header fields pass through text as UTF-8 with surrogate escapes, which loses no byte in either direction. What the
crawler's HTTP client does not hand on is rebuilt: the request line, `Host`, the protocol version of the status line.
"""

import re
from email.message import Message
from urllib.parse import urlsplit

from govcrawl.errors import RecordError
from govcrawl.models import Headers

_END = b"\r\n\r\n"
HEAD_END = re.compile(rb"\r?\n\r?\n")
"""What ends the head of a message or of a record: readers take a bare line feed for the end of a line too."""
_STATUS = re.compile(rb"[1-9]\d\d")
_MEDIA_TYPE = re.compile(r"[\x21-\x7e]+")
UNKNOWN_TYPE = "application/octet-stream"


def to_text(raw: bytes) -> str:
    """A header's bytes as text; `to_bytes` gives the same bytes back."""
    return raw.decode("utf-8", "surrogateescape")


def to_bytes(text: str) -> bytes:
    """The bytes of a header's text."""
    return text.encode("utf-8", "surrogateescape")


def one_line(text: str) -> str:
    """The text with each line break made a space, so that no field can forge another."""
    return text.replace("\r", " ").replace("\n", " ")


def request_head(method: str, url: str, headers: Headers) -> bytes:
    """The head of a request: its line and `Host` made from the address, then the fields as sent."""
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = () if any(name.lower() == "host" for name, _ in headers) else (("Host", parts.netloc.rpartition("@")[2]),)
    return _head(f"{method} {target} HTTP/1.1", host + headers)


def response_head(status: int, reason: str, headers: Headers) -> bytes:
    """The head of a response: its status line with the version always 1.1, then the fields as received."""
    return _head(f"HTTP/1.1 {status} {reason}".rstrip(), headers)


def split_head(block: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, separator and body of a message."""
    found = HEAD_END.search(block)
    return (block[: found.start()], found[0], block[found.end() :]) if found else (block, b"", b"")


def split_response(block: bytes) -> tuple[int, Headers, bytes]:
    """Takes a response apart into status, header fields and the body as it was on the wire.

    Raises:
        RecordError: the block is no HTTP response.
    """
    head, separator, body = split_head(block)
    lines = head.splitlines()
    status = lines[0].split(b" ", 2)[1:2]
    if not separator or not lines[0].startswith(b"HTTP/"):
        raise RecordError("the block holds no HTTP response")
    if not (status and _STATUS.fullmatch(status[0])):
        raise RecordError("the status of the response is no number of three digits")
    return int(status[0]), tuple(_field(line) for line in lines[1:]), body


def is_status(status: int) -> bool:
    """Whether a number can be the status of a response."""
    return _STATUS.fullmatch(str(status).encode()) is not None


def _head(line: str, headers: Headers) -> bytes:
    lines = (line, *(f"{name}: {value}" for name, value in headers))
    return to_bytes("\r\n".join(map(one_line, lines))) + _END


def _field(line: bytes) -> tuple[str, str]:
    name, _, value = line.partition(b":")
    return to_text(name), to_text(value.strip(b" \t"))


def media_type(value: str | None) -> str:
    """The media type of a Content-Type header in lower case; `UNKNOWN_TYPE` where it names none."""
    named = (value or "").partition(";")[0].strip().lower()
    return named if _MEDIA_TYPE.fullmatch(named) else UNKNOWN_TYPE


def content_type(value: str | None) -> tuple[str | None, str | None]:
    """`(media type, charset)` of a Content-Type header, both in lower case, None where it does not say."""
    if not value:
        return None, None
    message = Message()
    message["Content-Type"] = value
    charset = message.get_param("charset")
    return message.get_content_type(), charset.lower() if isinstance(charset, str) else None


def freshened(original: Headers, unchanged: Headers) -> Headers:
    """The header fields of a page that a 304 calls unchanged: the original's, but for those that came anew."""
    anew = {name.lower() for name, _ in unchanged}
    return (*((name, value) for name, value in original if name.lower() not in anew), *unchanged)
