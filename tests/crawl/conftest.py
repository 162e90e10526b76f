"""Whole crawls, as a user starts them: `scrapy crawl` in a process of its own, against replica portals on loopback."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.replica import Replica, running

PATIENCE = 600


@dataclass(frozen=True)
class Ended:
    """How a crawl ended."""

    code: int
    log: str


class Crawls:
    """Crawls into one archive; no file may grow beyond `file_blocks` (of 512 or 1024 bytes, as the shell has it)."""

    def __init__(self, folder: Path, base: str = "", file_blocks: str = "unlimited") -> None:
        self.folder = folder
        self.archive = folder / "archive"
        self.archive.mkdir(parents=True, exist_ok=True)
        self.file_blocks = file_blocks
        self._base = base
        (folder / "scrapy.cfg").write_text("[settings]\ndefault = govcrawl.settings\n", encoding="utf-8")

    def start(self, *arguments: str, spider: str = "zhejiang") -> subprocess.Popen[str]:
        """A crawl in a process of its own; later arguments win over the usual ones."""
        replica = ("-s", f"GOVCRAWL_REPLICA={self._base}") if self._base else ()
        settings = (*replica, "-s", f"GOVCRAWL_ARCHIVE={self.archive}")
        command = (sys.executable, "-m", "scrapy", "crawl", spider, *settings, *arguments)
        limited = ("/bin/sh", "-c", f'ulimit -f {self.file_blocks}; exec "$@"', "sh", *command)
        # Scrapy leaves this variable behind in a process that has asked for a project's settings, as other tests do.
        environment = {name: value for name, value in os.environ.items() if name != "SCRAPY_SETTINGS_MODULE"}
        return subprocess.Popen(limited, cwd=self.folder, env=environment, stderr=subprocess.PIPE, text=True)

    def run(self, *arguments: str, spider: str = "zhejiang") -> Ended:
        """The crawl's exit code and all it wrote to stderr."""
        with self.start(*arguments, spider=spider) as process:
            _, log = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, log)

    def kill_after(self, seconds: float, *arguments: str) -> int:
        """Start a crawl and kill -9 it after some time; its exit code."""
        with self.start(*arguments) as process:
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            process.communicate(timeout=PATIENCE)
        return process.returncode

    def rows(self, query: str) -> list[tuple]:
        with closing(sqlite3.connect(self.archive / "govcrawl.db")) as connection:
            return connection.execute(query).fetchall()

    def outcomes(self, where: str = "TRUE") -> set[tuple]:
        return set(self.rows(f"SELECT DISTINCT outcome, http_status FROM attempts WHERE {where}"))

    def digest(self) -> str:
        with closing(open_database(self.archive / "govcrawl.db", readonly=True)) as connection:
            return content_digest(connection)


def journal(base: str) -> dict:
    with urlopen(f"{base}/.replica/log", timeout=120) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def healthy() -> Iterator[tuple[Replica, str]]:
    replica = Replica()
    with running(replica) as base:
        yield replica, base
