"""Exemptions: which organs owe no report for which years, and why. The rules are in `exemptions.toml`.

Pure, except that the package's file is read.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule. `organs` matches the end of a name; `divisions` are codes, empty means all; the years are inclusive."""

    reason: str
    organs: str = ""
    divisions: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    def covers(self, name: str, division: str) -> bool:
        """True if the rule applies to an organ, by its name and its division code."""
        is_place = not self.divisions or division in self.divisions
        return is_place and bool(re.search(f"(?:{self.organs})$", name))

    def spans(self, year: int) -> bool:
        """True if the rule applies to a report year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


@cache
def exemptions() -> tuple[Exemption, ...]:
    """Returns all rules, in the order of the file."""
    text = files("govcrawl.agencies").joinpath("exemptions.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)["exemptions"]
    return tuple(Exemption(**{**rule, "divisions": tuple(rule.get("divisions", ()))}) for rule in rules)


@cache
def exemptions_of(name: str, division: str) -> tuple[Exemption, ...]:
    """Returns the rules that apply to an organ."""
    return tuple(rule for rule in exemptions() if rule.covers(name, division))


def exempt(name: str, division: str, year: int) -> str | None:
    """Returns why an organ owes no report for a year, from the first rule that applies; None if it owes one."""
    return next((rule.reason for rule in exemptions_of(name, division) if rule.spans(year)), None)
