"""One small archive for all tests of what comes after a crawl: a portal of the replica, crawled as a user would."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings

from govcrawl import reading_pool
from govcrawl.replica import Replica, running

from .exploration import EXPLORING

settings.load_profile("soak" if EXPLORING else "suite")

PORTAL = "330604"
TOOLS = Path(__file__).parents[1] / ".venv-replay" / "bin"

MadeOnce = Callable[[str, Callable[[Path], object]], Path]
"""Gives the folder of a name, which a function filled once."""

LONGEST = tuple(
    Path(__file__).parent / name
    for name in (
        "crawl/test_traps.py",
        "crawl/test_beside_the_registry.py",
        "test_crash_drills.py",
        "crawl/test_bad_portals.py",
        "crawl/test_end_to_end.py",
        "test_refresh.py",
        "browse/test_accessibility.py",
        "browse/test_issues.py",
        "browse/test_prefix.py",
        "browse/test_read_only.py",
        "browse/test_request_guard.py",
        "files/test_pdf.py",
        "crawl/test_rendering.py",
        "crawl/test_data_rules.py",
        "platforms/test_walk.py",
        "test_fault_drills.py",
        "archive/test_warc_import.py",
        "crawl/test_coverage.py",
        "portals/test_probe.py",
        "replica/test_demo.py",
        "browse/test_in_browser.py",
        "crawl/test_live.py",
        "test_cli.py",
        "browse/test_hostile.py",
        "portals/test_commands.py",
        "publish/test_release.py",
        "archive/test_projection.py",
        "crawl/test_browser_gate.py",
        "crawl/test_walls.py",
        "warc/test_fault_drills.py",
        "test_silent_edits.py",
    )
)
"""The files that take longest, the longest first."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with the longest files: where several workers run, none is left alone with one of them at the end."""
    missing = [path for path in LONGEST if not path.is_file()]
    assert not missing, f"no such files: {missing}"
    places = {path: place for place, path in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


@pytest.fixture(scope="session", autouse=True)
def forked_readers() -> Iterator[None]:
    """Has readers forked where a test's own process has threads too: what a test has replaced is replaced in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading_pool, "is_alone", lambda: True)
        yield


@pytest.fixture(scope="session")
def made_once(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that no test changes, once for all workers of a run."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, part = shared / name, shared / f"{name}.part"
        with FileLock(shared / f"{name}.lock"):
            if not folder.exists():
                shutil.rmtree(part, ignore_errors=True)
                part.mkdir()
                make(part)
                part.rename(folder)
        return folder

    return made


@pytest.fixture(scope="session")
def crawled(made_once: MadeOnce) -> Path:
    """An archive with one crawled portal; not to be changed (`archive_copy` may be)."""
    return made_once("crawled", _crawl) / "archive"


def _crawl(folder: Path) -> None:
    (folder / "archive").mkdir()
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    with running(Replica()) as base:
        settings = ("-s", f"GOVCRAWL_REPLICA={base}", "-a", f"portal={PORTAL}")
        command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", *settings)
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)


@pytest.fixture
def archive_copy(crawled: Path, tmp_path: Path) -> Path:
    """A copy of the crawled archive that a test may change."""
    return Path(shutil.copytree(crawled, tmp_path / "archive"))


@pytest.fixture(scope="session")
def standard_tool() -> Callable[[str], str]:
    """Finds a tool of others that must take what we write; skips where it is not installed."""

    def find(name: str) -> str:
        path = shutil.which(name, path=f"{TOOLS}{os.pathsep}{os.environ['PATH']}")
        if path is None:
            pytest.skip(f"{name} is not installed: `make replay` installs it")
        return path

    return find


@pytest.fixture
def govcrawl() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a `govcrawl` command in a process of its own."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        command = (sys.executable, "-c", "from govcrawl.cli import main; main()", *map(str, arguments))
        return subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **options)

    return run
