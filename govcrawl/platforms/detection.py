"""Which families speak on a portal whose registry entry says `detect`: those whose marks its own pages bear.

The front page tells first, and every request that follows from it carries what it told; a page on the way may tell more
of itself. Nothing is remembered elsewhere: the same answer means the same whenever it is read.
"""

from dataclasses import replace

from govcrawl.models import Exchange, ListPage, Portal, Request
from govcrawl.platforms.fingerprint import recognise
from govcrawl.vocabulary import DETECT, Role

FAMILIES = "families"
"""The entry of a request's context that holds what the front page told."""


def is_unknown(portal: Portal) -> bool:
    """Whether nobody knows yet which families a portal speaks."""
    return DETECT in portal.platforms


def as_recognised(exchange: Exchange, portal: Portal) -> Portal:
    """The portal as a page shows it: with the families it declares, was recognised by, and bears the marks of here."""
    if not is_unknown(portal):
        return portal
    declared = (name for name in portal.platforms if name != DETECT)
    return replace(
        portal, platforms=tuple(dict.fromkeys((*declared, *_carried(exchange.request), *recognise(exchange))))
    )


def carried_on(page: ListPage, exchange: Exchange) -> ListPage:
    """The page of an unknown portal, its requests for pages on the way with what the front page told."""
    request = exchange.request
    told = recognise(exchange) if request.role is Role.HOME else _carried(request)
    return replace(page, requests=tuple(_carrying(one, told) for one in page.requests)) if told else page


def _carried(request: Request) -> tuple[str, ...]:
    return tuple(filter(None, dict(request.context).get(FAMILIES, "").split(",")))


def _carrying(request: Request, families: tuple[str, ...]) -> Request:
    if request.role not in {Role.HOME, Role.COLUMN}:
        return request
    return replace(request, context=tuple(sorted({**dict(request.context), FAMILIES: ",".join(families)}.items())))
