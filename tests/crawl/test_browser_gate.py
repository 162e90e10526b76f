"""A page in a real browser gets what its gate gives it and reaches nothing else, gate or no gate."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.async_api import Error as BrowserError
from playwright.async_api import async_playwright

from govcrawl.crawl.browser import CONTEXT, FLAGS, NOWHERE, Browser, RenderedPage
from govcrawl.crawl.browser_gate import MAX_ASKED, PageGate, seal
from govcrawl.crawl.rendering import NAMES, find_chromium
from govcrawl.models import Capture, Exchange, Request, Response
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange

HOST = "http://www.example.gov.cn"
PAGE = Request("330100", "generic", Role.COLUMN, f"{HOST}/list.html", "nb")
HTML, SCRIPT = "text/html; charset=utf-8", "application/javascript"

WANDERING = """<html><head><link rel="prefetch" href="{there}/prefetch"><link rel="stylesheet" href="{there}/style.css">
</head><body><img src="{there}/image.gif"><iframe src="{there}/frame"></iframe>
<form id="form" action="{there}/form" method="post" target="_blank"></form>
<script>
  const there = "{there}";
  fetch(there + "/fetch", {{mode: "no-cors"}}).catch(() => 0);
  navigator.sendBeacon(there + "/beacon", "x");
  try {{ new WebSocket(there.replace("http", "ws") + "/socket"); }} catch (error) {{}}
  try {{ new EventSource(there + "/events"); }} catch (error) {{}}
  try {{ new Worker(URL.createObjectURL(new Blob(["fetch('" + there + "/worker')"]))); }} catch (error) {{}}
  try {{ navigator.serviceWorker.register("/worker.js").catch(() => 0); }} catch (error) {{}}
  try {{
    const peer = new RTCPeerConnection({{iceServers: [{{urls: "turn:" + there.slice(7) + "?transport=tcp",
      username: "a", credential: "b"}}]}});
    peer.createDataChannel("x"); peer.createOffer().then(offer => peer.setLocalDescription(offer));
  }} catch (error) {{}}
  window.open(there + "/popup");
  document.getElementById("form").submit();
  setTimeout(() => {{ location.href = there + "/moved"; }}, 300);
</script></body></html>"""


@contextmanager
def listener() -> Iterator[tuple[str, list]]:
    """A port on loopback that notes every connection, however it is spelt, over TCP and UDP."""
    met: list = []
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        port = server.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))
        datagrams.settimeout(0.1)
        server.settimeout(0.1)
        done = threading.Event()

        def watch() -> None:
            while not done.is_set():
                for take in (server.accept, lambda: datagrams.recvfrom(100)):
                    try:
                        met.append(take()[1])
                    except TimeoutError:
                        continue

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}", met
        finally:
            done.set()
            thread.join()


def answered(asked: Request, body: str, media_type: str = HTML, status: int = 200, **more: str) -> StoredExchange:
    headers = (("Content-Type", media_type), *more.items())
    capture = Capture(asked, asked.url, "2026-01-31T08:00:00Z", status, "0" * 64, media_type, "330100/a", 0, 1)
    outcome = Outcome.OK if status < 400 else Outcome.HTTP_ERROR
    return StoredExchange(capture, Exchange(asked, Response(asked.url, status, headers, body.encode())), outcome, "", 1)


def refused(asked: Request, outcome: Outcome = Outcome.OUT_OF_REGISTRY) -> StoredAttempt:
    return StoredAttempt(asked, outcome, "2026-01-31T08:00:00Z", "no", None, "330100/a", 1)


class World:
    """What answers a gate: pages by address, a refusal for everything else."""

    def __init__(self, **pages) -> None:
        self.pages = pages
        self.asked: list[Request] = []

    async def __call__(self, asked: Request):
        self.asked.append(asked)
        make = self.pages.get(asked.url.removeprefix(HOST).strip("/").partition("?")[0].replace(".", "_"))
        return make(asked) if make else refused(asked)

    def addresses(self) -> set[str]:
        return {asked.url for asked in self.asked}


def shown(world: World, *, gated: bool = True, scripts: dict | None = None) -> tuple[str, PageGate]:
    """The tree of the page as the browser shows it, empty where it shows none, and its gate."""
    path = find_chromium("")
    if path is None:
        pytest.skip(f"no Chromium here ({', '.join(NAMES)}): `make browser` installs one")
    gate = PageGate(PAGE, world, {} if scripts is None else scripts)

    async def show() -> str:
        async with async_playwright() as driver:
            browser = await driver.chromium.launch(executable_path=path, args=list(FLAGS), proxy=NOWHERE)
            context = await browser.new_context(**CONTEXT)
            page = await context.new_page()
            if gated:
                await seal(context)
                await gate.guard(page)
            try:
                await page.goto(PAGE.url, wait_until="networkidle", timeout=20_000)
            except BrowserError:
                return ""
            await asyncio.sleep(0.6)
            return await page.content()

    return asyncio.run(show()), gate


def test_a_page_gets_its_answers_from_the_gate_and_nothing_from_anywhere_else():
    with listener() as (there, met):
        world = World(list_html=lambda asked: answered(asked, WANDERING.format(there=there)))
        tree, gate = shown(world)

    assert "<script>" in tree
    assert met == []
    assert isinstance(gate.main, StoredExchange)
    asked = {address.removeprefix(there) for address in world.addresses()}
    assert {"/fetch", "/frame", "/worker"} <= asked
    assert asked <= {PAGE.url, "/fetch", "/frame", "/worker", f"{there.replace('http', 'ws')}/socket"}
    assert all((one.role, one.key) == (Role.EMBEDDED, PAGE.url) for one in world.asked)


def test_a_browser_whose_gate_fails_reaches_nothing_either():
    with listener() as (there, met):
        world = World()
        path = find_chromium("")
        if path is None:
            pytest.skip(f"no Chromium here ({', '.join(NAMES)}): `make browser` installs one")

        async def wander() -> None:
            async with async_playwright() as driver:
                browser = await driver.chromium.launch(executable_path=path, args=list(FLAGS), proxy=NOWHERE)
                page = await (await browser.new_context(**CONTEXT)).new_page()
                await page.set_content(WANDERING.format(there=there), wait_until="domcontentloaded")
                await asyncio.sleep(1.5)

        asyncio.run(wander())

    assert met == []
    assert world.asked == []


def test_what_a_script_fetches_is_in_the_tree_with_its_own_header_fields_and_none_of_the_browsers():
    script = "fetch('/rows', {headers: {'X-Token': 'a1'}}).then(a => a.text()).then(t => { document.body.append(t); });"
    world = World(
        list_html=lambda asked: answered(
            asked, "<body><script src='/list.js'></script></body>", **{"Set-Cookie": "a=1"}
        ),
        list_js=lambda asked: answered(asked, script, SCRIPT),
        rows=lambda asked: answered(asked, "十二份年报", "text/plain; charset=utf-8"),
    )
    tree, _ = shown(world)

    assert "十二份年报" in tree
    (fetched,) = [dict(one.headers) for one in world.asked if one.url.endswith("/rows")]
    assert fetched["x-token"] == "a1"
    assert fetched["referer"] == PAGE.url
    assert not [name for name in fetched if name in {"cookie", "user-agent", "host"} or name.startswith("sec-")]


def test_redirects_are_followed_by_the_crawl_and_a_challenge_fails_in_the_page():
    def challenge(asked: Request) -> StoredExchange:
        stored = answered(asked, "<script>$_ts</script>", status=200)
        return StoredExchange(stored.capture, stored.exchange, Outcome.BLOCKED, "", 1)

    script = "for (const name of ['old', 'round', 'wall']) fetch('/' + name).then(a => a.text())"
    script += ".then(t => document.body.append(name + ':' + t), () => document.body.append(name + ':failed'));"
    world = World(
        list_html=lambda asked: answered(asked, f"<body><script>{script}</script></body>"),
        old=lambda asked: answered(asked, "", status=302, Location="/new"),
        new=lambda asked: answered(asked, "rows", "text/plain"),
        round=lambda asked: answered(asked, "", status=302, Location="/round"),
        wall=challenge,
    )
    tree, _ = shown(world)

    assert "old:rows" in tree
    assert "round:failed" in tree
    assert "wall:failed" in tree
    assert sum(one.url.endswith("/round") for one in world.asked) == 6


def test_a_page_that_does_not_come_says_why_and_one_that_polls_is_not_served_for_ever():
    tree, gate = shown(World(list_html=lambda asked: refused(asked, Outcome.TIMEOUT)))
    assert (tree, gate.main.outcome) == ("", Outcome.TIMEOUT)

    script = f"let left = {MAX_ASKED * 2}; const ask = () => left-- > 0 && fetch('/rows').then(ask, ask); ask();"
    world = World(
        list_html=lambda asked: answered(asked, f"<body><script>{script}</script></body>"),
        rows=lambda asked: answered(asked, "rows", "text/plain"),
    )
    _, gate = shown(world)
    assert (gate.asked, len(world.asked)) == (MAX_ASKED, MAX_ASKED)


def test_a_script_is_asked_for_once_for_all_pages():
    world = World(
        list_html=lambda asked: answered(asked, "<body><script src='/list.js'></script></body>"),
        list_js=lambda asked: answered(asked, "document.body.append('filled');", SCRIPT),
    )
    scripts: dict = {}
    trees = [shown(world, scripts=scripts)[0] for _ in range(2)]

    assert all("filled" in tree for tree in trees)
    assert sum(one.url.endswith("/list.js") for one in world.asked) == 1


class CountingBrowser(Browser):
    """A browser without a Chromium that notes how many pages are open at once."""

    def __init__(self, pages: int) -> None:
        self._crawler = None
        self._places, self._seconds = asyncio.Semaphore(pages), 5.0
        self._scripts = {}
        self.open, self.most = 0, 0

    async def _shown(self, asked: Request, gate: PageGate) -> RenderedPage:
        self.open += 1
        self.most = max(self.most, self.open)
        await asyncio.sleep(0.01)
        self.open -= 1
        return RenderedPage("", answered(asked, ""))


def test_no_more_pages_are_open_at_once_than_there_are_places():
    browser = CountingBrowser(pages=2)

    async def show_all() -> list[RenderedPage]:
        return await asyncio.gather(*(browser.show(PAGE) for _ in range(7)))

    assert len(asyncio.run(show_all())) == 7
    assert (browser.most, browser.open) == (2, 0)
