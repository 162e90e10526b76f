"""An archive that may be read and no more: served as it is, told in one line where it cannot be, without verdicts.

The server of these tests is bound by permissions, root's too: it runs without the two capabilities that pass them over.
"""

import ctypes
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.search_index import make_index
from govcrawl.db.connection import open_database

as_nobody = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="needs to be the owner and somebody without rights at once"
)
PAGES = ("/", "/-/issues", "/-/search?q=政府", "/govcrawl/reports?_size=3", "/index.json", "/govcrawl.json")
NAMES = ("年报 #1?a=b&c%20d%", "[x];~'\"<b> mode=rwc")


def without_rights() -> None:
    """Between fork and exec: what the process runs from here may do only what permissions allow."""
    for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        if _LIBC.prctl(24, capability, 0, 0, 0):  # PR_CAPBSET_DROP
            raise OSError(ctypes.get_errno(), "prctl")


_LIBC = ctypes.CDLL(None, use_errno=True)


@contextmanager
def read_only(crawled: Path, *, folders: int = 0o555, files: int = 0o444) -> Iterator[Path]:
    """A copy of the archive that may be read and not changed by whoever is bound by permissions."""
    with TemporaryDirectory() as folder:
        archive = indexed(crawled, Path(folder) / "archive")
        for path in (archive, *archive.rglob("*")):
            path.chmod(folders if path.is_dir() else files)
        yield archive


def indexed(crawled: Path, archive: Path) -> Path:
    shutil.copytree(crawled, archive)
    make_index(archive)
    with closing(open_database(database_of(archive))) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return archive


def statuses(served: Any) -> list[int]:
    return [httpx.get(f"{served.address}{page}", timeout=60).status_code for page in PAGES]


@as_nobody
def test_an_archive_of_another_user_is_served(crawled: Path, serve: Callable[..., Any]):
    with read_only(crawled) as archive:
        before = sorted(archive.rglob("*"))
        with serve(archive, preexec_fn=without_rights) as served:
            capture = first(archive, "SELECT id FROM captures WHERE media_type LIKE 'text/html%'")
            assert statuses(served) == [200] * len(PAGES)
            assert httpx.get(f"{served.address}/-/replay/{capture}").status_code == 200
        assert sorted(archive.rglob("*")) == before


@as_nobody
def test_read_only_files_in_a_folder_of_ones_own_are_served(crawled: Path, serve: Callable[..., Any]):
    with read_only(crawled, folders=0o755) as archive, serve(archive, preexec_fn=without_rights) as served:
        assert statuses(served) == [200] * len(PAGES)


@as_nobody
def test_what_the_owner_stores_meanwhile_is_shown(crawled: Path, serve: Callable[..., Any]):
    with read_only(crawled) as archive, serve(archive, preexec_fn=without_rights) as served:
        asked = f"{served.address}/govcrawl.json?_shape=arrayfirst&sql=select+count(*)+from+issues+where+closed_at='x'"
        assert httpx.get(asked).json() == [0]

        with closing(open_database(database_of(archive))) as owner:
            owner.execute("UPDATE findings SET last_seen_at = 'x'")
            owner.execute("CREATE TABLE more AS SELECT 1 AS a")
            during = httpx.get(f"{served.address}/govcrawl.json?_shape=arrayfirst&sql=select+a+from+more")
        after = httpx.get(f"{served.address}/govcrawl.json?_shape=arrayfirst&sql=select+a+from+more")

        assert during.json() == after.json() == [1]


@as_nobody
def test_changes_that_cannot_be_read_are_told_in_one_line(crawled: Path):
    with read_only(crawled) as archive:
        leave_changes(database_of(archive))
        ended = run_without_rights(archive)

    assert ended.returncode == 2
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert "permission" in ended.stderr
    assert str(archive) in ended.stderr
    assert "rebuild" not in ended.stderr


@as_nobody
def test_a_database_that_may_not_be_read_is_told_in_one_line(crawled: Path):
    with read_only(crawled) as archive:
        database_of(archive).chmod(0)
        ended = run_without_rights(archive)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "permission" in ended.stderr


@as_nobody
def test_a_running_server_says_what_it_may_not_read_any_more(crawled: Path, serve: Callable[..., Any]):
    with read_only(crawled) as archive, serve(archive, preexec_fn=without_rights, stderr=subprocess.DEVNULL) as served:
        assert statuses(served) == [200] * len(PAGES)
        leave_changes(database_of(archive))

        for page in PAGES:
            answer = httpx.get(f"{served.address}{page}", timeout=60)
            assert answer.status_code == 503, page
            assert "permission" in answer.text


def leave_changes(path: Path) -> None:
    """Changes beside a database, as a killed crawl leaves them; what tells their places is gone."""
    with closing(open_database(path)) as owner:
        owner.execute("UPDATE findings SET last_seen_at = 'x'")
        copy = path.with_name(f"{path.name}-wal").read_bytes()
    path.with_name(f"{path.name}-wal").write_bytes(copy)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)


def run_without_rights(archive: Path) -> subprocess.CompletedProcess[str]:
    command = (
        sys.executable,
        "-c",
        "from govcrawl.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--archive",
        archive,
    )
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, preexec_fn=without_rights)


@as_nobody
def test_where_nothing_may_be_written_no_verdict_is_taken(crawled: Path, govcrawl, serve: Callable[..., Any]):
    with read_only(crawled) as archive, serve(archive, preexec_fn=without_rights) as served:
        assert "verdicts.jsonl" in served.token  # the last word of the line that tells the token elsewhere
        assert "-/login" not in httpx.get(f"{served.address}/-/about").text
        assert httpx.post(f"{served.address}/-/login", data={"token": ""}).status_code == 403


@as_nobody
def test_a_verdict_that_cannot_be_written_any_more_is_told(crawled: Path, serve: Callable[..., Any]):
    with read_only(crawled) as archive:
        verdicts = archive / "verdicts.jsonl"
        verdicts.touch()
        with serve(archive, preexec_fn=without_rights) as served, httpx.Client(base_url=served.address) as client:
            client.post("/-/login", data={"token": served.token})
            verdicts.chmod(0o444)
            answer = client.post("/-/verdict", data=posted(client, archive))

    assert answer.status_code == 403
    assert "verdicts.jsonl" in answer.text
    assert "permission" in answer.text


def posted(client: httpx.Client, archive: Path) -> dict[str, str]:
    token = client.get("/-/issues").text.partition('name="csrftoken" value="')[2].partition('"')[0]
    return {
        "csrftoken": token,
        "stable_key": first(archive, "SELECT stable_key FROM issues"),
        "verdict": "fine",
        "id": "1",
    }


def first(archive: Path, sql: str) -> str:
    with closing(sqlite3.connect(f"{database_of(archive).as_uri()}?immutable=1", uri=True)) as connection:
        return str(connection.execute(sql).fetchone()[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_path_of_any_characters_is_served(crawled: Path, tmp_path: Path, serve: Callable[..., Any], name: str):
    with serve(indexed(crawled, tmp_path / name)) as served:
        assert statuses(served) == [200] * len(PAGES)
        assert httpx.get(f"{served.address}/govcrawl/reports.json?_size=1").json()["filtered_table_rows_count"] > 0


def test_another_file_is_no_archive(tmp_path: Path, govcrawl: Callable[..., Any]):
    with closing(sqlite3.connect(tmp_path / "govcrawl.db")) as connection:
        connection.execute("CREATE TABLE notes (x)")

    ended = govcrawl("serve", "--port", "0", "--archive", tmp_path)

    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1
    assert "no database of govcrawl's" in ended.stderr
