"""Requests to the replica and its responses, as values apart from any server.

A `ReplicaRoute` makes a `ReplicaResponse` of a `ReplicaRequest`. `cached_route` makes a page when it is first requested
and keeps it, so that serving costs no more than looking it up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import format_datetime
from functools import cache, cached_property

from govcrawl.models import Headers

WHOLE_DELIVERY = "whole"
"""The delivery of a response that arrives as it was sent; the others are in `faults/wire.py`."""

DEFAULT_VALIDATORS = ("ETag", "Last-Modified")


def whole_number(value: object, default: int) -> int:
    """The value as a whole number; `default` where it is not written in ASCII digits alone."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else default


@dataclass(frozen=True, slots=True)
class ReplicaRequest:
    """A request as a portal receives it.

    `parameters` are those of the query and of a posted form; the form's win. `referrer` is the page that the request
    says it comes from. `body` is what was posted, of any type.
    """

    method: str
    host: str
    path: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"
    referrer: str = ""
    body: bytes = b""

    def number(self, name: str, default: int) -> int:
        """A parameter as a whole number; `default` where it is missing or no number."""
        return whole_number(self.parameters.get(name, ""), default)


@dataclass(frozen=True)
class ReplicaResponse:
    """A response before transport.

    `changed_on` (`YYYY-MM-DD`) becomes Last-Modified. `delivery` is a name of `faults/wire.py`. A body whose headers
    name a Content-Encoding is sent as it is. `validators` are the header fields by which a client may ask later whether
    the page is unchanged.
    """

    body: bytes
    status: int = 200
    media_type: str = "text/html;charset=UTF-8"
    changed_on: str | None = None
    headers: Headers = ()
    delivery: str = WHOLE_DELIVERY
    validators: tuple[str, ...] = DEFAULT_VALIDATORS

    @cached_property
    def etag(self) -> str:
        """An entity tag over the body."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'

    @cached_property
    def validation(self) -> Headers:
        """The validators of this response, with their values."""
        changed = format_datetime(self.changed_at, usegmt=True) if self.changed_at else ""
        values = {"ETag": self.etag, "Last-Modified": changed}
        return tuple((name, values[name]) for name in self.validators if values[name])

    @property
    def is_encoded(self) -> bool:
        """Whether the headers say that the body is encoded already."""
        return any(name == "Content-Encoding" for name, _ in self.headers)

    @cached_property
    def changed_at(self) -> dt.datetime | None:
        """`changed_on` as a moment in UTC."""
        if self.changed_on is None:
            return None
        return dt.datetime.fromisoformat(self.changed_on).replace(hour=1, tzinfo=dt.UTC)


ReplicaRoute = Callable[[ReplicaRequest], ReplicaResponse]


def cached_route(make: Callable[[], ReplicaResponse]) -> ReplicaRoute:
    """A route that makes its response on the first request and gives the same one to all others."""
    kept = cache(make)
    return lambda _: kept()
