"""One form for every address that comes from outside: a link, a redirect, a record of somebody's archive.

An address is one of the web (http, https), with a host and a port that can be asked, in ASCII: what is not, is
percent-encoded byte by byte, as browsers do. What has no such form is no address. Nothing here raises.
"""

import ipaddress
import re
from urllib.parse import SplitResult, quote, urljoin, urlsplit, urlunsplit

_SCHEMES = frozenset({"http", "https"})
_SAFE = "%/:=&?~+!$,;'@()*[]|"
_BLANKS = "".join(map(chr, range(33)))
_BREAKS = str.maketrans("", "", "\t\r\n")
_BEFORE_QUERY = re.compile(r"[^?#]*")
_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*"
)
_PLAIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?=[a-z0-9.-]{1,253}(?:[/?]|\Z))[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*)(?P<path>/[A-Za-z0-9._~/%-]*+)?(?:\?(?P<query>[A-Za-z0-9._~/%=&-]*+))?"
)
"""What is in its form already, as most addresses are."""
_NOT_FROM_BYTES = re.compile("[\ud800-\udc7f\udd00-\udfff]")


def split_address(text: str, base: str = "") -> SplitResult | None:
    """The parts of an address as it is asked, joined to `base`; None where it is no address of the web.

    The host is in lower case, the fragment is left out. Bytes that are no UTF-8 stand as surrogate escapes in `text`.
    An address that names a user is none: what is meant is an e-mail.
    """
    if plain := _PLAIN.fullmatch(text):
        return SplitResult(plain["scheme"], plain["host"], plain["path"] or "/", plain["query"] or "", "")
    try:
        parts = urlsplit(join_url(base, text))
        host, port = ascii_name(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _SCHEMES or host is None or port == 0 or "@" in parts.netloc:
        return None
    place = host if port is None else f"{host}:{port}"
    return SplitResult(parts.scheme, place, encoded(parts.path) or "/", encoded(parts.query), "")


def web_address(text: str, base: str = "") -> str | None:
    """The address that `split_address` gives, in one piece."""
    parts = split_address(text, base)
    return urlunsplit(parts) if parts else None


def join_url(base: str, text: str) -> str:
    """An address as it stands, joined to `base`, without blanks around and breaks in it; "" where it is none."""
    plain = text.strip(_BLANKS).translate(_BREAKS)
    if "\\" in plain:
        plain = _BEFORE_QUERY.sub(lambda path: path[0].replace("\\", "/"), plain, count=1)
    try:
        return urljoin(base, plain)
    except ValueError:
        return ""


def encoded(text: str) -> str:
    """A part of an address with every byte that is no plain character percent-encoded."""
    return quote(_NOT_FROM_BYTES.sub("\ufffd", text).encode("utf-8", "surrogateescape"), safe=_SAFE)


def ascii_name(host: str) -> str | None:
    """A host in lower case and in the letters of DNS, an IPv6 address in brackets; None where it can be no host."""
    if ":" in host:
        return _bracketed(host)
    bare = host.lower().rstrip(".")
    try:
        name = bare if bare.isascii() else bare.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return name if _NAME.fullmatch(name) else None


def _bracketed(host: str) -> str | None:
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return None
    return f"[{host.lower()}]"
