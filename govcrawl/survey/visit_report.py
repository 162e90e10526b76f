"""The report of a visit to a portal, in words, with the TOML line that tells the registry.

Pure: from what the archive keeps of a visit, by the functions that read every crawl.
"""

from collections.abc import Iterable, Iterator, Sequence

from govcrawl import platforms
from govcrawl.errors import InputError, LimitError
from govcrawl.models import Exchange, Portal
from govcrawl.pages.page_reader import read_page
from govcrawl.portals.writing import toml_line
from govcrawl.survey.recognition import findings, mended, seen
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange, content_type

VisitRecord = StoredExchange | StoredAttempt


def told(portal: Portal, robots: Iterable[str], stored: Sequence[VisitRecord]) -> tuple[str, ...]:
    """The visit in words, then the line to put into the registry; no line where no page was seen."""
    return tuple(_told(portal, robots, stored))


def _told(portal: Portal, robots: Iterable[str], stored: Sequence[VisitRecord]) -> Iterator[str]:
    yield f"{portal.id} {portal.name}: {portal.home}"
    yield from (f"  {words}" for words in robots)
    for one in stored:
        yield from (
            f"  {words}" for words in (_page(one, portal) if isinstance(one, StoredExchange) else _attempt(one))
        )
    found = findings(portal, (seen(exchange, portal) for exchange in answered(stored)))
    if not found.answered:
        yield "nothing was learnt: no page was seen; the registry stays as it is"
        return
    yield f"  platforms  {', '.join(found.platforms) or 'none recognised'}; declared: {', '.join(portal.platforms)}"
    yield f"  columns    {' '.join(found.columns) or 'none on the way'}; known: {' '.join(portal.columns) or 'none'}"
    if found.home:
        yield f"  home       {portal.home} does not answer, {found.home} does"
    entry = mended(portal, found)
    if entry == portal:
        yield "the registry says so already"
    else:
        yield f"into portals/{portal.province}.toml, after a look at it:"
        yield toml_line(entry)


def answered(stored: Iterable[VisitRecord]) -> Iterator[Exchange]:
    """The pages of a visit that answered."""
    return (one.exchange for one in stored if isinstance(one, StoredExchange) and one.outcome is Outcome.OK)


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
        page = read_page(exchange.response.body, media_type, charset)
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
