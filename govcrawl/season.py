"""The calendar of crawls: what is due on a day, and the scheduler units that run it.

The calendar is data (`season.toml`, or a file of the same form). All units do the same: once a day they run what
`govcrawl season` prints, so the calendar alone decides.
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
    """A part of the year, from `(month, day)` to `(month, day)`, and how often to crawl in it."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]
    every: str
    sweep: bool = False

    def asks(self, day: date) -> bool:
        """True if a crawl is due on a day."""
        if not self.first <= (day.month, day.day) <= self.last:
            return False
        if self.every == "once":
            return (day.month, day.day) == self.first
        return self.every in {"day", WEEKDAYS[day.weekday()]}


@dataclass(frozen=True, slots=True)
class Calendar:
    """The periods of a year, and the time of day in a time zone."""

    at: time
    zone: ZoneInfo
    periods: tuple[Period, ...]

    def asked(self, day: date) -> Period | None:
        """Returns the first period with a crawl on a day, or None."""
        return next((period for period in self.periods if period.asks(day)), None)

    def following(self, day: date) -> tuple[date, Period] | None:
        """Returns the next later day with a crawl, and its period; None if no day of the year has one."""
        days = (day + timedelta(days=ahead) for ahead in range(1, 367))
        return next(((later, period) for later in days if (period := self.asked(later))), None)

    @property
    def in_utc(self) -> time:
        """The time of day in UTC, as in January."""
        return datetime.combine(date(2024, 1, 1), self.at, self.zone).astimezone(UTC).time()


def load_calendar(path: Path | None = None) -> Calendar:
    """Returns the calendar of a file, by default the package's; raises UsageError that names the fault in it."""
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
    """Returns the spiders of some provinces, all of them for none; raises UsageError for an unknown one."""
    wrong = [name for name in wanted if name not in known]
    if wrong:
        raise UsageError(f"--province {wrong[0]}: the registry has no such province; it has {', '.join(known)}")
    return tuple(wanted or known)


def commands(period: Period | None, names: Sequence[str], archive: Path) -> tuple[str, ...]:
    """Returns the commands of a day, one per spider; empty without a period."""
    if period is None:
        return ()
    settings = f"-s GOVCRAWL_ARCHIVE={shlex.quote(str(archive))}{f' {SWEEP}' if period.sweep else ''}"
    return tuple(f"scrapy crawl {spider} {settings}" for spider in names)


def calendar_explanation(calendar: Calendar, day: date) -> str:
    """Returns what is due on a day, as one line."""
    period, following = calendar.asked(day), calendar.following(day)
    today = f"{period.name}, every {period.every}" if period and period.every != "once" else period and period.name
    then = f"; next on {following[0]}: {following[1].name}" if following else "; no other day of the year has a crawl"
    return f"{day}: {today or 'no crawl today'}{then}"


# --------------------------------------------------------------------------------------------------------- units


def systemd(calendar: Calendar, call: str, folder: Path) -> str:
    """Returns a service and a timer, as the text of two files."""
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
    """Returns lines for `crontab -e`."""
    crawl = f"cd {shlex.quote(str(folder))} && PATH={_programs()}:$PATH && {call} | sh -e"
    return f"CRON_TZ={calendar.zone.key}\n{calendar.at.minute} {calendar.at.hour} * * * {crawl}\n"


def github(calendar: Calendar, call: str, _: Path) -> str:
    """Returns a workflow. It keeps the archive in a cache between runs, which is for trials only."""
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
"""Name of the option → function that returns the unit's text."""


def _programs() -> str:
    """The folder of this installation's programs."""
    return shlex.quote(str(Path(sys.executable).parent))
