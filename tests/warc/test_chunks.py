"""Stretches: whatever their size, together they say what the archive says, and nothing twice."""

from itertools import pairwise
from pathlib import Path

import pytest

from govcrawl import warc
from govcrawl.warc import Problem, chunks_of, survey_stretch


def in_order(archive: Path) -> list:
    return [found for name in warc.warc_files(archive) for found in warc.survey(archive, name)]


def in_stretches(archive: Path, size: int) -> list:
    return [found for stretch in chunks_of(archive, size) for found in survey_stretch(archive, stretch)]


@pytest.mark.parametrize("size", [1, 700, 20_000, 1 << 30])
def test_stretches_together_are_the_archive(crawled: Path, size: int):
    assert in_stretches(crawled, size) == in_order(crawled)


def test_stretches_join_and_cover_every_file(crawled: Path):
    cut = list(chunks_of(crawled, 5000))

    assert len(cut) > len(warc.warc_files(crawled))
    for name in warc.warc_files(crawled):
        mine = [stretch for stretch in cut if stretch.warc_file == name]
        assert mine[0].start == 0
        assert mine[-1].end == warc.warc_path(crawled, name).stat().st_size
        assert all(before.end == after.start for before, after in pairwise(mine))


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("size", [1, 4000])
def test_damage_is_found_once_and_costs_no_more_than_without_stretches(archive_copy: Path, size: int, place: float):
    largest = max((archive_copy / "warc").rglob("*.warc.gz"), key=lambda path: path.stat().st_size)
    data = bytearray(largest.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    largest.write_bytes(data[:-3])

    found = in_stretches(archive_copy, size)

    assert found == in_order(archive_copy)
    assert sum(isinstance(each, Problem) for each in found) >= 2
