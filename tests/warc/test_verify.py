"""Whatever is altered in an archive is found and named."""

import gzip
from dataclasses import replace

import pytest

from govcrawl.vocabulary import Outcome
from govcrawl.warc import Problem, survey, verify_records, warc_files, warc_path


@pytest.fixture
def full(archive, new_writer, request_, fetched, at):
    """One of each kind of record, in two files."""
    with new_writer() as writer:
        capture = writer.write_exchange(request_, fetched, Outcome.OK)
        unchanged = replace(fetched, status=304, wire_body=b"", body=b"")
        writer.write_revisit(request_, unchanged, Outcome.NOT_MODIFIED, capture)
        writer.write_attempt(request_, Outcome.DNS, at, "no such name")
        writer.write_crawl(None, "start", at, {"spider": "zhejiang"})
    return capture


def contents(archive, warc_file):
    """What the file says, apart from where in it."""
    return [replace(found, end=0) for found in survey(archive, warc_file) if not isinstance(found, Problem)]


def test_a_sound_archive_has_no_problem(archive, full):
    assert list(verify_records(archive)) == []
    assert list(verify_records(archive, sample=20)) == []


def test_an_empty_archive_has_none_either(archive):
    assert list(verify_records(archive)) == []
    assert list(verify_records(archive, sample=5)) == []


def test_no_flipped_byte_goes_unnoticed(archive, new_writer, request_, fetched):
    """Each byte in turn: it is reported, or (a gzip header's time and system) it changes nothing that is read."""
    with new_writer() as writer:
        full = writer.write_exchange(request_, fetched, Outcome.OK)
    path = warc_path(archive, full.warc_file)
    sound = path.read_bytes()
    before = contents(archive, full.warc_file)
    unnoticed = 0
    for place in range(len(sound)):
        altered = bytearray(sound)
        altered[place] ^= 0x55
        path.write_bytes(altered)
        problems = list(verify_records(archive))
        if not problems:
            unnoticed += 1
            assert contents(archive, full.warc_file) == before
        assert all(problem.warc_file == full.warc_file for problem in problems)
    members = 1 + 3
    assert unnoticed <= members * 7  # four bytes of time, flags that mean nothing, level, system


def test_a_problem_reads_as_one_line_with_file_offset_and_address(archive, full):
    path = warc_path(archive, full.warc_file)
    data = bytearray(path.read_bytes())
    data[full.warc_offset + full.warc_length - 3] ^= 1
    path.write_bytes(data)
    first, *_ = verify_records(archive)
    assert str(first).startswith(f"{full.warc_file} at byte {full.warc_offset} ({full.url}): ")
    assert "\n" not in str(first)


def test_a_revisit_without_its_original_is_a_problem(archive, full, new_writer, request_, fetched):
    with new_writer() as writer:
        revisit = writer.write_revisit(request_, replace(fetched, status=304), Outcome.NOT_MODIFIED, full)
    warc_path(archive, full.warc_file).unlink()
    (problem,) = verify_records(archive)
    assert (problem.warc_file, problem.offset, problem.url) == (revisit.warc_file, revisit.warc_offset, full.url)
    assert full.warc_file in problem.what


def test_a_group_without_its_note_is_a_problem(archive, full):
    path = warc_path(archive, full.warc_file)
    path.write_bytes(path.read_bytes()[: full.warc_offset + full.warc_length])
    (problem,) = verify_records(archive)
    assert problem.what == "the file ends before the note of these records"


def test_a_note_without_its_response_is_a_problem(archive, full):
    path = warc_path(archive, full.warc_file)
    data = path.read_bytes()
    path.write_bytes(data[: full.warc_offset] + data[full.warc_offset + full.warc_length :])
    assert next(verify_records(archive)).what == "the response this note belongs to is missing"


@pytest.mark.parametrize("note", [b"[]", b"{}", b"no json", b'{"kind":"exchange"}', b'{"kind":"unheard of"}'])
def test_a_note_that_is_not_ours_is_a_problem(archive, full, note):
    head = b"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:1>\r\nContent-Length: %d\r\n\r\n" % len(note)
    with warc_path(archive, warc_files(archive)[0]).open("ab") as file:
        file.write(gzip.compress(head + note + b"\r\n\r\n"))
    (problem,) = verify_records(archive)
    assert "the note" in problem.what


def test_a_sample_finds_damage_in_proportion(archive, full, new_writer, request_, fetched):
    with new_writer() as writer:
        captures = [writer.write_exchange(request_, fetched, Outcome.OK) for _ in range(20)]
    path = warc_path(archive, captures[0].warc_file)
    data = bytearray(path.read_bytes())
    for capture in captures[::2]:
        data[capture.warc_offset + capture.warc_length // 2] ^= 1
    path.write_bytes(data)
    found = list(verify_records(archive, sample=100))
    assert 10 < len(found) < 90
    assert {problem.offset for problem in found} <= {capture.warc_offset for capture in captures[::2]}
