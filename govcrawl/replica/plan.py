"""The plan of the replica: `plan.toml` as dataclasses.

A `PortalPlan` says what the replica of one registry entry publishes, where and with which oddities. A key that no class
has raises TypeError.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from govcrawl.models import Portal
from govcrawl.portals import load_registry
from govcrawl.replica.request_response import DEFAULT_VALIDATORS
from govcrawl.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class PublishingOrgan:
    """A publishing organ.

    `code` is its organ code, empty where one is made from its name. `title` is its name in the titles of its reports,
    empty where that is its full name.
    """

    name: str
    code: str = ""
    title: str = ""
    scope: Scope = Scope.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Oddity:
    """An oddity planted on one organ's report of one year.

    Kinds that change a report: `case`, `template`, `late`, `misstated`, `number`, `unbalanced`. Kinds that change or
    add its rows: `image-only`, `pictured`, `mirror`, `unlisted`, `withheld`. Kinds that are rows of their own:
    `notice`, `gone`, `refresh`, `elsewhere`. What `value` says depends on the kind.
    """

    kind: str
    year: int
    organ: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One list, or one viewer, of annual reports.

    Attributes:
        kind: `column` (Hanweb jpage), `search` (Hanweb disclosure module), `viewer` (that module's page for each organ
            and year), `folder` (TRS), or a key of `lists/address_templates.toml`.
        id: The column's id, or the folder's path.
        years: The report years whose reports are listed here.
        known: Whether the registry names the column.
        unit, webid, infotype, jdid: Parameters of the list's interface, under the names that the platform gives them.
        per_page: Rows on a page.
        paging: How the list's server counts: `window` honours startrecord and endrecord, `page` only the page number,
            `capped` a window of at most 300 rows.
        order: The shape of a row.
        twice: The list is printed for desktop and for mobile.
        debris: Broken rows stand between the others.
        hides: Some articles are listed a second time with `xxgkhide=1`.
        every_column: Rows of another column are listed too.
        twins: Some articles are listed a second time as `_app` copies.
        counts_from: The number of the first page in the pager.
        catalogue: How many numbers a dense counter gives out in a year, see `lists/dense_catalogue.py`.
    """

    kind: str
    id: str
    title: str
    years: tuple[int, ...] = ()
    known: bool = False
    unit: str = ""
    webid: str = ""
    infotype: str = ""
    jdid: str = ""
    per_page: int = 15
    paging: str = "window"
    order: str = "title-first"
    twice: bool = False
    debris: bool = False
    hides: bool = False
    every_column: bool = False
    twins: bool = False
    counts_from: int = 0
    catalogue: int = 0


@dataclass(frozen=True, slots=True)
class Charset:
    """The charset that pages are encoded in, and the one that they claim."""

    bytes: str = "utf-8"
    label: str = "UTF-8"


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """What the replica of one registry entry publishes; the head of `plan.toml` explains the fields."""

    portal: Portal
    region: str
    skin: str = "zj"
    numbering: str = "none"
    prefix: str = ""
    disclosure_link: str = "text"
    disclosure: str = "/zwgk/"
    annual: str = ""
    styles: tuple[str, ...] = ("clean",)
    organs: tuple[PublishingOrgan, ...] = ()
    channels: tuple[Channel, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    charset: Charset = field(default_factory=Charset)
    robots: str | None = None
    robots_status: int = 404
    soft_404: bool = False
    http_only: bool = False
    validators: tuple[str, ...] = DEFAULT_VALIDATORS
    wall: str | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that the portal is served under."""
        return self.portal.hosts

    @property
    def root(self) -> str:
        """Scheme and host of the portal's addresses, without a slash at the end."""
        return self.portal.home.rstrip("/")

    def absolute(self, address: str) -> str:
        """An address with scheme and host: a path gets the portal's, a whole address stays."""
        return address if "://" in address else self.root + address

    def forbids(self, address: str) -> bool:
        """Whether the portal's robots.txt, or its failure to give one, keeps crawlers from the address."""
        return self.robots_status >= 500 or address.startswith(disallowed_paths(self.robots or ""))

    def oddity_value(self, kind: str, organ: PublishingOrgan, year: int) -> str | None:
        """The value of an oddity on a report: "" where it has none, None where no such oddity is planted."""
        return next(
            (each.value for each in self.oddities if (each.kind, each.organ, each.year) == (kind, organ.name, year)),
            None,
        )


def disallowed_paths(robots: str) -> tuple[str, ...]:
    """The paths that a robots.txt keeps from every crawler."""
    lines = (line.partition(":") for line in robots.splitlines())
    return tuple(value.strip() for name, _, value in lines if name.lower() == "disallow" and value.strip())


@dataclass(frozen=True, slots=True)
class ReplicaPlan:
    """The whole replica: the report years, the weight of each printing habit, and the portals."""

    years: tuple[int, ...]
    habits: Mapping[str, int]
    portals: tuple[PortalPlan, ...]


@cache
def load_plan() -> ReplicaPlan:
    """The plan that ships with the package."""
    tables = tomllib.loads(files("govcrawl.replica").joinpath("plan.toml").read_text(encoding="utf-8"))
    years = tuple(tables["years"])
    return ReplicaPlan(years, tables["habits"], tuple(_portal_plan(entry, years) for entry in tables["portals"]))


_SPARE_CHANNELS: Mapping[str, tuple[str, str]] = {
    "hanweb-jpage": ("column", "1229900001"),
    "hanweb-xxgk": ("column", "1229900001"),
    "trs-static": ("folder", "/zwgk/xxgknb/"),
    "gkmlpt": ("gkmlpt", "9900"),
    "lonsun": ("lonsun", "9900001"),
    "openness": ("openness", "990001"),
    "jhtml": ("jhtml", "/c/www/zfxxgknb.jhtml"),
    "c-column": ("c-column", "/zwgk/c100990/"),
    "static-dir": ("static-dir", "/zwgk/xxgknb/"),
    "list-n": ("list-n", "/zwgk/xxgknb/"),
    "nfcms": ("nfcms", "/zwgk/xxgknb/"),
    "shanghai-nw": ("shanghai-nw", "99001"),
    "uuid-columns": ("uuid-columns", "00000000-0000-4000-8000-000000009900"),
    "query-list": ("query-list", "99001"),
    "epoint": ("epoint", "009009009"),
}
"""By platform, the kind and the id of a list that any portal of that platform could have."""


def can_publish(portal: Portal) -> bool:
    """Whether pages can be published on a portal: it is in the plan, or has a host and a platform with a spare list."""
    planned = {plan.portal.id for plan in load_plan().portals if plan.channels}
    return portal.id in planned or (bool(portal.hosts) and not _SPARE_CHANNELS.keys().isdisjoint(portal.platforms))


def plain_plan(portal: Portal) -> PortalPlan:
    """The plan of a portal without reports of its own: one list, of the first of its platforms that has a spare one.

    It is for registry entries that the plan does not have or walls off, so that pages can be published on them.
    """
    kind, spare = next(_SPARE_CHANNELS[platform] for platform in portal.platforms if platform in _SPARE_CHANNELS)
    known = [column for column in portal.columns if column.isdigit() == spare.isdigit()]
    channel = Channel(
        kind, known[0] if known else spare, "政府信息公开年报", load_plan().years, unit="9900001", webid="9900"
    )
    skin = "national" if kind == "folder" else "zj"
    return PortalPlan(portal, portal.name, skin=skin, disclosure="/zfxxgk/", annual="/zfxxgk/nb/", channels=(channel,))


def _portal_plan(entry: dict[str, Any], years: tuple[int, ...]) -> PortalPlan:
    portal = load_registry()[entry.pop("id")]
    organs = tuple(_organ(each) for each in entry.pop("organs", ()))
    channels = tuple(_channel(each, years) for each in entry.pop("channels", ()))
    oddities = tuple(Oddity(**each) for each in entry.pop("oddities", ()))
    charset = Charset(**entry.pop("charset", {}))
    entry |= {name: tuple(entry[name]) for name in ("styles", "validators") if name in entry}
    return PortalPlan(portal, organs=organs, channels=channels, oddities=oddities, charset=charset, **entry)


def _organ(entry: dict[str, Any]) -> PublishingOrgan:
    return PublishingOrgan(**{**entry, "scope": Scope(entry.get("scope", Scope.DEPARTMENT))})


def _channel(entry: dict[str, Any], years: tuple[int, ...]) -> Channel:
    return Channel(**{**entry, "years": tuple(entry.get("years", years))})
