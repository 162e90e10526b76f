"""What is asked of the replica and what it answers, apart from any server: requests and answers as values.

A `Route` turns an `Asked` into an `Answer`. Pages are made when they are first asked for and kept, so that serving
costs no more than looking them up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cache, cached_property
from importlib.resources import files
from string import Template

from govcrawl.replica.plan import PortalPlan
from govcrawl.replica.wire import WHOLE


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a portal sees it. `parameters` are those of the query and of a posted form, the form's winning.

    `referrer` is the page that the request says it comes from, `body` what was posted, whatever its type.
    """

    method: str
    host: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"
    referrer: str = ""
    body: bytes = b""


VALIDATORS = ("ETag", "Last-Modified")


@dataclass(frozen=True)
class Answer:
    """An answer before transport: `changed_on` (`YYYY-MM-DD`) becomes Last-Modified; `delivery` is a name of `wire.py`.

    A body whose headers name a Content-Encoding is sent as it is. `validators` are the header fields by which a client
    may ask later whether the page is unchanged.
    """

    body: bytes
    status: int = 200
    media_type: str = "text/html;charset=UTF-8"
    changed_on: str | None = None
    headers: tuple[tuple[str, str], ...] = ()
    delivery: str = WHOLE
    validators: tuple[str, ...] = VALIDATORS

    @cached_property
    def etag(self) -> str:
        """An entity tag over the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @cached_property
    def validation(self) -> tuple[tuple[str, str], ...]:
        """The validators this answer carries, with their values."""
        changed = format_datetime(self.changed_at, usegmt=True) if self.changed_at else ""
        told = {"ETag": self.etag, "Last-Modified": changed}
        return tuple((name, told[name]) for name in self.validators if told[name])

    @property
    def is_encoded(self) -> bool:
        """Whether the body is encoded already, as its headers say."""
        return any(name == "Content-Encoding" for name, _ in self.headers)

    @cached_property
    def changed_at(self) -> dt.datetime | None:
        """`changed_on` as a moment in UTC."""
        if self.changed_on is None:
            return None
        return dt.datetime.fromisoformat(self.changed_on).replace(hour=1, tzinfo=dt.UTC)


Route = Callable[[Asked], Answer]


def once(make: Callable[[], Answer]) -> Route:
    """A route that makes its answer when first asked and gives the same one ever after."""
    kept = cache(make)
    return lambda _: kept()


@cache
def _template(name: str) -> Template:
    return Template(files("govcrawl.replica").joinpath("templates", name).read_text(encoding="utf-8"))


def fill(name: str, **values: object) -> str:
    """A file of `templates/` with its placeholders filled in."""
    return _template(name).substitute(values)


def page(
    plan: PortalPlan, title: str, content: str, meta: Mapping[str, str] | None = None, charset: str = "UTF-8"
) -> str:
    """A whole page of a portal: its frame with the site's meta tags and the notice, around the content."""
    site_code = f"{plan.portal.division_code}0001"
    tags = {
        "SiteName": f"{plan.region}人民政府",
        "SiteDomain": plan.hosts[0],
        "SiteIDCode": site_code,
        **(meta or {}),
    }
    return fill(
        "frame.html",
        charset=charset,
        title=f"{title}-{plan.region}人民政府",
        meta="\n".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items()),
        region=plan.region,
        door=door(plan),
        content=content,
        site_code=site_code,
    )


DOORS = {
    "text": '<li><a href="$href">政府信息公开</a></li>',
    "title": '<li><a href="$href" title="政府信息公开"><em class="icon"></em></a></li>',
    "image": '<li><a href="$href"><img src="/images/xxgk.png" alt="政府信息公开"></a></li>',
    "onclick": '<li><a href="javascript:void(0)" onclick="window.location.href=\'$href\'">政府信息公开</a></li>',
}
"""How a front page links to the disclosure column."""


def door(plan: PortalPlan) -> str:
    """The link to the disclosure column as this portal writes it."""
    return Template(DOORS[plan.door]).substitute(href=plan.disclosure)


def html(text: str, changed_on: str | None = None) -> Answer:
    """The text in UTF-8: lists and front pages are always labelled rightly."""
    return Answer(text.encode(), changed_on=changed_on)
