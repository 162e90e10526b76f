"""One small archive for all tests of what comes after a crawl: a portal of the replica, crawled as a user would."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from govcrawl.replica import Replica, running

from .exploration import EXPLORING

settings.load_profile("soak" if EXPLORING else "suite")

PORTAL = "330604"
TOOLS = Path(__file__).parents[1] / ".venv-replay" / "bin"


@pytest.fixture(scope="session")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with one crawled portal; not to be changed (`archive_copy` may be)."""
    folder = tmp_path_factory.mktemp("crawled")
    (folder / "archive").mkdir()
    (folder / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")
    with running(Replica()) as base:
        settings = ("-s", f"GOVCRAWL_REPLICA={base}", "-a", f"portal={PORTAL}")
        command = (sys.executable, "-m", "scrapy", "crawl", "zhejiang", *settings)
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=600)
    return folder / "archive"


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
