"""Behind a proxy: every link of every page, of every kind of answer, stays below the prefix."""

import re
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from govcrawl.browse.request_guard import with_prefix
from govcrawl.browse.routes import FIRST_PARTS
from govcrawl.browse.serving import usual_prefix
from govcrawl.errors import UsageError

from .proxies import Proxy, proxy

PREFIXES = ("/open/data/", "/govcrawl/")
"""The second is also what a path without the prefix begins with: the name of the database."""

MOST = 70
KINDS = ("strips, own host", "passes on")
LINK = re.compile(r"""(?:href|src|action|srcset|data-url)\s*=\s*["']([^"']*)["']""")
IDS = re.compile(r"[0-9a-f]{8,}|\d{4,}|~[0-9A-F]{2}|%[0-9A-F]{2}")
MORE_STARTS = (
    *("govcrawl/reports?_size=2&_facet=year&_where=year+%3E+1", "govcrawl/reports.json?_size=1&_facet=year"),
    *("govcrawl/facts?_size=2", "govcrawl?sql=select+1+as+a,+x%2700%27+as+b", "govcrawl/open_issues", "-/nowhere"),
    *("-/login", "-/issues.json", "-/search?q=%E6%94%BF", "index.json", "-/issues/", "-/config", "-/settings.json"),
)


@pytest.fixture(scope="module", params=PREFIXES)
def below(request: pytest.FixtureRequest, crawled: Path, serve: Callable[..., Any]) -> Iterator[Any]:
    with serve(crawled, "--base-url", request.param) as served:
        yield request.param, served


@pytest.fixture
def shown(below: Any, kind: str) -> Iterator[tuple[str, Proxy]]:
    prefix, served = below
    with ExitStack() as stack:
        yield prefix, stack.enter_context(proxy(served.address.removesuffix(prefix.rstrip("/")), prefix, kind))


def shape(address: str) -> str:
    """What tells a kind of page from another one: the path without ids, and the names of its parameters."""
    parts = urllib.parse.urlsplit(address)
    return f"{IDS.sub('*', parts.path)[:60]}?{sorted({name for name, _ in urllib.parse.parse_qsl(parts.query)})}"


def links_of(answer: httpx.Response) -> set[str]:
    """All addresses that an answer names: in its headers, its attributes, the texts of its JSON."""
    found = {value for name, value in answer.headers.items() if name == "location"}
    found |= {part.strip("<> ") for part in re.findall(r"[^,;]+(?=; rel=)", answer.headers.get("link", ""))}
    kind = answer.headers.get("content-type", "")
    if kind.startswith("application/json"):
        found |= {text for text in texts_of(answer.json()) if re.match(r"/[^/ ]|https?://(127|localhost)", text)}
    if kind.startswith("text/html"):
        found |= {text.replace("&amp;", "&").replace("&#39;", "'") for text in LINK.findall(answer.text)}
    return found


def texts_of(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        value = [each for name, each in value.items() if name.endswith(("url", "path", "href"))] + [
            each for each in value.values() if isinstance(each, dict | list)
        ]
    if isinstance(value, list):
        for each in value:
            yield from texts_of(each)
    if isinstance(value, str):
        yield value


@pytest.mark.parametrize("kind", KINDS)
def test_no_link_of_any_page_leaves_the_prefix(shown: tuple[str, Proxy], kind: str):
    prefix, proxied = shown
    waiting, seen, asked = [prefix, *(f"{prefix}{more}" for more in MORE_STARTS)], set(), 0
    with httpx.Client(base_url=proxied.address, timeout=120) as client:
        while waiting and asked < MOST:
            address = waiting.pop(0)
            if shape(address) in seen:
                continue
            seen.add(shape(address))
            asked += 1
            answer = client.get(address)
            assert answer.status_code < 400 or address.endswith("-/nowhere"), (address, answer.text[:300])
            for link in links_of(answer):
                target = urllib.parse.urljoin(address, link).partition("#")[0]
                assert not re.match(r"(https?:)?//(127\.0\.0\.1|localhost)", target), (address, link)
                if not re.match(r"[a-z]+:|//", target):
                    assert f"{target}/".startswith(prefix), (address, link)
                    waiting.append(target)

    assert proxied.strayed == []
    assert {f"{prefix}-/issues?[]", f"{prefix}govcrawl/reports?[]"} <= seen
    assert asked > 50


@pytest.mark.parametrize("kind", KINDS)
def test_an_editor_logs_in_gives_a_verdict_and_logs_out(below: Any, shown: tuple[str, Proxy], kind: str):
    prefix, proxied = shown
    with httpx.Client(base_url=proxied.address, timeout=120) as client:
        logged_in = client.post(f"{prefix}-/login", data={"token": below[1].token})
        cookies = logged_in.headers.get_list("set-cookie")
        page = client.get(logged_in.headers["location"]).text
        out = client.get(f"{prefix}-/logout")
        token = re.search(r'name="csrftoken" value="([^"]+)"', out.text)
        assert token is not None
        gone = client.post(f"{prefix}-/logout", data={"csrftoken": token[1]})

        assert logged_in.status_code == 303
        assert logged_in.headers["location"] == f"{prefix}-/issues"
        assert all(f"path={prefix};" in f"{cookie};".lower() for cookie in cookies)
        assert 'method="post"' in page
        assert gone.headers["location"] == prefix
        assert 'method="post"' not in client.get(f"{prefix}-/issues").text


def test_a_page_says_the_same_below_every_prefix_and_behind_every_proxy(below: Any):
    prefix, served = below
    server = served.address.removesuffix(prefix.rstrip("/"))
    pages = ("-/issues?lang=en", "-/compare?year=2023", "govcrawl/reports.json?_size=2&_next=1", "-/about")
    for page in pages:
        assert httpx.get(f"{server}/{page}").json if page.endswith("json") else True
        stripped, passed = (httpx.get(f"{server}{path}{page}", timeout=60).text for path in ("/", prefix))
        without_times = [
            re.sub(r'query_ms": [\d.]+|[\d.]+ ms|csrftoken" value="[^"]+', "", text) for text in (stripped, passed)
        ]
        assert without_times[0] == without_times[1], page


PATHS = {
    ("/oia/", "/-/issues"): "/oia/-/issues",
    ("/oia/", "/oia/-/issues"): "/oia/-/issues",
    ("/oia/", "/oia"): "/oia/",
    ("/oia/", "/oiax"): "/oia/oiax",
    ("/oia/", "/"): "/oia/",
    ("/oia/", "/-/report/%2F%E7%94%B2"): "/oia/-/report/%2F%E7%94%B2",
    ("/govcrawl/", "/govcrawl"): "/govcrawl/govcrawl",
    ("/govcrawl/", "/govcrawl.json"): "/govcrawl/govcrawl.json",
    ("/govcrawl/", "/govcrawl/reports"): "/govcrawl/govcrawl/reports",
    ("/govcrawl/", "/govcrawl/reports.csv"): "/govcrawl/govcrawl/reports.csv",
    ("/govcrawl/", "/govcrawl/govcrawl/reports"): "/govcrawl/govcrawl/reports",
    ("/govcrawl/", "/govcrawl/govcrawl"): "/govcrawl/govcrawl",
    ("/govcrawl/", "/govcrawl/govcrawl.csv"): "/govcrawl/govcrawl.csv",
    ("/govcrawl/", "/govcrawl/-/issues.json"): "/govcrawl/-/issues.json",
    ("/govcrawl/", "/govcrawl/index.json"): "/govcrawl/index.json",
    ("/govcrawl/", "/govcrawl/"): "/govcrawl/",
    ("/", "/govcrawl/reports"): "/govcrawl/reports",
}


@pytest.mark.parametrize(("prefix", "path"), PATHS)
def test_the_prefix_is_put_where_it_is_missing(prefix: str, path: str):
    scope = {"path": urllib.parse.unquote(path), "raw_path": path.encode()}

    found = with_prefix(scope, prefix, FIRST_PARTS)

    assert found["raw_path"] == PATHS[prefix, path].encode()
    assert found["path"] == urllib.parse.unquote(PATHS[prefix, path])


@pytest.mark.parametrize(
    ("given", "usual"), [("/", "/"), ("", "/"), ("a", "/a/"), ("/a", "/a/"), ("a/b/", "/a/b/"), ("//a//", "/a/")]
)
def test_a_prefix_has_a_slash_at_both_ends(given: str, usual: str):
    assert usual_prefix(given) == usual


@pytest.mark.parametrize(
    "given", ["/-/", "a//b", "/a b/", "/年报/", "/a?b/", "/%41/", "../a", "a/./b", "/-/x", "http://a/"]
)
def test_what_is_no_prefix_is_refused(given: str):
    with pytest.raises(UsageError, match="no prefix of addresses"):
        usual_prefix(given)
