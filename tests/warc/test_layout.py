"""File names sort in the order the files were begun."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from govcrawl.warc import layout, warc_files, warc_path

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def touch(archive, name):
    path = warc_path(archive, name)
    path.parent.mkdir(exist_ok=True)
    path.touch()
    return name


def test_a_name_tells_portal_and_utc_time(archive):
    china = NOON.astimezone(timezone(timedelta(hours=8)))
    assert layout.next_name(archive, "330100", china) == "330100/330100-20260131120000-00000.warc.gz"


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=1), timedelta(days=-1), timedelta(days=20000)])
def test_a_later_file_sorts_behind_whatever_the_clock_does(archive, step):
    first = touch(archive, layout.next_name(archive, "330100-sjj", NOON))
    second = touch(archive, layout.next_name(archive, "330100-sjj", NOON + step))
    third = touch(archive, layout.next_name(archive, "330100-sjj", NOON))
    assert warc_files(archive) == (first, second, third)


def test_files_sort_by_portal_and_strangers_do_not_disturb(archive):
    later = touch(archive, layout.next_name(archive, "330100", NOON + timedelta(hours=1)))
    other = touch(archive, layout.next_name(archive, "330000", NOON + timedelta(hours=2)))
    imported = touch(archive, "330100/imported.warc.gz")
    touch(archive, "330100/notes.txt")
    assert warc_files(archive) == (other, later, imported)
    assert layout.next_name(archive, "330100", NOON) == "330100/330100-20260131130000-00001.warc.gz"
