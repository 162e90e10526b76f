"""One address for one page: what is dropped, folded and kept when a portal spells the address of a page in many ways.

A canonical address has no fragment, no session, no switch that only hides parts of the page; a page's twin for apps
or phones is the page. Hosts are in lower case and in ASCII. The home's host carries the scheme and the `www.` of the
home, so that http and https, and both spellings of the host, are one document; every other host keeps the scheme of
the link, since its servers may speak only one.
"""

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from govcrawl.models import Portal

DROPPED_PARAMETERS = frozenset({"xxgkhide", "jsessionid", "sessionid", "phpsessid", "_t", "timestamp"})
"""Query parameters that never tell two pages apart: a hidden block, a session, a cache breaker."""

_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TWIN = re.compile(r"(/t[\d_]+?)_(?:app|wap)(\.s?html?)$")
_INDEX_PAGE = re.compile(r"/index\.s?html?$")
_HANWEB_COLUMN = re.compile(r"/col/col\d+/$")
_FRONT = re.compile(r"/?(?:index\.(?:s?html?|jsp))?")
_DEFAULT_PORTS = (None, 80, 443)
_SAFE = "%/:=&?~+!$,;'@()*[]|"


def canonical(address: str, portal: Portal, base: str = "") -> str | None:
    """The canonical absolute form of an address found on a page at `base`; None where it leads to no web page."""
    try:
        parts = urlsplit(urljoin(base or portal.home, address.strip()))
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:  # of urllib, and of the codec for international names
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    own = own_host(host, portal) if port in _DEFAULT_PORTS else None
    scheme = urlsplit(portal.home).scheme if own and own == portal.host else parts.scheme
    place = (own or host) if port in _DEFAULT_PORTS else f"{host}:{port}"
    path = _TWIN.sub(r"\1\2", _SESSION.sub("", parts.path)) or "/"
    return urlunsplit((scheme, place, quote(path, safe=_SAFE), quote(_kept(parts.query), safe=_SAFE), ""))


def _ascii_host(host: str) -> str:
    """A host name in lower case and in ASCII (`….xn--zfr164b`); raises ValueError for one that has no such form."""
    lowered = host.lower().rstrip(".")
    return lowered if lowered.isascii() else lowered.encode("idna").decode()


def own_host(host: str, portal: Portal) -> str | None:
    """The portal's spelling of a host, with or without `www.`; None for a host that is not the portal's."""
    return next((own for own in portal.hosts if own.removeprefix("www.") == host.removeprefix("www.")), None)


def is_own(url: str, portal: Portal) -> bool:
    """Whether an absolute address is on one of the portal's hosts."""
    return own_host(urlsplit(url).hostname or "", portal) is not None


def is_front_page(url: str) -> bool:
    """Whether an address is that of a site's front page."""
    parts = urlsplit(url)
    return _FRONT.fullmatch(parts.path) is not None and not parts.query


def column_address(url: str) -> str:
    """The one spelling of a column's address: its folder, save for Hanweb, where `index.html` is how it is linked."""
    parts = urlsplit(url)
    path = _INDEX_PAGE.sub("/", parts.path)
    return parts._replace(path=f"{path}index.html" if _HANWEB_COLUMN.search(path) else path).geturl()


def from_path(url: str) -> str:
    """An address from its path on, with its query: what tells an article from a list on a portal."""
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def folder(url: str) -> str:
    """The path of the folder that a page lies in, with its slash: the base of the page's relative links."""
    return urlsplit(url).path.rpartition("/")[0] + "/"


def parameters(url: str) -> dict[str, str]:
    """The query of an address as it stands, undecoded: a doubly encoded name must go back as it came."""
    return dict(pair.partition("=")[::2] for pair in urlsplit(url).query.split("&") if pair)


def requery(url: str, **changes: str | int) -> str:
    """The address with some query parameters set, the others untouched and in their order, none given twice."""
    query = parameters(url) | {name: str(value) for name, value in changes.items()}
    return urlsplit(url)._replace(query="&".join(f"{name}={value}" for name, value in query.items())).geturl()


def _kept(query: str) -> str:
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0].lower() not in DROPPED_PARAMETERS)
