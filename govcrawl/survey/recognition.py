"""What pages tell the registry about a portal: families, report columns, the scheme it answers by.

Pure: from what the archive keeps of a visit or a crawl, page by page, so that nothing but a few words has to be kept of
each. Nobody but a person puts it into the registry.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Portal
from govcrawl.platforms.addresses import from_path
from govcrawl.platforms.crawl_context import Trail
from govcrawl.vocabulary import DETECT, Outcome, Role

UNANSWERED = frozenset({Outcome.REFUSED, Outcome.TLS, Outcome.TIMEOUT})
"""What becomes of https on a host that speaks http alone."""

_HTTPS = "https://"
_HANWEB_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")


@dataclass(frozen=True, slots=True)
class PageFindings:
    """What one page that answered tells; `reports` says that it is the reports' column, `home` that it is the front."""

    url: str
    reports: bool
    home: bool
    platforms: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the pages of a visit tell of a portal: families, the strongest first, and columns of annual reports.

    `home` is the front page's address where that is not the registry's: by http alone.
    """

    answered: bool
    platforms: tuple[str, ...]
    columns: tuple[str, ...]
    home: str | None = None


def seen(exchange: Exchange, portal: Portal) -> PageFindings:
    """What a page that answered tells."""
    return PageFindings(
        exchange.response.url,
        Trail.of(exchange.request).reports,
        exchange.request.role is Role.HOME,
        platforms.recognise(exchange),
        tuple(dict.fromkeys(_column(url) for url in _columns(exchange, portal))),
    )


def findings(portal: Portal, pages: Iterable[PageFindings]) -> Findings:
    """What pages tell together: a family that speaks on a column counts before one of the front page."""
    told = tuple(pages)
    families = (family for page in sorted(told, key=lambda page: not page.reports) for family in page.platforms)
    columns = (column for page in told for column in page.columns)
    homes = (page.url for page in told if page.home and page.url == plain_home(portal))
    return Findings(bool(told), tuple(dict.fromkeys(families)), tuple(dict.fromkeys(columns)), next(homes, None))


def plain_home(portal: Portal) -> str | None:
    """The front page of a portal by http, where the registry has it by https; None for any other."""
    return f"http://{portal.home.removeprefix(_HTTPS)}" if portal.home.startswith(_HTTPS) else None


def mended(portal: Portal, found: Findings) -> Portal:
    """The entry with what was found: families seen before those declared, columns behind those known."""
    declared = [name for name in portal.platforms if name != DETECT]
    families = tuple(dict.fromkeys((*found.platforms, *declared))) or ("generic",)
    columns = tuple(dict.fromkeys((*portal.columns, *found.columns)))
    return replace(
        portal, home=found.home or portal.home, platforms=families, columns=columns, basis=_basis(portal, found)
    )


def _basis(portal: Portal, found: Findings) -> str:
    """The letters of what now rests on something seen."""
    known = {"H": found.answered, "C": bool(found.platforms), "R": bool(found.columns)}
    letters = {letter.upper(): letter for letter in portal.basis} | {
        one: one for one, is_seen in known.items() if is_seen
    }
    return "".join(letters[letter] for letter in "HCLR" if letter in letters)


def _columns(exchange: Exchange, portal: Portal) -> Iterator[str]:
    """The addresses that a page names as columns of annual reports, the page's own if it is one."""
    if Trail.of(exchange.request).reports:
        yield exchange.response.url
    try:
        found = platforms.read(exchange, portal)
    except PlatformError:
        return
    yield from (one.url for one in found.requests if Trail.of(one).reports and one.role is Role.COLUMN)


def _column(url: str) -> str:
    """A column as the registry has it: the id of a Hanweb column, the path of any other."""
    path = from_path(url)
    match = _HANWEB_COLUMN.fullmatch(path)
    return match[1] if match else path
