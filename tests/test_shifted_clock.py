import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from .shifted_clock import DAYS, ROOT, TESTS, drawn, environment

ASK = """
import datetime, json, logging, pickle, subprocess, sys, time
now = datetime.datetime.now(datetime.UTC)
record = logging.LogRecord("", 0, "", 0, "", (), None)
days = [
    now.date(), datetime.datetime.now().date(), datetime.datetime.today().date(), datetime.date.today(),
    *(datetime.date.fromtimestamp(each) for each in (time.time(), time.time_ns() / 1e9, record.created)),
    *(datetime.date(*each[:3]) for each in (time.gmtime(), time.localtime())),
    datetime.date.fromisoformat(time.strftime("%Y-%m-%d")),
    datetime.date.fromisoformat(logging.Formatter().formatTime(record)[:10]),
]
assert type(now) is datetime.datetime and pickle.loads(pickle.dumps(now)) == now
assert time.gmtime(0)[:3] == (1970, 1, 1) and time.strftime("%Y", time.gmtime(0)) == "1970"
child = [sys.executable, "-c", "import datetime; print(datetime.date.today())"]
print(json.dumps([*map(str, days), subprocess.run(child, capture_output=True, text=True).stdout.strip()]))
"""


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_way_to_ask_for_the_day_gives_it_in_a_process_and_its_children(day):
    now = datetime.now(UTC)
    command = (sys.executable, "-c", ASK)
    done = subprocess.run(command, env=environment(day, now), capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)) == {str(day)}


def test_every_day_is_drawn_within_as_many_days():
    begin = date(2026, 11, 30)
    assert {drawn(begin + timedelta(days=ahead)) for ahead in range(len(DAYS))} == set(DAYS)
    assert {(day.month, day.day) for day in DAYS} >= {(1, 1), (2, 29), (3, 31), (11, 30), (12, 31)}
    assert any(day.year == 2031 for day in DAYS)


@pytest.mark.parametrize("named", TESTS)
def test_what_is_run_by_name_exists(named):
    """A file that is renamed and still asked for ends the run without one test."""
    path, _, test = named.removeprefix("--deselect=").partition("::")

    assert (ROOT / path).exists()
    assert not test or f"def {test}(" in (ROOT / path).read_text("utf-8")
