"""What a request remembers of the way that led to it, in its `context` because pure functions have no memory.

What of it decides how the answer is read, the stage, is part of the request's `key` as well: a page reached both as a
gate and as the reports' column is two requests, so that what is read from it never depends on which came first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from govcrawl.models import Headers, Portal, Request
from govcrawl.platforms.addresses import column_address, from_path
from govcrawl.vocabulary import Role


class Stage(StrEnum):
    """How near a page is to the annual reports."""

    FRONT = "front"
    GATE = "gate"  # on the way from the front page to the column
    PART = "part"  # named like a part of the column, or a list not known to be the reports' own
    REPORTS = "reports"  # the column or a part of it: rows are kept unless their titles say something else


@dataclass(frozen=True, slots=True)
class Trail:
    """The way so far: the report years wanted, the stage reached, the steps taken, how deep in frames the page is."""

    years: tuple[int, ...] = ()
    stage: Stage = Stage.FRONT
    depth: int = 0
    framed: int = 0

    @classmethod
    def of(cls, request: Request) -> Trail:
        """The trail that a request carries; that of the front page for a request that carries none."""
        context = dict(request.context)
        years = tuple(int(year) for year in context.get("years", "").split(",") if year)
        steps, framed = int(context.get("depth", "0")), int(context.get("framed", "0"))
        return cls(years, Stage(context.get("stage", Stage.FRONT)), steps, framed)

    @property
    def reports(self) -> bool:
        """Whether the column of annual reports is reached."""
        return self.stage is Stage.REPORTS

    def at(self, stage: Stage) -> Trail:
        """The same way, at another stage."""
        return replace(self, stage=stage)

    def onward(self, stage: Stage) -> Trail:
        """One step further, at a stage."""
        return replace(self, stage=stage, depth=self.depth + 1, framed=0)

    def within(self, stage: Stage) -> Trail:
        """In a frame of the page, at a stage: a part of the page and no step."""
        return replace(self, stage=stage, framed=self.framed + 1)

    def key(self, name: str) -> str:
        """The key of a list or column: its name, behind the stage where that is not the reports' own."""
        return name if self.reports else f"{self.stage}:{name}"

    def context(self, **more: str | int) -> tuple[tuple[str, str], ...]:
        """The trail with some further entries, as the sorted pairs of a request's context."""
        own = {"years": ",".join(map(str, self.years)), "stage": str(self.stage), "depth": str(self.depth)}
        framed = {"framed": str(self.framed)} if self.framed else {}
        pairs = own | framed | {name: str(value) for name, value in more.items()}
        return tuple(sorted((name, value) for name, value in pairs.items() if value))


def page_request(portal: Portal, platform: str, role: Role, url: str, name: str, trail: Trail) -> Request:
    """A plain GET of a page on the way, its key made of the name and the trail."""
    return Request(portal.id, platform, role, url, trail.key(name), context=trail.context())


def column_request(asked: Request, url: str, trail: Trail) -> Request:
    """A plain GET of a column that the answer to a request leads to; it asks for the same whoever found it."""
    key = trail.key(from_path(column_address(url)))
    return Request(asked.portal, asked.platform, Role.COLUMN, url, key, context=trail.context())


def referred(referrer: str) -> Headers:
    """The header fields a page's own script sends with its requests; some portals answer nothing without them."""
    return (("Referer", referrer), ("X-Requested-With", "XMLHttpRequest"))
