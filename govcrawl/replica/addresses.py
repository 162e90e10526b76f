"""The addresses of lists and articles as each family writes them, filled in from `families.toml`.

A channel's kind is the family's name. All an address can be made of is the channel, the organ, the day and a number, so
that the same article has the same address in every process.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from govcrawl.replica.plan import Channel, Organ, PortalPlan

FIRST_ORGAN = 6_636_765
"""The number of a portal's first organ, where addresses name organs."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """A family's templates; `further` is empty where its lists have no page but the first."""

    listing: str
    article: str
    further: str = ""
    origin: str = ""
    by_organ: bool = False
    pager: str = "links"


@cache
def families() -> Mapping[str, Addresses]:
    """The templates by the kind of channel."""
    text = files("govcrawl.replica").joinpath("families.toml").read_text(encoding="utf-8")
    return {kind: Addresses(**told) for kind, told in tomllib.loads(text).items()}


def list_address(plan: PortalPlan, channel: Channel, organ: Organ | None = None, page: int = 1) -> str:
    """The address of a page of a channel's list: of one organ's, where each has its own (without one, the first's)."""
    family = families()[channel.kind]
    template = family.listing if page == 1 else family.further
    # A script's pager counts from 0: the second page is called 1.
    shown = page - (family.pager == "script")
    return _whole(family, template.format(**_of_channel(plan, channel, organ), page=shown))


def article_address(plan: PortalPlan, channel: Channel, organ: Organ | None, published_on: str, number: int) -> str:
    """The address of an article of a channel."""
    family, day = families()[channel.kind], published_on.replace("-", "")
    digest = hashlib.sha256(f"{plan.portal.id}{number}".encode()).hexdigest()
    parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
    told = {
        "number": number,
        "digest": digest[:32],
        "uuid": "-".join(parts),
        "year": day[:4],
        "month": day[:6],
        "day": day,
        "date": published_on[5:],
    }
    return _whole(family, family.article.format(**_of_channel(plan, channel, organ), **told))


def _of_channel(plan: PortalPlan, channel: Channel, organ: Organ | None) -> dict[str, object]:
    place = plan.organs.index(organ) if organ else 0
    return {"id": channel.id, "stem": channel.id.rpartition(".")[0], "organ": FIRST_ORGAN + place}


def _whole(family: Addresses, address: str) -> str:
    """The address with its origin where that is not the portal's; the shells of such a family stay on the portal."""
    return address if address.startswith("/zfxxgk/") else family.origin + address
