"""The calendar of crawls: what is due on a day, its run, and the scheduler units that start it.

The calendar is data (`season.toml`, or a file of the same form). All units do the same: once a day they call
`govcrawl season --run`, so the calendar alone decides.
"""

import getpass
import re
import shlex
import signal
import subprocess
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
SWEEP = ("-s", "GOVCRAWL_SWEEP=1")

_Words = Mapping[str, str]


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


def crawls(period: Period | None, names: Sequence[str], archive: Path) -> tuple[tuple[str, ...], ...]:
    """Returns the commands of a day, one per spider; empty without a period."""
    if period is None:
        return ()
    settings = ("-s", f"GOVCRAWL_ARCHIVE={archive}", *(SWEEP if period.sweep else ()))
    return tuple(("scrapy", "crawl", spider, *settings) for spider in names)


def calendar_explanation(calendar: Calendar, day: date) -> str:
    """Returns what is due on a day, as one line."""
    period, following = calendar.asked(day), calendar.following(day)
    today = f"{period.name}, every {period.every}" if period and period.every != "once" else period and period.name
    then = f"; next on {following[0]}: {following[1].name}" if following else "; no other day of the year has a crawl"
    return f"{day}: {today or 'no crawl today'}{then}"


# ----------------------------------------------------------------------------------------------------------- runs


class SeasonRun:
    """The run of a day's commands, one after the other, whatever the one before did.

    A signal goes on to the command that runs, which ends in good order; no further one begins. Each has a session of
    its own, so that a terminal's Ctrl-C reaches it once and not twice, which Scrapy would take for "at once".
    """

    def __init__(self, commands: Sequence[tuple[str, ...]]) -> None:
        self.commands = commands
        self.codes: dict[tuple[str, ...], int] = {}
        self._is_stopped = False
        self._running: subprocess.Popen[bytes] | None = None

    def run(self) -> int:
        """Runs all; returns the worst exit code, at least 1 if some did not begin or died of a signal."""
        before = {each: signal.signal(each, self._stop) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            for command in self.commands:
                if not self._is_stopped:
                    self._run_one(command)
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
        return max((0, *(1 if code < 0 else code for code in self.codes.values()), int(self._left > 0)))

    @property
    def _left(self) -> int:
        return len(self.commands) - len(self.codes)

    def _run_one(self, command: tuple[str, ...]) -> None:
        program = (sys.executable, "-m", *command)
        with subprocess.Popen(program, start_new_session=True) as self._running:  # noqa: S603 - our own command
            self.codes[command] = self._running.wait()

    def _stop(self, number: int, _: object) -> None:
        self._is_stopped = True
        if self._running and self._running.poll() is None:
            self._running.send_signal(number)

    def summary(self) -> str:
        """`31 crawls: 29 ended with 0, hubei ended with 1, 1 did not begin`."""
        well = sum(code == 0 for code in self.codes.values())
        worse = [f"{spider} ended with {code}" for (_, _, spider, *_), code in self.codes.items() if code]
        left = [f"{self._left} did not begin"] if self._left else []
        count = len(self.commands)
        return f"{count} crawl{'' if count == 1 else 's'}: " + ", ".join((f"{well} ended with 0", *worse, *left))


# ---------------------------------------------------------------------------------------------------------- units


def systemd(call: Sequence[str], folder: Path) -> _Words:
    """Returns how a service names the call, its folder and its user. `%` and `$` would mean something to systemd."""
    quoted = (re.sub(r'[\\"]', r"\\\g<0>", word).replace("%", "%%").replace("$", "$$") for word in call)
    return {
        "CALL": " ".join(f'"{word}"' for word in quoted),
        "FOLDER": str(folder).replace("%", "%%"),
        "USER": getpass.getuser(),
    }


def cron(call: Sequence[str], folder: Path) -> _Words:
    """Returns how a crontab names the call and its folder. There `%` stands for the end of a line."""
    words = {"CALL": shlex.join(call), "FOLDER": shlex.quote(str(folder))}
    return {name: text.replace("%", r"\%") for name, text in words.items()}


def github(call: Sequence[str], _: Path) -> _Words:
    """Returns how a workflow names the call: by the program that it installs."""
    return {"CALL": shlex.join(("govcrawl", *call[1:]))}


UNITS: Mapping[str, tuple[str, Callable[[Sequence[str], Path], _Words]]] = {
    "systemd": ("systemd.txt", systemd),
    "cron": ("cron.txt", cron),
    "github": ("github.yml", github),
}
"""Name of the option → the file of its text in `units/`, and how words are written in it."""


def unit(kind: str, calendar: Calendar, call: Sequence[str], folder: Path) -> str:
    """Returns the text of the units of a kind, with the calendar's time, the call and its folder in it."""
    file, written = UNITS[kind]
    text = files("govcrawl").joinpath("units", file).read_text("utf-8")
    words = {**_times(calendar), **written(call, folder)}
    return re.sub(r"@([A-Z_]+)@", lambda found: words[found[1]], text)


def _times(calendar: Calendar) -> _Words:
    here, utc = calendar.at, calendar.in_utc
    return {
        "TIME": f"{here:%H:%M:%S}",
        "HOUR": str(here.hour),
        "MINUTE": str(here.minute),
        "ZONE": calendar.zone.key,
        "UTC_HOUR": str(utc.hour),
        "UTC_MINUTE": str(utc.minute),
    }
