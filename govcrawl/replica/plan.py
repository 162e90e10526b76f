"""The plan of the replica: `world.toml` as checked dataclasses.

A `PortalPlan` says of one registry entry what its replica publishes, where and with which oddities. Keys that a class
does not know are an error of ours and fail at once.
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
from govcrawl.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class Organ:
    """A publishing organ: `code` is its organ code, `title` what its reports' titles call it (default: full name)."""

    name: str
    code: str = ""
    title: str = ""
    scope: Scope = Scope.DEPARTMENT


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something planted: `kind` as `annual_report.py` and `entries.py` know them, on an organ's report of a year."""

    kind: str
    year: int
    organ: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One list, or one viewer, of annual reports.

    `kind` is `column` (Hanweb jpage), `search` (Hanweb disclosure module), `viewer` (its per-organ, per-year page),
    `folder` (TRS) or the name of a family of `families.toml`; `id` the column id, or the folder's path. `paging` is how
    the list's server counts: `window` honours startrecord and endrecord, `page` only the page number, `capped` a window
    of at most 300 rows. `order` is the shape of a row. `twice` prints the list for desktop and mobile, `debris` adds
    broken rows, `hides` adds rows with `xxgkhide=1`, `every_column` lists other columns' rows too, `twins` adds `_app`
    copies, `counts_from` is the first page's number in the pager. `catalogue` is how many pieces of information a dense
    counter counts a year, see `catalogue.py`.
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
    """The charset pages are encoded in and the one they claim."""

    bytes: str = "utf-8"
    label: str = "UTF-8"


@dataclass(frozen=True, slots=True)
class PortalPlan:
    """What the replica of one registry entry publishes; fields as the head of `world.toml` explains them."""

    portal: Portal
    region: str
    skin: str = "zj"
    numbering: str = "none"
    prefix: str = ""
    door: str = "text"
    disclosure: str = "/zwgk/"
    annual: str = ""
    styles: tuple[str, ...] = ("clean",)
    organs: tuple[Organ, ...] = ()
    channels: tuple[Channel, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    charset: Charset = field(default_factory=Charset)
    robots: str | None = None
    robots_status: int = 404
    soft_404: bool = False
    http_only: bool = False
    validators: tuple[str, ...] = ("ETag", "Last-Modified")
    wall: str | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts the portal is served under."""
        return self.portal.hosts

    @property
    def root(self) -> str:
        """Scheme and host of the portal's addresses, without a slash at the end."""
        return self.portal.home.rstrip("/")

    def odd(self, kind: str, organ: Organ, year: int) -> str | None:
        """The value of an oddity planted on a report, or None; an oddity without a value gives the empty string."""
        return next(
            (each.value for each in self.oddities if (each.kind, each.organ, each.year) == (kind, organ.name, year)),
            None,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole replica: the report years, how often each printing habit occurs, and the portals."""

    years: tuple[int, ...]
    habits: Mapping[str, int]
    portals: tuple[PortalPlan, ...]


@cache
def load_plan() -> Plan:
    """The plan of the package."""
    text = files("govcrawl.replica").joinpath("world.toml").read_text(encoding="utf-8")
    world = tomllib.loads(text)
    years = tuple(world["years"])
    return Plan(years, world["habits"], tuple(_portal(entry, years) for entry in world["portals"]))


SPARE: Mapping[str, tuple[str, str]] = {
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
"""By platform, the kind and the id of a list that any portal of it could have."""


def can_publish(portal: Portal) -> bool:
    """Whether pages can be published on a portal: the world rebuilds it, or it has a host and a list to spare."""
    rebuilt = {plan.portal.id for plan in load_plan().portals if plan.channels}
    return portal.id in rebuilt or (bool(portal.hosts) and not SPARE.keys().isdisjoint(portal.platforms))


def plain_plan(portal: Portal) -> PortalPlan:
    """A portal without reports of its own, with one list in the first interface of the registry that has one to spare.

    It stands in for any registry entry that the world does not rebuild, or walls, so that pages can be published on it.
    """
    kind, spare = next(SPARE[platform] for platform in portal.platforms if platform in SPARE)
    known = [column for column in portal.columns if column.isdigit() == spare.isdigit()]
    channel = Channel(
        kind, known[0] if known else spare, "政府信息公开年报", load_plan().years, unit="9900001", webid="9900"
    )
    skin = "national" if kind == "folder" else "zj"
    return PortalPlan(portal, portal.name, skin=skin, disclosure="/zfxxgk/", annual="/zfxxgk/nb/", channels=(channel,))


def _portal(entry: dict[str, Any], years: tuple[int, ...]) -> PortalPlan:
    portal = load_registry()[entry.pop("id")]
    organs = tuple(_organ(each) for each in entry.pop("organs", ()))
    channels = tuple(_channel(each, years) for each in entry.pop("channels", ()))
    oddities = tuple(Oddity(**each) for each in entry.pop("oddities", ()))
    charset = Charset(**entry.pop("charset", {}))
    entry |= {name: tuple(entry[name]) for name in ("styles", "validators") if name in entry}
    return PortalPlan(portal, organs=organs, channels=channels, oddities=oddities, charset=charset, **entry)


def _organ(entry: dict[str, Any]) -> Organ:
    return Organ(**{**entry, "scope": Scope(entry.get("scope", Scope.DEPARTMENT))})


def _channel(entry: dict[str, Any], years: tuple[int, ...]) -> Channel:
    return Channel(**{**entry, "years": tuple(entry.get("years", years))})
