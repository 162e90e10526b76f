"""Files made by others go through the door of a crawl: the same facts, once, under the time they were made at."""

import json
import shutil
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from govcrawl import warc
from govcrawl.archive import warc_import
from govcrawl.archive.projection import database_of, rebuild
from govcrawl.archive.warc_import import import_files
from govcrawl.db.connection import open_database
from govcrawl.db.digest import content_digest
from govcrawl.db.queries.crawl_summary import figures_at
from govcrawl.errors import ArchiveError, ArchiveWriteError, InputError
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import ArchiveWriter, StoredExchange

PORTAL = "330604"
DATE = "2021-03-04T05:06:07Z"


@pytest.fixture(scope="session")
def pages(crawled: Path) -> list[StoredExchange]:
    """What the crawled portal answered with pages."""
    found = (one for one in warc.iter_stored(crawled) if isinstance(one, StoredExchange))
    return [one for one in found if one.outcome is Outcome.OK and one.capture.request.method == "GET"]


@pytest.fixture
def foreign(tmp_path: Path, pages: list[StoredExchange]) -> Path:
    """A file as another crawler leaves it: the portal's documents, and something of a host nobody knows."""
    documents = [one for one in pages if one.capture.request.role is Role.DOCUMENT]
    answers = [(one.capture.url, one.exchange.response.body) for one in documents]
    return write_file(
        tmp_path / "theirs.warc.gz", [*answers, ("https://elsewhere.example/", b"<html>elsewhere</html>")]
    )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


def write_file(path: Path, answers, status="200 OK", media_type="text/html; charset=utf-8") -> Path:
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body in answers:
            head = StatusAndHeaders(status, [("Content-Type", media_type)], protocol="HTTP/1.1")
            fields = {"WARC-Date": DATE}
            record = writer.create_warc_record(
                url, "response", BytesIO(body), http_headers=head, warc_headers_dict=fields
            )
            writer.write_record(record)
    return path


def exchanges_of(archive: Path) -> list[StoredExchange]:
    return [one for one in warc.iter_stored(archive) if isinstance(one, StoredExchange)]


def digest_of(archive: Path) -> str:
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return content_digest(connection)


def test_a_document_gives_the_facts_it_gives_a_crawl(archive: Path, crawled: Path, foreign: Path):
    done = import_files(archive, [foreign])

    documents = [one.capture.request.url for one in exchanges_of(archive)]
    with (
        closing(open_database(database_of(archive), readonly=True)) as imported,
        closing(open_database(database_of(crawled), readonly=True)) as seen,
    ):
        figures = {url: figures_at(imported, PORTAL, url) for url in documents}
        assert figures == {url: figures_at(seen, PORTAL, url) for url in documents}
    assert sum(map(bool, figures.values())) > 15
    assert (done.kept, done.known, done.passed, done.problems) == (len(documents), 0, 0, [])
    assert dict(done.refused) == {"elsewhere.example": 1}


def test_the_original_time_and_file_stay_on_record(archive: Path, foreign: Path):
    import_files(archive, [foreign])

    assert {one.capture.fetched_at for one in exchanges_of(archive)} == {"2021-03-04T05:06:07.000Z"}
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        (spider, arguments, reason) = connection.execute(
            "SELECT spider, arguments, finish_reason FROM crawls"
        ).fetchone()
    assert (spider, json.loads(arguments)["file"], reason) == ("import", "theirs.warc.gz", "finished")
    assert all("import" in warc.read_info(archive, name)["software"] for name in warc.warc_files(archive))


def test_a_second_import_changes_nothing(archive: Path, foreign: Path, tmp_path: Path):
    import_files(archive, [foreign])
    before, files = digest_of(archive), warc.warc_files(archive)

    again = import_files(archive, [foreign, Path(shutil.copy(foreign, tmp_path / "copy.warc.gz"))])

    assert (again.kept, again.known > 15) == (0, True)
    assert (digest_of(archive), warc.warc_files(archive)) == (before, files)


def test_a_rebuild_gives_the_same(archive: Path, foreign: Path):
    import_files(archive, [foreign])
    before = digest_of(archive)
    database_of(archive).unlink()

    rebuild(archive, 1)

    assert digest_of(archive) == before


def test_our_own_files_come_in_with_their_lists_and_origin(archive: Path, crawled: Path, pages: list[StoredExchange]):
    (theirs,) = (warc.warc_path(crawled, name) for name in warc.warc_files(crawled) if name.startswith(PORTAL))

    done = import_files(archive, [theirs])

    roles = {one.capture.url: one.capture.request.role for one in exchanges_of(archive)}
    original = {one.capture.url: one.capture.request.role for one in pages}
    assert done.kept > 20
    assert {url: roles[url] for url, role in original.items() if role is Role.DOCUMENT} == {
        url: role for url, role in original.items() if role is Role.DOCUMENT
    }
    assert {Role.HOME, Role.COLUMN} & set(roles.values())
    assert roles.keys() >= original.keys()
    assert warc.read_origin(archive) == "replica"
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        assert connection.execute("SELECT count(*) FROM frontier WHERE state = 'queued'").fetchone() > (0,)


def test_what_is_neither_list_nor_document_is_kept_and_not_read(archive: Path, tmp_path: Path, pages):
    host = pages[0].capture.url.split("/")[2]
    kept = write_file(tmp_path / "kept.warc.gz", [(f"https://{host}/style.css", b"p { }")], media_type="text/css")
    missing = write_file(tmp_path / "gone.warc.gz", [(f"https://{host}/none.png", b"gone")], status="404 Not Found")

    done = import_files(archive, [kept, missing])

    (one,) = exchanges_of(archive)
    assert (one.capture.request.role, one.capture.media_type) == (Role.ATTACHMENT, "text/css")
    assert (done.kept, done.passed) == (1, 1)
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        assert connection.execute("SELECT count(*) FROM documents").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM frontier WHERE state = 'queued'").fetchone() == (0,)


def test_a_broken_record_is_named_and_the_others_come_in(archive: Path, foreign: Path):
    data = bytearray(foreign.read_bytes())
    data[len(data) // 2] ^= 0xFF
    foreign.write_bytes(data)

    done = import_files(archive, [foreign])

    assert len(done.problems) == 1
    assert str(done.problems[0]).startswith("theirs.warc.gz at byte ")
    assert done.kept > 15


def test_an_import_that_is_cut_off_is_finished_by_the_next(archive: Path, foreign: Path, tmp_path: Path, monkeypatch):
    whole = tmp_path / "whole"
    whole.mkdir()
    import_files(whole, [foreign])
    write, room = ArchiveWriter.write_exchange, iter(range(5))

    def until_full(self, *arguments):
        if next(room, None) is None:
            raise ArchiveWriteError("no space left")
        return write(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(warc_import.ArchiveWriter, "write_exchange", until_full)
        with pytest.raises(ArchiveWriteError):
            import_files(archive, [foreign])

    done = import_files(archive, [foreign])

    assert done.known == 5
    assert digest_of(archive) == digest_of(whole)
    assert len(exchanges_of(archive)) == len(exchanges_of(whole))


def test_a_torn_end_that_is_found_on_the_way_is_named(archive: Path, foreign: Path):
    import_files(archive, [foreign])
    path = warc.warc_path(archive, warc.warc_files(archive)[0])
    with path.open("ab") as file:
        file.write(b"\x1f\x8b\x08torn")

    done = import_files(archive, [foreign])

    assert [problem.what.split(",")[0] for problem in done.problems] == ["a torn end"]
    assert list((archive / "quarantine").iterdir())


def test_origins_do_not_mix(archive: Path, crawled: Path, foreign: Path):
    import_files(archive, [foreign])
    replica = warc.warc_path(crawled, warc.warc_files(crawled)[0])

    with pytest.raises(ArchiveError, match="of origin live, not replica"):
        import_files(archive, [replica])


def test_a_file_that_cannot_be_read_stops_before_anything_is_taken_in(archive: Path, foreign: Path, tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.warc\.gz: No such file"):
        import_files(archive, [foreign, tmp_path / "none.warc.gz"])

    assert warc.warc_files(archive) == ()


def test_the_command(govcrawl, archive: Path, foreign: Path, tmp_path: Path):
    first = govcrawl("import", foreign, "--archive", archive)
    data = bytearray(foreign.read_bytes())
    data[-30] ^= 0xFF
    foreign.write_bytes(data)
    broken = govcrawl("import", foreign, "--archive", archive)
    missing = govcrawl("import", tmp_path / "none.warc.gz", "--archive", archive)
    nowhere = govcrawl("import", foreign, "--archive", tmp_path / "none")

    assert [done.returncode for done in (first, broken, missing, nowhere)] == [0, 1, 2, 2]
    assert "refused, not in the registry: elsewhere.example (1)" in first.stdout
    assert "0 answers taken in" in broken.stdout
    assert "theirs.warc.gz at byte" in broken.stdout
    assert len(missing.stderr.splitlines()) == len(nowhere.stderr.splitlines()) == 1
