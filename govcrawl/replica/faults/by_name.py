"""Every fault by its name: challenges, error pages, faulty bodies, crawler traps, and faults on the wire.

A fault makes a response of a request and the response that it would have got. Scenarios and walled portals name faults;
nothing else decides when they strike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from govcrawl.replica.faults import bodies, crawler_traps
from govcrawl.replica.faults.spam_mirrors import spam_mirror_page
from govcrawl.replica.faults.wire import DELIVERIES
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.page_templates import fill_template
from govcrawl.replica.request_response import WHOLE_DELIVERY, ReplicaRequest, ReplicaResponse

Fault = Callable[[ReplicaRequest, ReplicaResponse], ReplicaResponse]

_RETRY_AFTER = (("Retry-After", "1"),)
_BIG_ROBOTS = 2 * 1024 * 1024


def _instead(response: ReplicaResponse) -> Fault:
    """A fault that gives this response in place of any other."""
    return lambda _request, _response: response


def _template(name: str, status: int = 200, cookie: str = "") -> Fault:
    headers = (("Set-Cookie", f"{cookie}=replica; Path=/"),) if cookie else ()
    return lambda _request, _response: ReplicaResponse(fill_template(name).encode(), status=status, headers=headers)


def _status(status: int) -> Fault:
    text = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
    return _instead(ReplicaResponse(text.encode(), status=status, headers=_RETRY_AFTER if status in (429, 503) else ()))


def _changed(change: Callable[[ReplicaResponse], ReplicaResponse]) -> Fault:
    """A fault that changes the right response."""
    return lambda _request, response: change(response)


def _delivered(name: str) -> Fault:
    return _changed(partial(replace, delivery=name))


def _robots(text: str) -> Fault:
    return _instead(ReplicaResponse(f"User-agent: *\n{text}".encode(), media_type="text/plain"))


_CHALLENGES: Mapping[str, Fault] = {
    "challenge-412": _template("challenge_412.html", 412, "FSSBBIl1UgzbN7N80S"),
    "challenge-202": _template("challenge_412.html", 202, "FSSBBIl1UgzbN7N80T"),
    "challenge-521": _template("challenge_521.html", 521, "__jsluid_h"),
    "challenge-shell": _template("challenge_shell.html"),
    "captcha": _template("captcha.html"),
    "empty": _instead(ReplicaResponse(b"")),
    **{f"status-{status}": _status(status) for status in (403, 429)},
}

_SOFT_404_PAGES: Mapping[str, Fault] = {
    "error-page": _template("error_page.html"),
    "missing-page": _template("missing_page.html"),
    "login": _template("login.html"),
    "maintenance": _template("maintenance.html"),
    "home-page": _template("home_page.html"),
}

_ERROR_STATUSES: Mapping[str, Fault] = {f"status-{status}": _status(status) for status in (404, 410, 500, 502, 503)}

_BODY_FAULTS: Mapping[str, Fault] = {
    name: _changed(change)
    for changes in (bodies.CHARSET_FAULTS, bodies.COMPRESSION_FAULTS, bodies.OVERSIZED_BODIES, bodies.TABLE_FAULTS)
    for name, change in changes.items()
}

_TRAPS: Mapping[str, Fault] = {
    **crawler_traps.CRAWLER_TRAPS,
    "robots-closed": _robots("Disallow: /\n"),
    "robots-slow": _robots("Crawl-delay: 0.3\n"),
    "robots-big": _robots("Disallow: /art/2020/\n" + "# filled up\n" * (_BIG_ROBOTS // 12)),
    "robots-sitemap": _robots("".join(f"Sitemap: {address}\n" for address in crawler_traps.PRIVATE_ADDRESSES)),
    "mirrored": _changed(partial(spam_mirror_page, name="")),
}

FAULT_BY_NAME: Mapping[str, Fault] = {
    **_CHALLENGES,
    **_SOFT_404_PAGES,
    **_ERROR_STATUSES,
    **_BODY_FAULTS,
    **_TRAPS,
    "hollow": _changed(bodies.hollow_page),
    **{name: _delivered(name) for name in DELIVERIES if name != WHOLE_DELIVERY},
}

OUTCOME_BY_FAULT: Mapping[str, ExpectedOutcome] = {
    **dict.fromkeys(_CHALLENGES, ExpectedOutcome.BLOCKED),
    **dict.fromkeys(_SOFT_404_PAGES, ExpectedOutcome.SOFT_404),
    **dict.fromkeys(_ERROR_STATUSES, ExpectedOutcome.HTTP_ERROR),
    **dict.fromkeys(bodies.COMPRESSION_FAULTS, ExpectedOutcome.TRUNCATED),
    **dict.fromkeys(bodies.COMPRESSION_BOMBS, ExpectedOutcome.TOO_LARGE),
    **dict.fromkeys(crawler_traps.REDIRECT_TRAPS, ExpectedOutcome.HTTP_ERROR),
    **dict.fromkeys(("redirect-private", "refresh-private"), ExpectedOutcome.OUT_OF_REGISTRY),
    **dict.fromkeys(
        ("cut", "length-too-big", "length-too-small", "chunks-broken", "chunks-cut"), ExpectedOutcome.TRUNCATED
    ),
    **dict.fromkeys(("reset-after-head", "reset-mid-body"), ExpectedOutcome.TRUNCATED),
    **dict.fromkeys(("silent", "drip-head", "drip-body"), ExpectedOutcome.TIMEOUT),
    "reset-before": ExpectedOutcome.REFUSED,
    "flood": ExpectedOutcome.TOO_LARGE,
    "mirrored": ExpectedOutcome.QUARANTINED,
    "pictured-tables": ExpectedOutcome.IMAGE_ONLY,
    "attached-tables": ExpectedOutcome.ATTACHMENT_ONLY,
    "no-tables": ExpectedOutcome.UNREADABLE,
    "hollow": ExpectedOutcome.NOT_A_REPORT,
}
"""What a right crawl makes of a document that always has the fault; a fault that is not named here does no harm."""
