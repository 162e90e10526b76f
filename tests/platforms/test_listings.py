"""Stored answers of every interface → rows, further requests, or a clear error: a folder a case."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from govcrawl import platforms
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, ListPage, Request, Response
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Role

CASES = sorted(path.parent for path in (Path(__file__).parents[1] / "fixtures" / "listings").glob("*/*/exchange.json"))


def exchange_of(case: Path) -> Exchange:
    stored = json.loads((case / "exchange.json").read_text(encoding="utf-8"))
    asked, answered = stored["request"], stored["response"]
    context = tuple(sorted(asked.pop("context").items()))
    sent = tuple(asked.pop("headers", {}).items())
    asked |= {"role": Role(asked["role"]), "body": asked.get("body", "").encode()}
    request = Request(**asked, headers=sent, context=context)
    headers = (("Content-Type", answered["content_type"]),)
    return Exchange(request, Response(request.url, answered["status"], headers, (case / answered["body"]).read_bytes()))


def told(page: ListPage) -> dict[str, Any]:
    """A page as it stands in `expected.json`: rows and requests without what is the same everywhere."""
    rows = [
        {name: getattr(row, name) for name in row.__slots__ if name != "portal" and getattr(row, name)}
        for row in page.rows
    ]
    requests = [
        {
            "ask": f"{one.method} {one.role} {one.platform}",
            "url": one.url,
            "key": one.key,
            **({"body": one.body.decode()} if one.body else {}),
            "context": {name: value for name, value in one.context if name != "years"},
        }
        for one in page.requests
    ]
    rare = {"open_ended": page.open_ended, "elsewhere": [[one.name, one.request.url] for one in page.elsewhere]}
    return {
        "rows": rows,
        "requests": requests,
        "total": page.total,
        "debris": list(page.debris),
        **{name: value for name, value in rare.items() if value},
    }


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_a_case_names_the_evidence_it_stands_on(case):
    evidence = json.loads((case / "exchange.json").read_text(encoding="utf-8"))["evidence"]

    assert re.match(r"(?:seen|inferred): \S", evidence)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_an_answer_is_read_as_expected(case):
    exchange = exchange_of(case)
    portal = load_registry()[exchange.request.portal]
    expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))

    if "error" in expected:
        with pytest.raises(PlatformError, match=expected["error"]):
            platforms.read(exchange, portal)
    else:
        assert told(platforms.read(exchange, portal)) == expected


def test_there_are_cases_of_every_family_and_each_has_one_that_errs():
    families = {case.parent.name for case in CASES}
    erring = {case.parent.name for case in CASES if case.name.startswith("broken_")}

    assert families == {*platforms.PLATFORMS, "discovery", "printed"}
    assert erring == set(platforms.PLATFORMS)


@pytest.mark.parametrize("family", platforms.PLATFORMS)
def test_a_family_is_shown_on_three_portals_at_least(family):
    whole = [case for case in CASES if case.parent.name == family and not case.name.startswith("broken_")]

    assert len({exchange_of(case).request.portal for case in whole}) >= 3


@pytest.mark.parametrize("family", platforms.PLATFORMS)
def test_the_stored_pages_of_a_family_lead_on_end_and_give_documents(family):
    stored = [(case, exchange_of(case)) for case in CASES if case.parent.name == family]
    pages = {
        case.name: (exchange, platforms.read(exchange, load_registry()[exchange.request.portal]))
        for case, exchange in stored
        if not case.name.startswith("broken_")
    }

    assert any(page.rows and page.requests for _, page in pages.values()) or any(
        one.role is Role.LIST for _, page in pages.values() for one in page.requests
    )
    last = [page for name, (_, page) in pages.items() if "last" in name]
    assert last
    assert all(not any(one.role is Role.LIST for one in page.requests) for page in last)
    for exchange, page in pages.values():
        for row in page.rows:
            document = platforms.locate(row, load_registry()[exchange.request.portal])
            assert (document.role, document.url) == (Role.DOCUMENT, row.url)
