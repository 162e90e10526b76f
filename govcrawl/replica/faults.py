"""What goes wrong on portals, as answers: challenges, errors, empty and broken replies, each by its name.

`FAULTS` are whole answers that replace a page; `SPOILED` change the page that would have been given. Scenarios and
walled portals name them; nothing else decides when they strike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from govcrawl.replica.answers import Answer, fill
from govcrawl.vocabulary import Outcome

RETRY = (("Retry-After", "1"),)


def _challenge_412() -> Answer:
    return Answer(
        fill("challenge_412.html").encode(), status=412, headers=(("Set-Cookie", "FSSBBIl1UgzbN7N80S=replica; Path=/"),)
    )


def _challenge_202() -> Answer:
    return Answer(
        fill("challenge_412.html").encode(), status=202, headers=(("Set-Cookie", "FSSBBIl1UgzbN7N80T=replica; Path=/"),)
    )


def _challenge_521() -> Answer:
    return Answer(
        fill("challenge_521.html").encode(), status=521, headers=(("Set-Cookie", "__jsluid_h=replica; Path=/"),)
    )


def _challenge_shell() -> Answer:
    return Answer(fill("challenge_shell.html").encode())


def _status(status: int) -> Callable[[], Answer]:
    text = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
    return lambda: Answer(text.encode(), status=status, headers=RETRY if status in (429, 503) else ())


def _error_page() -> Answer:
    return Answer(fill("error_page.html").encode())


FAULTS: Mapping[str, Callable[[], Answer]] = {
    "challenge-412": _challenge_412,
    "challenge-202": _challenge_202,
    "challenge-521": _challenge_521,
    "challenge-shell": _challenge_shell,
    "error-page": _error_page,
    **{f"status-{status}": _status(status) for status in (403, 404, 429, 500, 502, 503)},
    "empty": lambda: Answer(b""),
}

SPOILED: Mapping[str, Callable[[Answer], Answer]] = {
    "cut": lambda answer: replace(answer, cut=True),
    "mislabelled": lambda answer: replace(answer, body=answer.body.decode("utf-8", "replace").encode("gb18030")),
}

OUTCOMES: Mapping[str, Outcome] = {
    **dict.fromkeys(("challenge-412", "challenge-202", "challenge-521", "challenge-shell", "empty"), Outcome.BLOCKED),
    **dict.fromkeys(("status-403", "status-429"), Outcome.BLOCKED),
    **dict.fromkeys(("status-404", "status-500", "status-502", "status-503"), Outcome.HTTP_ERROR),
    "error-page": Outcome.SOFT_404,
    "cut": Outcome.TRUNCATED,
}
"""How a right crawl files a document that always answers with a fault; what is not named here does no harm."""
