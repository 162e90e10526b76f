"""The calendar: daily in January, weekly to mid-April, a sweep in summer; and the units that run it."""

import configparser
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
import tomllib
from collections import Counter
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from govcrawl import season
from govcrawl.errors import UsageError

YEAR = [date(2026, 1, 1) + timedelta(days=days) for days in range(365)]
CALENDAR = season.load_calendar()
ARCHIVE = Path("my archive")


def test_daily_in_january_weekly_to_mid_april_and_a_sweep_in_summer():
    asked = {day: period for day in YEAR if (period := CALENDAR.asked(day))}

    assert Counter((day.month, period.sweep) for day, period in asked.items()) == {
        (1, False): 31,
        (2, False): 4,
        (3, False): 5,
        (4, False): 2,
        (7, True): 1,
    }
    assert {day.weekday() for day in asked if day.month in {2, 3, 4}} == {0}


def test_the_commands_of_a_day_are_what_a_shell_runs():
    told = season.crawls(CALENDAR.asked(date(2026, 1, 5)), ("zhejiang", "hubei"), ARCHIVE)

    assert told == (
        ("scrapy", "crawl", "zhejiang", "-s", "GOVCRAWL_ARCHIVE=my archive"),
        ("scrapy", "crawl", "hubei", "-s", "GOVCRAWL_ARCHIVE=my archive"),
    )
    assert season.crawls(CALENDAR.asked(date(2026, 7, 1)), ("hubei",), Path("a")) == (
        ("scrapy", "crawl", "hubei", "-s", "GOVCRAWL_ARCHIVE=a", "-s", "GOVCRAWL_SWEEP=1"),
    )
    assert season.crawls(CALENDAR.asked(date(2026, 7, 2)), ("hubei",), Path("a")) == ()


@pytest.mark.parametrize(
    ("day", "line"),
    [
        ("2026-01-05", "2026-01-05: reports are due, every day; next on 2026-01-06: reports are due"),
        ("2026-05-01", "2026-05-01: no crawl today; next on 2026-07-01: a sweep of all known pages"),
        ("2026-07-01", "2026-07-01: a sweep of all known pages; next on 2027-01-01: reports are due"),
    ],
)
def test_a_day_is_explained(day, line):
    assert season.calendar_explanation(CALENDAR, date.fromisoformat(day)) == line


def test_a_calendar_of_ones_own(tmp_path: Path):
    path = tmp_path / "calendar.toml"
    path.write_text(
        'at = "03:07"\nzone = "UTC"\n[[periods]]\nname = "x"\nfirst = "02-29"\nlast = "03-31"\nevery = "sun"\n'
    )
    calendar = season.load_calendar(path)

    assert calendar.at == calendar.in_utc == time(3, 7)
    assert [day.isoformat() for day in YEAR if calendar.asked(day)][:2] == ["2026-03-01", "2026-03-08"]


@pytest.mark.parametrize(
    "text", ["at = 5", 'at = "03:00"\nzone = "Nowhere/At"\nperiods = []', "at = ", 'at = "03:00"\nzone = "UTC"']
)
def test_what_is_no_calendar_is_said(tmp_path: Path, text: str):
    path = tmp_path / "calendar.toml"
    path.write_text(text)

    with pytest.raises(UsageError, match=r"calendar.toml: this is no calendar"):
        season.load_calendar(path)
    with pytest.raises(UsageError, match="name a calendar that can be read"):
        season.load_calendar(tmp_path / "missing.toml")


def test_a_rhythm_that_does_not_exist_is_said(tmp_path: Path):
    text = 'at = "03:00"\nzone = "UTC"\n[[periods]]\nname = "x"\nfirst = "01-01"\nlast = "01-31"\nevery = "fortnight"'
    (tmp_path / "calendar.toml").write_text(text)

    with pytest.raises(UsageError, match="fortnight"):
        season.load_calendar(tmp_path / "calendar.toml")


CALL = ("/opt/my crawl/bin/govcrawl", "season", "--run", "--archive=100%/$HOME")


def test_the_timer_asks_the_calendar_once_a_day_in_chinas_time():
    parts = re.split(r"# (govcrawl\S*)\n", season.unit("systemd", CALENDAR, CALL, Path("/srv/crawl")))[1:]
    units = {name: configparser.ConfigParser(interpolation=None) for name in parts[::2]}
    for unit, text in zip(units.values(), parts[1::2], strict=True):
        unit.optionxform = str
        unit.read_string(text)

    assert units["govcrawl.timer"]["Timer"]["OnCalendar"] == "*-*-* 09:17:00 Asia/Shanghai"
    service = units["govcrawl.service"]["Service"]
    assert service["WorkingDirectory"] == "/srv/crawl"
    assert service["ExecStart"] == '"/opt/my crawl/bin/govcrawl" "season" "--run" "--archive=100%%/$$HOME"'
    assert units["govcrawl.service"]["Unit"]["OnFailure"] in units


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path):
    folder = tmp_path / "a crawl"
    folder.mkdir()
    call = (sys.executable, "season", f"--archive={folder}")
    parts = re.split(r"# (govcrawl\S*)\n", season.unit("systemd", CALENDAR, call, folder))[1:]
    for name, text in zip(parts[::2], parts[1::2], strict=True):
        (tmp_path / name).write_text(text)

    command = ("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *map(str, tmp_path.glob("govcrawl*")))
    judged = subprocess.run(command, capture_output=True, text=True, check=False)

    assert [line for line in judged.stderr.splitlines() if "govcrawl" in line] == []
    assert judged.returncode == 0


def test_the_cron_line_has_five_fields_and_a_zone():
    zone, line = season.unit("cron", CALENDAR, CALL, Path("/srv/my crawl")).splitlines()

    assert zone == "CRON_TZ=Asia/Shanghai"
    assert line.startswith("17 9 * * * cd '/srv/my crawl' && '/opt/my crawl/bin/govcrawl' season --run ")
    assert line.endswith(r" '--archive=100\%/$HOME'")


def test_the_printed_cron_line_ends_as_its_crawls_do(govcrawl, tmp_path: Path):
    line = govcrawl("season", "--cron", "--province", "hubei").stdout.splitlines()[1]
    call = line.split(maxsplit=5)[5].replace(r"\%", "%")
    program = call.partition(" && ")[2].split()[0]

    def ends(text: str, day: str) -> int:
        environment = {**os.environ, "GOVCRAWL_TODAY": day}
        return subprocess.run(("sh", "-c", text), env=environment, capture_output=True, check=False).returncode

    assert ends(call, "2026-05-01") == 0  # no crawl that day
    assert ends(call.replace(program, str(tmp_path / "govcrawl")), "2026-01-05") == 127
    assert ends(call.replace("cd ", f"cd {tmp_path}/gone/"), "2026-01-05") != 0


def test_the_workflow_is_due_at_the_same_moment_in_utc_and_its_steps_are_sound():
    text = season.unit("github", CALENDAR, CALL, Path())
    steps = [textwrap.dedent(step) for step in re.findall(r"run: \|\n((?: {10}.*\n)+)", text)]
    steps += re.findall(r"run: ([^|\n].*)", text)

    assert '- cron: "17 1 * * *"' in text
    assert "if: always() && steps.restore.outcome == 'success'" in text
    assert len(steps) == 4
    for step in steps:
        assert subprocess.run(("bash", "-n", "-c", step), check=False).returncode == 0, step


def program(folder: Path, text: str) -> tuple[str, ...]:
    """A command of Python as a day's commands are: what runs, what it does, its name, its options."""
    (folder / "stand_in.py").write_text(textwrap.dedent(text))
    return "stand_in", "crawl"


ENDS = """
    import sys
    sys.exit(int(sys.argv[2].partition("-")[2]))
"""


def test_every_crawl_is_run_whatever_the_one_before_did(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    stand_in = program(tmp_path, ENDS)
    run = season.SeasonRun([(*stand_in, f"{name}-{code}") for name, code in (("a", 0), ("b", 2), ("c", 1), ("d", 0))])

    assert run.run() == 2
    assert run.summary() == "4 crawls: 2 ended with 0, b-2 ended with 2, c-1 ended with 1"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_crawl_that_runs_and_begins_no_other(tmp_path: Path, monkeypatch, number):
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    told = tmp_path / "told"
    stand_in = program(
        tmp_path,
        f"""
        import os, pathlib, signal, sys, time
        def end(number, frame):
            with pathlib.Path({str(told)!r}).open("a") as file:
                file.write(f"{{sys.argv[2]}} {{number}}\\n")
            sys.exit(0)
        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
        os.kill(os.getppid(), {int(number)})
        time.sleep(60)
        """,
    )
    run = season.SeasonRun([(*stand_in, "first"), (*stand_in, "second")])
    before = signal.getsignal(number)

    assert run.run() == 1
    assert told.read_text() == f"first {int(number)}\n"
    assert run.summary() == "2 crawls: 1 ended with 0, 1 did not begin"
    assert signal.getsignal(number) is before


def test_the_command_prints_commands_alone_on_stdout(govcrawl, monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-01-05")
    today = govcrawl("season", "--province", "hubei", "--archive", "a")
    timer = govcrawl("season", "--systemd", "--province", "hubei")
    wrong = govcrawl("season", "--province", "atlantis")

    assert today.stdout == "scrapy crawl hubei -s GOVCRAWL_ARCHIVE=a\n"
    assert "reports are due" in today.stderr
    assert '"season" "--run" "--archive=archive" "--province=hubei"' in timer.stdout
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)


def test_all_provinces_are_crawled_unless_some_are_named(govcrawl, monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-07-01")

    lines = govcrawl("season").stdout.splitlines()

    assert len(lines) == 31
    assert all(line.endswith(" -s GOVCRAWL_SWEEP=1") for line in lines)


def test_the_package_ships_its_calendar():
    text = (Path(season.__file__).parent / "season.toml").read_text("utf-8")

    assert len(tomllib.loads(text)["periods"]) == 3
