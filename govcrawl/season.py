"""When to crawl: what the calendar asks for on a day, and the units with which a machine does it by itself.

The calendar is data (`season.toml`, or a file of the same form). The units printed here all do the same: they run once
a day whatever `govcrawl season` prints for it, so the calendar stays the only place that decides.
"""

import shlex
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from govcrawl.errors import UsageError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
RHYTHMS = ("day", "once", *WEEKDAYS)
SWEEP = "-s GOVCRAWL_SWEEP=1"


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of the year, `(month, day)` to `(month, day)`, and how often to crawl in it."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    every: str
    sweep: bool = False

    def asks(self, day: date) -> bool:
        """Whether a crawl is asked for on a day."""
        if not self.first <= (day.month, day.day) <= self.last:
            return False
        if self.every == "once":
            return (day.month, day.day) == self.first
        return self.every in {"day", WEEKDAYS[day.weekday()]}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a year, and the time of day in a zone."""

    at: time
    zone: ZoneInfo
    periods: tuple[Period, ...]

    def asked(self, day: date) -> Period | None:
        """The first period that asks for a crawl on a day, None where none does."""
        return next((period for period in self.periods if period.asks(day)), None)

    def following(self, day: date) -> tuple[date, Period] | None:
        """The next day after one that has a crawl, with its period; None where no day of the year has."""
        days = (day + timedelta(days=ahead) for ahead in range(1, 367))
        return next(((later, period) for later in days if (period := self.asked(later))), None)

    @property
    def in_utc(self) -> time:
        """The time of day in UTC, as in January."""
        return datetime.combine(date(2024, 1, 1), self.at, self.zone).astimezone(UTC).time()


def load_calendar(path: Path | None = None) -> Calendar:
    """The calendar of a file, else that of the package; UsageError names what is wrong with it."""
    try:
        text = path.read_text("utf-8") if path else files("govcrawl").joinpath("season.toml").read_text("utf-8")
        told = tomllib.loads(text)
        return Calendar(time.fromisoformat(told["at"]), ZoneInfo(told["zone"]), tuple(map(_period, told["periods"])))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}; name a calendar that can be read") from error
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(f"{path}: this is no calendar ({error}); see `govcrawl/season.toml` for the form") from error


def _period(told: Mapping[str, Any]) -> Period:
    if told["every"] not in RHYTHMS:
        raise ValueError(f"every = {told['every']!r} is none of {', '.join(RHYTHMS)}")
    days = {name: _month_and_day(told[name]) for name in ("first", "last")}
    return Period(**{**told, **days})


def _month_and_day(text: str) -> tuple[int, int]:
    day = date.fromisoformat(f"2024-{text}")
    return day.month, day.day


def spiders(wanted: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The spiders of some provinces, of all for none; UsageError for one that the registry does not have."""
    wrong = [name for name in wanted if name not in known]
    if wrong:
        raise UsageError(f"--province {wrong[0]}: the registry has no such province; it has {', '.join(known)}")
    return tuple(wanted or known)


def commands(period: Period | None, names: Sequence[str], archive: Path) -> tuple[str, ...]:
    """The commands of a day, one for each spider; none where the calendar asks for none."""
    if period is None:
        return ()
    settings = f"-s GOVCRAWL_ARCHIVE={shlex.quote(str(archive))}{f' {SWEEP}' if period.sweep else ''}"
    return tuple(f"scrapy crawl {spider} {settings}" for spider in names)


def calendar_explanation(calendar: Calendar, day: date) -> str:
    """What the calendar says of a day, in a line."""
    period, following = calendar.asked(day), calendar.following(day)
    today = f"{period.name}, every {period.every}" if period and period.every != "once" else period and period.name
    then = f"; next on {following[0]}: {following[1].name}" if following else "; no other day of the year has a crawl"
    return f"{day}: {today or 'no crawl today'}{then}"


# --------------------------------------------------------------------------------------------------------- units


def systemd(calendar: Calendar, call: str, folder: Path) -> str:
    """A service and a timer, as two files."""
    return f"""\
# govcrawl.service
[Unit]
Description=Crawl what the calendar asks for today
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory={folder}
Environment=PATH={_programs()}:/usr/bin:/bin
ExecStart=/bin/sh -c '{call} | sh -e'
Nice=10

# govcrawl.timer
[Unit]
Description=Ask the calendar once a day

[Timer]
OnCalendar=*-*-* {calendar.at:%H:%M}:00 {calendar.zone.key}
Persistent=true

[Install]
WantedBy=timers.target
"""


def cron(calendar: Calendar, call: str, folder: Path) -> str:
    """Lines for `crontab -e`."""
    crawl = f"cd {shlex.quote(str(folder))} && PATH={_programs()}:$PATH && {call} | sh -e"
    return f"CRON_TZ={calendar.zone.key}\n{calendar.at.minute} {calendar.at.hour} * * * {crawl}\n"


def github(calendar: Calendar, call: str, _: Path) -> str:
    """A workflow; the archive is kept from run to run as a cache, which is for trying out: mirror it for keeps."""
    utc = calendar.in_utc
    return f"""\
name: crawl
on:
  schedule:
    - cron: "{utc.minute} {utc.hour} * * *"
  workflow_dispatch:
concurrency: crawl
jobs:
  crawl:
    runs-on: ubuntu-latest
    timeout-minutes: 350
    steps:
      - uses: actions/setup-python@v5
        with:
          python-version: "3.11"
      - run: pip install govcrawl && govcrawl init .
      - uses: actions/cache@v4
        with:
          path: archive
          key: archive-${{{{ github.run_id }}}}
          restore-keys: archive-
      - run: {call} | sh -e
"""


UNIT_WRITERS: Mapping[str, Callable[[Calendar, str, Path], str]] = {"systemd": systemd, "cron": cron, "github": github}
"""What can be printed, by the name of the option that asks for it."""


def _programs() -> str:
    """The folder of the programs of this installation."""
    return shlex.quote(str(Path(sys.executable).parent))
