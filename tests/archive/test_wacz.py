"""What is exported is a WACZ: as its standard says, the same every time, and opened by the tools that others use."""

import gzip
import hashlib
import json
import random
import shutil
import subprocess
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from govcrawl import warc
from govcrawl.archive.layout import database_of
from govcrawl.archive.projection import rebuild
from govcrawl.archive.wacz import export_wacz
from govcrawl.db.connection import open_database
from govcrawl.db.queries.evidence import captures_behind
from govcrawl.errors import RecordError, UsageError
from govcrawl.vocabulary import Origin, Outcome
from govcrawl.warc import ArchiveWriter, Fetched, StoredExchange, moment

PORTAL, YEAR = "330604", 2023


@pytest.fixture(scope="session")
def revisited(crawled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The crawled archive after a second visit that found one of the year's reports unchanged."""
    archive = Path(shutil.copytree(crawled, tmp_path_factory.mktemp("revisited") / "archive"))
    behind = behind_in(archive)[0]
    stored = next(
        found
        for found in warc.iter_stored(archive)
        if isinstance(found, StoredExchange) and found.capture.warc_offset == behind.warc_offset
    )
    fetched = Fetched(
        at=moment("2027-01-31T08:00:00.5Z"), url=stored.capture.url, status=200, reason="OK",
        headers=stored.exchange.response.headers,
        wire_body=b"", body=b"", media_type="text/html",
    )  # fmt: skip
    with ArchiveWriter(archive, origin=Origin.REPLICA, software="test", registry_digest="0") as writer:
        writer.write_revisit(stored.capture.request, fetched, Outcome.OK, stored.capture)
    rebuild(archive, 1)
    return archive


@pytest.fixture(scope="session")
def wacz(revisited: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_wacz(revisited, PORTAL, YEAR, tmp_path_factory.mktemp("wacz") / "reports.wacz")


def behind_in(archive: Path):
    with closing(open_database(database_of(archive), readonly=True)) as connection:
        return captures_behind(connection, PORTAL, YEAR)


def contents_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def index_of(files: dict[str, bytes]) -> list[dict]:
    return [
        json.loads(line.split(" ", 2)[2])
        for line in gzip.decompress(files["indexes/index.cdx.gz"]).decode().splitlines()
    ]


def pages_of(files: dict[str, bytes]) -> list[dict]:
    return [json.loads(line) for line in files["pages/pages.jsonl"].splitlines()]


def test_it_has_what_the_standard_asks_for(wacz: Path):
    files = contents_of(wacz)
    package, digest = json.loads(files["datapackage.json"]), json.loads(files["datapackage-digest.json"])

    described = {one["path"]: one for one in package["resources"]}
    assert (package["profile"], package["wacz_version"]) == ("data-package", "1.1.1")
    assert set(described) == set(files) - {"datapackage.json", "datapackage-digest.json"}
    assert {"indexes/index.cdx.gz", "indexes/index.idx", "pages/pages.jsonl"} < set(described)
    assert sum(name.startswith("archive/") and name.endswith(".warc.gz") for name in described) == 2
    for name, one in described.items():
        assert one["bytes"] == len(files[name])
        assert one["hash"] == f"sha256:{hashlib.sha256(files[name]).hexdigest()}"
    assert digest == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(files['datapackage.json']).hexdigest()}",
    }


def test_what_is_packed_is_stored_so_that_a_reader_can_seek(wacz: Path):
    with zipfile.ZipFile(wacz) as archive:
        methods = {entry.filename: entry.compress_type for entry in archive.infolist()}

    assert all((method == zipfile.ZIP_STORED) == name.endswith(".gz") for name, method in methods.items())


def test_it_holds_the_captures_of_the_years_reports_and_no_others(revisited: Path, wacz: Path):
    files = contents_of(wacz)
    head, *pages = pages_of(files)

    behind = behind_in(revisited)
    assert len(behind) == 5
    assert sorted(one["url"] for one in index_of(files)) == sorted(one.url for one in behind)
    assert head["format"] == "json-pages-1.0"
    assert {page["url"] for page in pages} == {one.url for one in behind}
    assert all(str(YEAR) in page["title"] for page in pages)
    assert len(pages) == 4


def test_every_line_of_the_index_leads_to_its_record(wacz: Path):
    files = contents_of(wacz)

    for entry in index_of(files):
        start = int(entry["offset"])
        member = files[f"archive/{entry['filename']}"][start : start + int(entry["length"])]
        (record,) = ArchiveIterator(BytesIO(member))
        assert record.rec_headers["WARC-Target-URI"] == entry["url"]
        assert record.rec_headers["WARC-Payload-Digest"] == entry["digest"]
        assert record.rec_type == ("revisit" if entry["mime"] == "warc/revisit" else "response")


def test_records_are_those_of_the_archive_to_the_byte(revisited: Path, wacz: Path):
    whole = {
        name.rpartition("/")[2]: warc.warc_path(revisited, name).read_bytes() for name in warc.warc_files(revisited)
    }
    files = contents_of(wacz)

    for entry in index_of(files):
        start = int(entry["offset"])
        assert files[f"archive/{entry['filename']}"][start : start + int(entry["length"])] in whole[entry["filename"]]


def test_an_original_from_another_file_comes_with_its_revisit(revisited: Path, tmp_path: Path):
    revisit = next(one for one in behind_in(revisited) if one.fetched_at.startswith("2027"))

    extracts = list(warc.extract(revisited, [(revisit.warc_file, revisit.warc_offset)]))

    assert sorted(answer.kind for part in extracts for answer in part.answers) == ["response", "revisit"]
    assert len({answer.url for part in extracts for answer in part.answers}) == 1
    assert len({answer.digest for part in extracts for answer in part.answers}) == 1


def test_the_same_captures_give_the_same_bytes(revisited: Path, wacz: Path, tmp_path: Path):
    assert export_wacz(revisited, PORTAL, YEAR, tmp_path / "again.wacz").read_bytes() == wacz.read_bytes()


def test_a_broken_record_is_named_and_no_file_left(archive_copy: Path, tmp_path: Path):
    behind = behind_in(archive_copy)[0]
    path = warc.warc_path(archive_copy, behind.warc_file)
    data = bytearray(path.read_bytes())
    data[behind.warc_offset + 100] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(RecordError, match=f"at byte {behind.warc_offset}"):
        export_wacz(archive_copy, PORTAL, YEAR, tmp_path / "reports.wacz")

    assert list(tmp_path.glob("*.wacz*")) == []


def test_a_record_without_its_note_is_named(archive_copy: Path):
    behind = behind_in(archive_copy)[0]
    path = warc.warc_path(archive_copy, behind.warc_file)
    (group,) = (
        found
        for found in warc.iter_file(archive_copy, behind.warc_file)
        if isinstance(found, StoredExchange) and found.capture.warc_offset == behind.warc_offset
    )
    data = bytearray(path.read_bytes())
    data[group.end - 10] ^= 0xFF
    path.write_bytes(data)

    with pytest.raises(RecordError, match="its group of records is not whole"):
        list(warc.extract(archive_copy, [(behind.warc_file, behind.warc_offset)]))


def test_what_there_is_none_of_is_said(crawled: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="no report of portal 330604"):
        export_wacz(crawled, PORTAL, 1999, tmp_path / "reports.wacz")
    with pytest.raises(UsageError, match="'999999' is not in the registry"):
        export_wacz(crawled, "999999", YEAR, tmp_path / "reports.wacz")
    with pytest.raises(UsageError, match="name another place"):
        export_wacz(crawled, PORTAL, YEAR, tmp_path / "none" / "reports.wacz")


def test_the_command_names_the_file_it_wrote(govcrawl, crawled: Path, tmp_path: Path):
    made = govcrawl("export-wacz", PORTAL, YEAR, "--archive", crawled, cwd=tmp_path)
    missing = govcrawl("export-wacz", PORTAL, 1999, "--archive", crawled, cwd=tmp_path)

    assert (made.returncode, made.stdout) == (0, f"{PORTAL}-{YEAR}.wacz\n")
    assert zipfile.is_zipfile(tmp_path / f"{PORTAL}-{YEAR}.wacz")
    assert (missing.returncode, len(missing.stderr.splitlines())) == (2, 1)


# ------------------------------------------------------------------------------------------------- standard tools


def test_the_standards_validator_accepts_it(wacz: Path, standard_tool):
    done = subprocess.run(
        [standard_tool("wacz"), "validate", "-f", wacz], capture_output=True, text=True, timeout=600, check=False
    )

    assert done.returncode == 0, done.stdout
    assert "is valid" in done.stdout


def test_the_standard_indexer_gives_the_same_index(wacz: Path, tmp_path: Path, standard_tool):
    with zipfile.ZipFile(wacz) as archive:
        archive.extractall(tmp_path)
    command = (
        standard_tool("cdxj-indexer"),
        "--sort",
        "--records",
        "response,revisit",
        *(tmp_path / "archive").iterdir(),
    )

    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=True)

    ours = gzip.decompress((tmp_path / "indexes" / "index.cdx.gz").read_bytes()).decode()
    assert done.stdout == ours


def test_a_replay_tool_shows_the_pages_as_they_were(revisited: Path, wacz: Path, tmp_path: Path, standard_tool):
    collection = f"reports-{uuid.uuid4().hex}"
    for command in (("init", collection), ("add", "--unpack-wacz", collection, wacz)):
        subprocess.run(
            [standard_tool("wb-manager"), *command], cwd=tmp_path, check=True, capture_output=True, timeout=600
        )
    digests = {
        stored.capture.url: stored.capture.sha256
        for stored in warc.iter_stored(revisited)
        if isinstance(stored, StoredExchange)
    }
    with replaying(standard_tool("wayback"), tmp_path, collection) as address:
        for at, page in product(("2026", "2027"), pages_of(contents_of(wacz))[1:]):
            body = body_at(f"{address}{at}id_/{page['url']}")
            assert hashlib.sha256(body).hexdigest() == digests[page["url"]]


@contextmanager
def replaying(wayback: str, folder: Path, collection: str) -> Iterator[str]:
    """The address of a collection on a replay server. It must be told its port: where one is taken another is tried."""
    for port in random.sample(range(20_000, 32_000), 9):  # below those that the system gives away
        command = (wayback, "-b", "127.0.0.1", "-p", str(port))
        server = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if shows(server, address := f"http://127.0.0.1:{port}/{collection}/"):
                yield address
                return
        finally:
            server.terminate()
            server.wait()
    raise AssertionError("the replay server does not start")


def shows(server: subprocess.Popen[bytes], address: str) -> bool:
    """Whether a server comes to show an address, rather than to end; another one at its port does not have it."""
    while server.poll() is None:
        try:
            return bool(body_at(address))
        except OSError:
            time.sleep(0.1)
    return False


def body_at(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=120) as answer:
        return answer.read()
