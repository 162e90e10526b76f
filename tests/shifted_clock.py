"""Runs tests on another day: `python tests/shifted_clock.py [DAY] [what pytest takes]`.

Every Python process of the run believes that it is noon (UTC) of DAY, so the records it writes, the files it names and
the calendar it goes by agree. Without a DAY, today's date draws one of `DAYS`; without tests, those that ask what day
it is are run. Ends with the code of pytest.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

DAYS = tuple(
    map(date.fromisoformat, ("2027-01-01", "2028-02-29", "2027-03-31", "2026-11-30", "2026-12-31", "2031-08-05"))
)
"""Days on which deadlines, report years, months and leap years turn, and one far away."""

TESTS = (
    "tests/db",
    "tests/spiders",
    "tests/test_refresh.py",
    "tests/test_season.py",
    "tests/test_earlier_archives.py",
    "tests/crawl/test_coverage.py",
    "--deselect=tests/crawl/test_coverage.py::test_the_matrix_of_the_whole_healthy_world_is_the_manifests",
    "tests/crawl/test_end_to_end.py::test_a_crawl_brings_home_every_report_of_the_portals_and_years_asked_for",
    "tests/crawl/test_end_to_end.py::test_a_second_crawl_fetches_no_report_page_again_and_says_so",
    "tests/browse/test_version_timeline.py",
)
"""Tests of what depends on the day: deadlines, due visits, versions in time, a crawl and its coverage. No drills."""

ROOT = Path(__file__).parents[1]
CLOCK = ROOT / "tests" / "clock"


def drawn(today: date) -> date:
    """One of the days; all of them within six days on end."""
    return DAYS[today.toordinal() % len(DAYS)]


def environment(day: date, now: datetime) -> dict[str, str]:
    """The environment in which it is noon of a day; `now` is the time here, where the clock may be shifted already."""
    shift = (datetime.combine(day, time(12), UTC) - now).total_seconds() + float(os.environ.get("CLOCK_SHIFT", "0"))
    path = os.pathsep.join(filter(None, (str(CLOCK), str(ROOT), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "CLOCK_SHIFT": str(shift), "PYTHONPATH": path}


def main(arguments: Sequence[str]) -> int:
    """Run the tests; the code that pytest ended with."""
    now = datetime.now(UTC)
    given = [date.fromisoformat(arguments[0])] if arguments and arguments[0][:1].isdecimal() else []
    day, rest = given[0] if given else drawn(now.date()), arguments[len(given) :]
    tests = rest if any(option.startswith("tests") for option in rest) else (*TESTS, *rest)
    print(f"on {day}: pytest {' '.join(tests)}", flush=True)  # noqa: T201 - the program's output
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests)
    return subprocess.run(command, cwd=ROOT, env=environment(day, now), check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
