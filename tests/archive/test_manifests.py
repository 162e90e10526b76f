"""Manifests: the same bytes from the WARC files alone, and everything that differs from them is named."""

import hashlib
import json
from pathlib import Path

import pytest

from govcrawl import warc
from govcrawl.archive.manifests import MANIFEST_FOLDER, leaf_of, manifest_differences, path_of, prove, write_manifests
from govcrawl.errors import ArchiveError, UsageError
from govcrawl.vocabulary import Origin
from govcrawl.warc import ArchiveWriter, StoredExchange


def captures_of(archive: Path):
    return [stored.capture for stored in warc.iter_stored(archive) if isinstance(stored, StoredExchange)]


@pytest.fixture
def day(archive_copy: Path) -> str:
    """The archive has a manifest of the one day it was crawled on, or of two if that was at midnight."""
    write_manifests(archive_copy)
    return max(path.stem for path in (archive_copy / MANIFEST_FOLDER).glob("*.json"))


def edit(archive: Path, day: str, change) -> None:
    path = path_of(archive, day)
    values = json.loads(path.read_text(encoding="utf-8"))
    change(values)
    path.write_text(json.dumps(values), encoding="utf-8")


def test_every_capture_is_a_leaf_of_its_day(archive_copy: Path):
    written = write_manifests(archive_copy)

    stated = [json.loads(path.read_text(encoding="utf-8")) for path in written.paths]
    leaves = [leaf for values in stated for leaf in values["leaves"]]
    assert written.problems == ()
    assert sorted(leaves) == sorted(map(leaf_of, captures_of(archive_copy)))
    assert all(leaf.startswith(values["day"]) for values in stated for leaf in values["leaves"])
    assert [values["origin"] for values in stated] == ["replica"] * len(stated)
    assert list(manifest_differences(archive_copy)) == []


def test_a_manifest_is_worked_out_from_the_warc_files_alone(archive_copy: Path, day: str):
    before = path_of(archive_copy, day).read_bytes()
    for path in archive_copy.glob("govcrawl.db*"):
        path.unlink()
    path_of(archive_copy, day).unlink()

    write_manifests(archive_copy, day)

    assert path_of(archive_copy, day).read_bytes() == before


def test_anybody_can_check_a_proof_with_a_hash_function_alone(archive_copy: Path, day: str):
    for capture in captures_of(archive_copy)[::20]:
        proof = prove(archive_copy, capture.id)

        digest = hashlib.sha256(b"\x00" + proof["leaf"].encode()).digest()
        for step in proof["path"]:
            beside = bytes.fromhex(step["hash"])
            digest = hashlib.sha256(b"\x01" + (beside + digest if step["side"] == "left" else digest + beside)).digest()
        assert digest.hex() == proof["root"]
        assert capture.sha256 in proof["leaf"]
        assert json.loads(path_of(archive_copy, proof["day"]).read_text(encoding="utf-8"))["root"] == proof["root"]


def test_a_capture_that_is_gone_is_named_by_its_address(archive_copy: Path, day: str):
    victim = max(warc.warc_files(archive_copy), key=lambda name: warc.warc_path(archive_copy, name).stat().st_size)
    lost = [capture.url for capture in captures_of(archive_copy) if capture.warc_file == victim]
    keep = [name for name in warc.warc_files(archive_copy) if name != victim]
    warc.warc_path(archive_copy, victim).unlink()

    found = list(manifest_differences(archive_copy))

    assert keep
    assert len(found) == len(lost) > 10
    assert all("not in the archive" in line and line.split(" ")[7 - 1] in lost for line in found)


def test_a_flipped_byte_is_named_and_the_manifest_stands(archive_copy: Path, day: str):
    capture = max(captures_of(archive_copy), key=lambda one: one.warc_length)
    path = warc.warc_path(archive_copy, capture.warc_file)
    data = bytearray(path.read_bytes())
    data[capture.warc_offset + capture.warc_length // 2] ^= 0xFF
    path.write_bytes(data)
    before = path_of(archive_copy, day).read_bytes()

    found = list(manifest_differences(archive_copy))

    assert any(capture.url in line and "at byte" in line for line in found)
    assert any(capture.id in line and "does not read back" in line for line in found)
    with pytest.raises(ArchiveError, match="1 captures in it no longer read back"):
        write_manifests(archive_copy)
    assert path_of(archive_copy, day).read_bytes() == before


def test_an_altered_digest_in_the_manifest_is_told_from_a_lost_capture(archive_copy: Path, day: str):
    def alter(values):
        place = next(index for index, leaf in enumerate(values["leaves"]) if " 200 " in leaf)
        values["leaves"].append(values["leaves"].pop(place).replace(" 200 ", " 201 "))

    edit(archive_copy, day, alter)

    found = list(manifest_differences(archive_copy))

    assert len(found) == 3
    for what in (" is now ", "its leaves give", "out of order"):
        assert sum(what in line for line in found) == 1


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda values: values.update(root="0" * 64), "it states the root 0000"),
        (lambda values: values.update(day="1999-01-01"), "it is the manifest of 1999-01-01"),
        (lambda values: values.update(count=3), "not as many as it says"),
        (lambda values: values["leaves"].pop(), "is in the archive and not in the manifest"),
    ],
)
def test_an_edited_manifest_is_told(archive_copy: Path, day: str, change, what: str):
    edit(archive_copy, day, change)

    assert any(what in line for line in manifest_differences(archive_copy))


def test_a_later_capture_of_the_day_is_named_and_then_taken_in(archive_copy: Path, day: str):
    stored = next(found for found in warc.iter_stored(archive_copy) if isinstance(found, StoredExchange))
    before = json.loads(path_of(archive_copy, day).read_text(encoding="utf-8"))
    response = stored.exchange.response
    fetched = warc.Fetched(
        at=warc.moment(f"{day}T23:59:59Z"), url=response.url, status=200, reason="OK", headers=(),
        wire_body=b"later", body=b"later", media_type="text/html",
    )  # fmt: skip
    with ArchiveWriter(archive_copy, origin=Origin.REPLICA, software="test", registry_digest="0") as writer:
        capture = writer.write_exchange(stored.capture.request, fetched, stored.outcome)

    (line,) = manifest_differences(archive_copy, day)
    write_manifests(archive_copy, day)

    after = json.loads(path_of(archive_copy, day).read_text(encoding="utf-8"))
    assert capture.id in line
    assert set(before["leaves"]) < set(after["leaves"])
    assert list(manifest_differences(archive_copy, day)) == []


def test_a_day_without_its_manifest_is_named(archive_copy: Path, day: str):
    path_of(archive_copy, day).rename(path_of(archive_copy, "1999-01-01"))

    assert any(
        line.startswith(f"{path_of(archive_copy, day)}: there is none") for line in manifest_differences(archive_copy)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "govcrawl-manifest/1", "leaves": []}',
        '{"format": "govcrawl-manifest/1", "leaves": [1]}',
        "\x00",
    ],
)
def test_what_is_no_manifest_is_refused(archive_copy: Path, text: str):
    (archive_copy / MANIFEST_FOLDER).mkdir()
    path_of(archive_copy, "2026-01-01").write_text(text, encoding="utf-8")

    with pytest.raises(ArchiveError, match="this is no manifest"):
        list(manifest_differences(archive_copy))


def test_what_is_not_there_is_said(archive_copy: Path, tmp_path: Path):
    with pytest.raises(UsageError, match="nothing was captured on 1999-01-01"):
        write_manifests(archive_copy, "1999-01-01")
    with pytest.raises(ArchiveError, match="there is no manifest"):
        list(manifest_differences(archive_copy))
    with pytest.raises(ArchiveError, match="there are no WARC files"):
        write_manifests(tmp_path / "none")
    write_manifests(archive_copy)
    with pytest.raises(UsageError, match="no manifest has capture 0123"):
        prove(archive_copy, "0123")


def test_the_commands(govcrawl, archive_copy: Path):
    (capture, *_) = captures_of(archive_copy)

    written = govcrawl("manifest", "--archive", archive_copy)
    verified = govcrawl("verify", "--manifest", "--archive", archive_copy)
    proven = govcrawl("prove", capture.id, "--archive", archive_copy)
    edit(archive_copy, capture.fetched_at[:10], lambda values: values.update(root="0" * 64))
    differs = govcrawl("verify", "--manifest", "--archive", archive_copy)
    unsound = govcrawl("prove", capture.id, "--archive", archive_copy)
    sampled = govcrawl("verify", "--manifest", "--sample", "3", "--archive", archive_copy)

    codes = [done.returncode for done in (written, verified, proven, differs, unsound, sampled)]
    assert codes == [0, 0, 0, 1, 2, 2]
    assert Path(written.stdout.split()[0]).parent.name == MANIFEST_FOLDER
    assert verified.stdout == ""
    assert json.loads(proven.stdout)["leaf"] == leaf_of(capture)
    assert "it states the root 0000" in differs.stdout
