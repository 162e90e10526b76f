"""What goes wrong on portals, each by its name: challenges, errors, spoilt bodies, traps, and ways over the wire.

A fault makes an answer of a request and the answer that would have been given. Scenarios and walled portals name
faults; nothing else decides when they strike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from govcrawl.replica import bodies, traps
from govcrawl.replica.answers import Answer, Asked, fill
from govcrawl.replica.entries import Expected
from govcrawl.replica.mirror import mirrored
from govcrawl.replica.wire import DELIVERIES, WHOLE

Fault = Callable[[Asked, Answer], Answer]

RETRY = (("Retry-After", "1"),)
BIG_ROBOTS = 2 * 1024 * 1024


def _instead(answer: Answer) -> Fault:
    """A fault that gives this answer in place of any other."""
    return lambda _asked, _answer: answer


def _template(name: str, status: int = 200, cookie: str = "") -> Fault:
    headers = (("Set-Cookie", f"{cookie}=replica; Path=/"),) if cookie else ()
    return lambda _asked, _answer: Answer(fill(name).encode(), status=status, headers=headers)


def _status(status: int) -> Fault:
    text = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
    return _instead(Answer(text.encode(), status=status, headers=RETRY if status in (429, 503) else ()))


def _spoilt(change: Callable[[Answer], Answer]) -> Fault:
    """A fault that changes what would have been given."""
    return lambda _asked, answer: change(answer)


def _delivered(name: str) -> Fault:
    return _spoilt(partial(replace, delivery=name))


def _robots(text: str) -> Fault:
    return _instead(Answer(f"User-agent: *\n{text}".encode(), media_type="text/plain"))


CHALLENGES: Mapping[str, Fault] = {
    "challenge-412": _template("challenge_412.html", 412, "FSSBBIl1UgzbN7N80S"),
    "challenge-202": _template("challenge_412.html", 202, "FSSBBIl1UgzbN7N80T"),
    "challenge-521": _template("challenge_521.html", 521, "__jsluid_h"),
    "challenge-shell": _template("challenge_shell.html"),
    "captcha": _template("captcha.html"),
    "empty": _instead(Answer(b"")),
    **{f"status-{status}": _status(status) for status in (403, 429)},
}

MISSING: Mapping[str, Fault] = {
    "error-page": _template("error_page.html"),
    "missing-page": _template("missing_page.html"),
    "login": _template("login.html"),
    "maintenance": _template("maintenance.html"),
    "home-page": _template("home_page.html"),
}

ERRORS: Mapping[str, Fault] = {f"status-{status}": _status(status) for status in (404, 410, 500, 502, 503)}

CHARSETS: Mapping[str, Fault] = {name: _spoilt(change) for name, change in bodies.CHARSETS.items()}

TRAPS: Mapping[str, Fault] = {
    **traps.TRAPS,
    "robots-closed": _robots("Disallow: /\n"),
    "robots-slow": _robots("Crawl-delay: 0.3\n"),
    "robots-big": _robots("Disallow: /art/2020/\n" + "# filled up\n" * (BIG_ROBOTS // 12)),
    "robots-sitemap": _robots("".join(f"Sitemap: {address}\n" for address in traps.PRIVATE)),
    "mirrored": _spoilt(partial(mirrored, name="")),
}

FAULTS: Mapping[str, Fault] = {
    **CHALLENGES,
    **MISSING,
    **ERRORS,
    **CHARSETS,
    **{name: _spoilt(change) for name, change in {**bodies.DAMAGED, **bodies.HUGE, **bodies.TABLELESS}.items()},
    **TRAPS,
    "hollow": _spoilt(bodies.hollow),
    **{name: _delivered(name) for name in DELIVERIES if name != WHOLE},
}

EXPECTED: Mapping[str, Expected] = {
    **dict.fromkeys(CHALLENGES, Expected.BLOCKED),
    **dict.fromkeys(MISSING, Expected.SOFT_404),
    **dict.fromkeys(ERRORS, Expected.HTTP_ERROR),
    **dict.fromkeys(bodies.DAMAGED, Expected.TRUNCATED),
    **dict.fromkeys(bodies.BOMBS, Expected.TOO_LARGE),
    **dict.fromkeys(traps.CIRCLES, Expected.HTTP_ERROR),
    **dict.fromkeys(("redirect-private", "refresh-private"), Expected.OUT_OF_REGISTRY),
    **dict.fromkeys(("cut", "length-too-big", "length-too-small", "chunks-broken", "chunks-cut"), Expected.TRUNCATED),
    **dict.fromkeys(("reset-after-head", "reset-mid-body"), Expected.TRUNCATED),
    **dict.fromkeys(("silent", "drip-head", "drip-body"), Expected.TIMEOUT),
    "reset-before": Expected.REFUSED,
    "flood": Expected.TOO_LARGE,
    "mirrored": Expected.QUARANTINED,
    "pictured-tables": Expected.IMAGE_ONLY,
    "attached-tables": Expected.ATTACHMENT_ONLY,
    "no-tables": Expected.UNREADABLE,
    "hollow": Expected.NOT_A_REPORT,
}
"""What a right crawl makes of a document that always answers with a fault; what is not named here does no harm."""
