"""One address for one page: what is dropped, folded and kept when a portal spells the address of a page in many ways.

A canonical address has no fragment, no session, no switch that only hides parts of the page; a page's twin for apps
or phones is the page. Hosts are in lower case and in ASCII. The home's host carries the scheme and the `www.` of the
home, so that http and https, and both spellings of the host, are one document; every other host keeps the scheme of
the link, since its servers may speak only one.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from govcrawl.models import Portal
from govcrawl.web_address import split_address

DROPPED_PARAMETERS = frozenset({"xxgkhide", "jsessionid", "sessionid", "phpsessid", "_t", "timestamp"})
"""Query parameters that never tell two pages apart: a hidden block, a session, a cache breaker."""

_NAMES = "t ts tm time stamp now r rd rnd rand random _ _dc cb v ver version cache nocache no_cache _r _v _ts _time"
_CHANGING = frozenset(_NAMES.split())
"""Names of parameters that keep caches from answering: another value at each look."""
_MOMENT = re.compile(r"\d{8,17}|0?\.\d+|\d{1,2}:\d\d.*|[A-Z][a-z]{2}(?:%20|\+| )[A-Z][a-z]{2}.*")
"""What such a parameter holds: a time of one kind or another, or a random number."""
_RANDOM = re.compile(r"0?\.\d{6,}")
"""What `Math.random()` gives: under whatever name, it tells no two pages apart."""
_ARTICLE_PAGE = re.compile(r"/[^/]*\d{5}[^/]*\.s?html?$", re.IGNORECASE)
"""The path of a static page that is named by a number: there such a parameter means nothing, whatever it holds."""

_SESSION = re.compile(r";jsessionid=[^/?#]*", re.IGNORECASE)
_TWIN = re.compile(r"(/t[\d_]+?)_(?:app|wap)(\.s?html?)$")
_INDEX_PAGE = re.compile(r"/index\.s?html?$")
_HANWEB_COLUMN = re.compile(r"/col/col\d+/$")
_FRONT = re.compile(r"/?(?:index\.(?:s?html?|jsp))?")
_DEFAULT_PORTS = (None, 80, 443)


def canonical(address: str, portal: Portal, base: str = "") -> str | None:
    """The canonical absolute form of an address found on a page at `base`; None where it leads to no web page."""
    parts = split_address(address, base or portal.home)
    if parts is None:
        return None
    is_plain = parts.port in _DEFAULT_PORTS
    own = own_host(parts.hostname or "", portal) if is_plain else None
    place = own or (parts.netloc.removesuffix(f":{parts.port}") if is_plain else parts.netloc)
    scheme = urlsplit(portal.home).scheme if own and own == portal.host else parts.scheme
    path = _TWIN.sub(r"\1\2", _SESSION.sub("", parts.path)) or "/"
    return urlunsplit((scheme, place, path, _kept(parts.query, is_article=bool(_ARTICLE_PAGE.search(path))), ""))


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


def _kept(query: str, *, is_article: bool) -> str:
    return "&".join(pair for pair in query.split("&") if not _means_nothing(*pair.partition("=")[::2], is_article))


def _means_nothing(name: str, value: str, is_article: bool) -> bool:
    """Whether a parameter never tells two pages apart."""
    lowered = name.lower()
    is_changing = lowered in _CHANGING and (is_article or bool(_MOMENT.fullmatch(value)))
    return lowered in DROPPED_PARAMETERS or is_changing or bool(_RANDOM.fullmatch(value))
