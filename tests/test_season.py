"""The calendar: daily in January, weekly to mid-April, a sweep in summer; and the units that run it."""

import configparser
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


def test_the_commands_of_a_day_are_what_a_shell_runs(tmp_path: Path):
    told = season.commands(CALENDAR.asked(date(2026, 1, 5)), ("zhejiang", "hubei"), ARCHIVE)

    assert told == (
        "scrapy crawl zhejiang -s GOVCRAWL_ARCHIVE='my archive'",
        "scrapy crawl hubei -s GOVCRAWL_ARCHIVE='my archive'",
    )
    assert season.commands(CALENDAR.asked(date(2026, 7, 1)), ("hubei",), Path("a")) == (
        "scrapy crawl hubei -s GOVCRAWL_ARCHIVE=a -s GOVCRAWL_SWEEP=1",
    )
    assert season.commands(CALENDAR.asked(date(2026, 7, 2)), ("hubei",), Path("a")) == ()


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


def test_the_timer_asks_the_calendar_once_a_day_in_chinas_time():
    service, timer = season.systemd(CALENDAR, "govcrawl season", Path("/srv/crawl")).split("# govcrawl.timer\n")
    unit = configparser.ConfigParser(interpolation=None)
    unit.read_string(timer)

    assert unit["Timer"]["OnCalendar"] == "*-*-* 09:17:00 Asia/Shanghai"
    assert "WorkingDirectory=/srv/crawl\n" in service
    assert "ExecStart=/bin/sh -c 'govcrawl season | sh -e'\n" in service


def test_the_cron_line_has_five_fields_and_a_zone():
    zone, line = season.cron(CALENDAR, "govcrawl season", Path("/srv/my crawl")).splitlines()

    assert zone == "CRON_TZ=Asia/Shanghai"
    assert line.startswith("17 9 * * * cd '/srv/my crawl' && ")
    assert line.endswith("govcrawl season | sh -e")


def test_the_workflow_is_due_at_the_same_moment_in_utc():
    text = season.github(CALENDAR, "govcrawl season", Path())

    assert '- cron: "17 1 * * *"' in text
    assert "key: archive-${{ github.run_id }}" in text


def test_the_command_prints_commands_alone_on_stdout(govcrawl, monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-01-05")
    today = govcrawl("season", "--province", "hubei", "--archive", "a")
    timer = govcrawl("season", "--systemd", "--province", "hubei")
    wrong = govcrawl("season", "--province", "atlantis")

    assert today.stdout == "scrapy crawl hubei -s GOVCRAWL_ARCHIVE=a\n"
    assert "reports are due" in today.stderr
    assert "season --archive archive --province hubei | sh -e" in timer.stdout
    assert (wrong.returncode, wrong.stdout, wrong.stderr.count("\n")) == (2, "", 1)


def test_all_provinces_are_crawled_unless_some_are_named(govcrawl, monkeypatch):
    monkeypatch.setenv("GOVCRAWL_TODAY", "2026-07-01")

    lines = govcrawl("season").stdout.splitlines()

    assert len(lines) == 31
    assert all(line.endswith(" -s GOVCRAWL_SWEEP=1") for line in lines)


def test_the_package_ships_its_calendar():
    text = (Path(season.__file__).parent / "season.toml").read_text("utf-8")

    assert len(tomllib.loads(text)["periods"]) == 3
