"""What a visit to a portal found, in words, and the line of TOML that says it to the registry.

Pure: from what the archive keeps of a visit, by the functions that read every crawl.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from govcrawl import pages, platforms
from govcrawl.errors import InputError, LimitError, PlatformError
from govcrawl.models import Exchange, Portal
from govcrawl.platforms.addresses import from_path
from govcrawl.platforms.trail import Trail
from govcrawl.portals.writing import line
from govcrawl.reading import content_type
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange

Stored = StoredExchange | StoredAttempt

_HANWEB_COLUMN = re.compile(r"/col/col(\d+)/(?:index\.html)?")


@dataclass(frozen=True, slots=True)
class Findings:
    """What the pages of a visit tell of a portal: families, the strongest first, and columns of annual reports."""

    answered: bool
    platforms: tuple[str, ...]
    columns: tuple[str, ...]


def findings(portal: Portal, stored: Sequence[Stored]) -> Findings:
    """What the pages that answered tell: a family that speaks on a column counts before one of the front page."""
    exchanges = [one.exchange for one in stored if isinstance(one, StoredExchange) and one.outcome is Outcome.OK]
    nearest = sorted(exchanges, key=lambda exchange: not Trail.of(exchange.request).reports)
    families = (family for exchange in nearest for family in platforms.recognise(exchange))
    columns = (_column(url) for exchange in exchanges for url in _columns(exchange, portal))
    return Findings(bool(exchanges), tuple(dict.fromkeys(families)), tuple(dict.fromkeys(columns)))


def mended(portal: Portal, found: Findings) -> Portal:
    """The entry with what was found: families seen before those declared, columns behind those known."""
    declared = [name for name in portal.platforms if name != "detect"]
    families = tuple(dict.fromkeys((*found.platforms, *declared))) or ("generic",)
    columns = tuple(dict.fromkeys((*portal.columns, *found.columns)))
    return replace(portal, platforms=families, columns=columns, basis=_basis(portal, found))


def _basis(portal: Portal, found: Findings) -> str:
    """The letters of what now rests on something seen."""
    seen = {"H": found.answered, "C": bool(found.platforms), "R": bool(found.columns)}
    letters = {letter.upper(): letter for letter in portal.basis} | {
        one: one for one, is_seen in seen.items() if is_seen
    }
    return "".join(letters[letter] for letter in "HCLR" if letter in letters)


def told(portal: Portal, robots: Iterable[str], stored: Sequence[Stored]) -> Iterator[str]:
    """The visit in words, then the line to put into the registry; no line where no page was seen."""
    yield f"{portal.id} {portal.name}: {portal.home}"
    yield from (f"  {words}" for words in robots)
    for one in stored:
        yield from (
            f"  {words}" for words in (_page(one, portal) if isinstance(one, StoredExchange) else _attempt(one))
        )
    found = findings(portal, stored)
    if not found.answered:
        yield "nothing was learnt: no page was seen; the registry stays as it is"
        return
    yield f"  platforms  {', '.join(found.platforms) or 'none recognised'}; declared: {', '.join(portal.platforms)}"
    yield f"  columns    {' '.join(found.columns) or 'none on the way'}; known: {' '.join(portal.columns) or 'none'}"
    entry = mended(portal, found)
    if entry == portal:
        yield "the registry says so already"
    else:
        yield f"into {portal.province}.toml, after a look at it:"
        yield line(entry)


def _attempt(attempt: StoredAttempt) -> Iterator[str]:
    yield f"{attempt.request.url}: {attempt.outcome}, {attempt.detail}"


def _page(stored: StoredExchange, portal: Portal) -> Iterator[str]:
    response = stored.exchange.response
    yield f"{response.url}: {stored.outcome}, status {response.status}, {len(response.body)} bytes"
    if stored.outcome is Outcome.BLOCKED:
        yield "  a challenge stands before the page: it is recorded, never passed"
    if stored.outcome is Outcome.OK:
        yield from (f"  {words}" for words in _said_by(stored.exchange, portal))


def _said_by(exchange: Exchange, portal: Portal) -> Iterator[str]:
    """How a page is encoded, which families speak on it, whose site it says it is, whether its list needs scripts."""
    media_type, charset = content_type(exchange.response.header("Content-Type"))
    try:
        page = pages.read_page(exchange.response.body, media_type, charset)
    except (LimitError, InputError) as error:
        yield str(error)
        return
    families = platforms.recognise(exchange)
    yield "; ".join((f"encoded in {page.encoding}", *(issue.detail for issue in page.issues)))
    yield f"families: {', '.join(families) or 'none recognised'}"
    if exchange.request.role is Role.HOME and (code := page.meta.get("siteidcode")):
        whose = "this division" if code.startswith(portal.id[:6]) else "ANOTHER division than this portal's"
        yield f"site: {page.meta.get('sitename', 'no name')}, identification code {code}, of {whose}"
    if not families and platforms.needs_rendering(exchange):
        yield "it has the shell of a list that scripts fill"


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
