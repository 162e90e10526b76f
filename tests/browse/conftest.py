"""Pages asked for inside one process, and a real `govcrawl serve` looked at through a real browser."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.db.connection import open_database
from govcrawl.replica import Replica, running

from ..conftest import MadeOnce

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PORTAL, LATER = "330604", 7
PATIENCE_MS = 300_000  # for a machine that does other things as well; what ends earlier is not waited for
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@dataclass(frozen=True)
class Served:
    """An archive that `govcrawl serve` shows."""

    archive: Path
    address: str
    token: str
    pid: int


@contextmanager
def serving(archive: Path, *options: str, **how: Any) -> Iterator[Served]:
    """A `govcrawl serve` of its own process, on a free port of loopback."""
    main = "from govcrawl.cli import main; main()"
    command = (sys.executable, "-c", main, "serve", "--port", "0", "--archive", str(archive), *options)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **how) as process:
        try:
            assert process.stdout is not None
            address, told = process.stdout.readline().strip().rstrip("/"), process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), address
            yield Served(archive, address, told.rpartition(" ")[2], process.pid)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def served(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The crawled archive, served; tests may give verdicts and change nothing else."""
    with serving(Path(shutil.copytree(crawled, tmp_path_factory.mktemp("served") / "archive"))) as running:
        yield running


@pytest.fixture(scope="session")
def edited(crawled: Path, made_once: MadeOnce) -> Path:
    """The crawled archive after a sweep on a later day, on which some of its pages were edited."""

    def sweep(folder: Path) -> None:
        shutil.copytree(crawled, folder / "archive")
        with running(Replica(day=LATER)) as base:
            settings = {"SCRAPY_SETTINGS_MODULE": "govcrawl.settings", "GOVCRAWL_REPLICA": base}
            arguments = ("crawl", "zhejiang", "-a", f"portal={PORTAL}", "-s", "GOVCRAWL_SWEEP=1")
            command, environment = (sys.executable, "-m", "scrapy", *arguments), {**os.environ, **settings}
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=120, env=environment)

    return made_once("edited", sweep) / "archive"


_ACROSS = """
INSERT INTO findings_across (id, stable_key, report_id, report_version_id, kind, severity, "where", detail,
  first_seen_at, closed_at)
SELECT 'across' || rowid, 'key' || rowid, report_id, id, 'unit_jump', 'warning', 'applications.new_received.total',
  'a jump', valid_from, iif(rowid % 2, valid_to, NULL)
FROM report_versions ORDER BY rowid LIMIT 4"""


@pytest.fixture
def edited_copy(edited: Path, tmp_path: Path) -> Path:
    """A copy of the edited archive that a test may change; it has issues of both tables, open and closed."""
    archive = Path(shutil.copytree(edited, tmp_path / "edited"))
    with closing(open_database(database_of(archive))) as connection:
        connection.execute("UPDATE findings SET last_seen_at = '2000-01-01T00:00:00Z' WHERE rowid % 2")
        connection.execute(_ACROSS)
    return archive


@pytest.fixture(scope="session")
def serve() -> Callable[..., Any]:
    """Serves an archive for as long as a block lasts."""
    return serving


@pytest.fixture(scope="session")
def get() -> Callable[..., Any]:
    """Asks for a path of an archive without a server or a browser; gives the answer."""
    app = pytest.importorskip("datasette.app", reason="the extra `browse` is not installed")

    def ask(archive: Path, path: str, **headers: str) -> Any:
        async def answer() -> Any:
            shown = app.Datasette([str(database_of(archive))], settings={"sql_time_limit_ms": PATIENCE_MS})
            return await shown.client.get(quote(path, safe="/:?&=%"), headers=headers)

        with ThreadPoolExecutor(1) as beside:  # a browser driven from this thread has an event loop in it already
            return beside.submit(asyncio.run, answer()).result()

    return ask


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A headless Chromium that reaches nothing but loopback; skips where the machine has none.

    For one module: as long as it lives, an event loop runs in this thread, and other modules run theirs.
    """
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no Chromium on this machine: `make browser` installs one")
    with driver.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=["--no-sandbox", NO_NETWORK])
        yield browser
        browser.close()


def is_status(message: Any, address: str) -> bool:
    """Whether the console only repeats how the address of the page was answered."""
    return message.text.startswith("Failed to load resource") and message.location["url"] == address


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    """A page of the browser; the test fails if anything was said on its console or any script failed.

    That the address itself was answered with a 404 is no complaint: tests look at the status where it matters.
    """
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1200, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: None if is_status(message, page.url) else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    yield page
    context.close()
    assert said == []
