"""Scripts planted wherever a portal can write: none runs on any page, seen by a listener and a real browser."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.routes import BROWSE_PAGES
from govcrawl.browse.search_index import make_index
from govcrawl.replica import Replica, running

FIXTURES = Path(__file__).parents[1] / "fixtures" / "browse" / "hostile"
PORTAL = "330604"
TITLE = "绍兴市上虞区档案局2023年政府信息公开工作年度报告"


@dataclass
class Listener:
    """A server on loopback that nothing should ever ask."""

    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.asked.append(self.path)
            self.send_response(204)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        heard = Listener(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield heard
        server.shutdown()


def payload(listener: Listener, place: str) -> str:
    """What is planted; it tells the listener where it ran."""
    text = (FIXTURES / "planted.html").read_text(encoding="utf-8").strip()
    return text.replace("LISTENER", listener.address).replace("PLACE", place)


def hostile_page(listener: Listener) -> str:
    """A report whose page holds scripts in its title, its cells, its attributes, its file names and its addresses."""
    text = (FIXTURES / "page.html").read_text(encoding="utf-8").replace("PLANTED", payload(listener, "page"))
    return text.replace("TITLE", TITLE).replace("LISTENER", listener.address)


@pytest.fixture(scope="module")
def hostile(listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with that page in it, and with scripts in every text of the database that a portal can write."""
    folder = tmp_path_factory.mktemp("hostile")
    extra = folder / "extra"
    extra.mkdir()
    (extra / "a.html").write_text(hostile_page(listener), encoding="utf-8")
    row = {"file": "a.html", "title": TITLE, "published_on": "2024-01-20"}
    (extra / "portal.json").write_text(json.dumps({"portal": PORTAL, "reports": [row]}), encoding="utf-8")
    (folder / "archive").mkdir()
    with running(Replica(extra=extra)) as base:
        settings = {"SCRAPY_SETTINGS_MODULE": "govcrawl.settings", "GOVCRAWL_REPLICA": base}
        command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", "-a", f"portal={PORTAL}", "-a", "year=2023")
        subprocess.run(
            command, cwd=folder, check=True, capture_output=True, timeout=600, env={**os.environ, **settings}
        )
    _plant(database_of(folder / "archive"), listener)
    make_index(folder / "archive")
    return folder / "archive"


def _plant(path: Path, listener: Listener) -> None:
    address = f"javascript:fetch('{listener.address}/address')"
    texts = {
        "documents": ("publisher", "theme", "disclosure_mode", "document_number"),
        "agencies": ("name",),
        "portals": ("name", "note"),
        "listings": ("title", "publisher"),
        "sections": ("heading",),
        "claims": ("text", "kind"),
        "findings": ("detail",),
        "findings_across": ("detail",),
        "coverage": ("reason",),
        "attempts": ("detail",),
    }
    with closing(sqlite3.connect(path)) as database, database:
        for table, columns in texts.items():
            for column in columns:
                database.execute(f"UPDATE {table} SET {column} = ?", (payload(listener, f"{table}.{column}"),))
        database.execute("UPDATE sections SET text = text || ?", (payload(listener, "sections.text"),))
        database.execute("UPDATE claims SET outcome = 'contradicts'")
        database.execute("UPDATE cells SET raw = ?, status = 3 WHERE item % 3 = 0", (payload(listener, "cells.raw"),))
        attachments = json.dumps([[address, payload(listener, "attachments")], [payload(listener, "file"), "x"]])
        database.execute("UPDATE documents SET attachments = ?", (attachments,))
        for table in ("documents", "captures", "reports", "attempts"):
            database.execute(f"UPDATE {table} SET url = ?", (address,))


def pages_of(archive: Path) -> Iterator[str]:
    """Addresses of every page of ours, and of Datasette's pages of what was planted."""
    with closing(sqlite3.connect(f"file:{database_of(archive)}?mode=ro", uri=True)) as database:
        query = (
            "SELECT v.report_id, v.id, v.capture_id FROM report_versions AS v"
            " JOIN documents AS d ON d.id = v.document_id"
        )
        (planted,) = database.execute(f"{query} WHERE d.title LIKE '%档案局%'").fetchall()
        other, *_ = database.execute(f"{query} WHERE d.title NOT LIKE '%档案局%' ORDER BY v.id").fetchall()
        report, version, capture = planted
        query = "SELECT id, locator FROM facts WHERE report_version_id = ? AND value = 1 ORDER BY id"
        cell, locator = database.execute(query, (version,)).fetchone()
    place = json.loads(locator)
    yield f"/-/report/{report}"
    yield f"/-/cell/{cell}"
    yield f"/-/capture/{capture}"
    yield f"/-/replay/{capture}"
    yield f"/-/replay/{capture}?start={place['start']}&end={place['end']}&cell=1#govcrawl-cell"
    yield f"/-/diff/{version}/{other[1]}"
    yield f"/-/report/{other[0]}"
    yield f"/-/agency/{report.rsplit('/', 2)[0]}"
    yield "/-/search?q=监督"
    yield "/-/search?q=<script>alert(1)</script>"
    yield "/-/report/<script>alert(1)</script>"
    yield "/-/issues?kind=<script>alert(1)</script>"
    yield '/-/issues?state=all&portal="><script>alert(1)</script>'
    yield "/-/login?lang=<script>alert(1)</script>"
    yield from (page.route for page in BROWSE_PAGES if page.in_menu)
    yield from (f"/govcrawl/{table}" for table in ("documents", "sections", "agencies", "claims", "issues", "listings"))


def test_no_planted_script_runs_anywhere(hostile: Path, listener: Listener, serve, tab):
    outside: list[str] = []
    with serve(hostile) as served:
        tab.on("request", lambda request: request.url.startswith(served.address) or outside.append(request.url))
        for path in pages_of(hostile):
            answer = tab.goto(served.address + path.replace("<", "%3C").replace(">", "%3E").replace('"', "%22"))
            assert answer is not None
            assert answer.status in {200, 400, 404}, path
            tab.wait_for_timeout(100)
            assert tab.locator('a[href^="javascript:" i]').count() == 0, path
            assert tab.url.startswith(served.address)
            tab.mouse.move(300, 300)

    assert [url for url in outside if not url.startswith("data:")] == []
    assert listener.asked == []


def test_the_listener_hears_a_page_that_is_not_sanitized(listener: Listener, chromium, tmp_path: Path):
    (tmp_path / "a.html").write_text(hostile_page(listener), encoding="utf-8")
    page = chromium.new_page()
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.goto((tmp_path / "a.html").as_uri(), wait_until="commit")
    page.wait_for_timeout(1000)
    page.close()

    assert listener.asked
    listener.asked.clear()


def test_the_planted_page_is_shown_with_its_figures(hostile: Path, serve, tab):
    with serve(hostile) as served:
        cell = next(path for path in pages_of(hostile) if path.startswith("/-/cell/"))
        tab.goto(served.address + cell)
        marked = tab.frame_locator("iframe.archived-page").locator("#govcrawl-cell")
        marked.wait_for()

        assert marked.inner_text().strip() == "1"
        assert tab.locator("iframe.archived-page").get_attribute("sandbox") == ""
