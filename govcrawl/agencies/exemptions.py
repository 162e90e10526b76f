"""Who owes no report of a year, and why: the rules of `exemptions.toml`, read once.

Pure but for reading the file of the package.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Exemption:
    """A rule: `organs` matches the end of a name, `divisions` are codes, empty ones mean all; years are inclusive."""

    reason: str
    organs: str = ""
    divisions: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    def covers(self, name: str, division: str) -> bool:
        """Whether the rule is about an organ, by its name and the code of its division."""
        is_place = not self.divisions or division in self.divisions
        return is_place and bool(re.search(f"(?:{self.organs})$", name))

    def spans(self, year: int) -> bool:
        """Whether the rule is about a report year."""
        return (self.since is None or self.since <= year) and (self.until is None or year <= self.until)


@cache
def exemptions() -> tuple[Exemption, ...]:
    """All rules, in the order of the file."""
    text = files("govcrawl.agencies").joinpath("exemptions.toml").read_text(encoding="utf-8")
    rules = tomllib.loads(text)["exemptions"]
    return tuple(Exemption(**{**rule, "divisions": tuple(rule.get("divisions", ()))}) for rule in rules)


@cache
def exemptions_of(name: str, division: str) -> tuple[Exemption, ...]:
    """The rules that are about an organ."""
    return tuple(rule for rule in exemptions() if rule.covers(name, division))


def exempt(name: str, division: str, year: int) -> str | None:
    """Why an organ owes no report of a year; None where it owes one. The first rule that fits gives the reason."""
    return next((rule.reason for rule in exemptions_of(name, division) if rule.spans(year)), None)
