"""The last lines of every run: reports found of those expected, walls, lists of unknown length, hosts, rests. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from govcrawl.db.queries.new_addresses import NewAddress
from govcrawl.db.queries.portal_answers import PortalAnswers
from govcrawl.db.queries.run_totals import FOUND, NOT_EXPECTED, RestingHost
from govcrawl.models import Portal
from govcrawl.portals import Registry
from govcrawl.portals.domains import is_government
from govcrawl.portals.writing import entry_line
from govcrawl.vocabulary import CoverageState, Outcome

_SHOWN = 12
"""Names in one line; more are counted."""


def found_of_expected(states: Counter[CoverageState], years: Sequence[int]) -> str:
    """`found 27 of 29 reports expected of 2024, 24 with figures`."""
    found = sum(states[state] for state in FOUND)
    expected = sum(count for state, count in states.items() if state not in NOT_EXPECTED)
    of = f" of {_span(years)}" if years else ""
    return f"found {found} of {expected} reports expected{of}, {states[CoverageState.OK]} with figures"


def blocked(answers: Mapping[str, PortalAnswers], registry: Mapping[str, Portal]) -> str:
    """The portals that answered something with a wall."""
    walled = [key for key, given in answers.items() if given.outcomes[Outcome.BLOCKED]]
    return f"blocked: {_some(f'{key} {registry[key].name}' for key in walled)}"


def unknown_length(lists: Mapping[str, int]) -> str:
    """The portals with lists whose further pages could not be asked for."""
    return f"lists of unknown length: {_some(f'{portal} ({count})' for portal, count in lists.items())}"


def resting(found: Iterable[RestingHost]) -> str:
    """Which domains are left alone, until when."""
    return f"resting: {_some(map(str, found))}"


def new_addresses(found: Mapping[str, Sequence[NewAddress]]) -> Iterator[str]:
    """A line for each portal whose lists gave rows other addresses than before, with the first of them."""
    for portal, rows in found.items():
        yield (
            f"{portal}: {len(rows)} rows came back under other addresses, each counts as another document;"
            f" the first was {rows[0].before} and is {rows[0].now}"
        )


def to_register(
    asked: Mapping[str, Sequence[str]], refused: Mapping[str, Sequence[str]], registry: Registry
) -> Iterator[str]:
    """The hosts that no entry lists and portals lead to, then for each such portal the line of TOML that adds them.

    `asked` are the siblings that were asked, `refused` the hosts that were not.
    """
    left = {portal: tuple(filter(lambda host: _is_new(host, registry), hosts)) for portal, hosts in refused.items()}
    named = {key: (*asked.get(key, ()), *left.get(key, ())) for key in sorted({*asked, *left})}
    hosts = {key: tuple(dict.fromkeys(found)) for key, found in named.items() if found}
    yield f"hosts to register: {_some(host for found in hosts.values() for host in found)}"
    for key, found in hosts.items():
        told = ", ".join(filter(None, (_told("asked", asked.get(key, ())), _told("not asked", left.get(key, ())))))
        entry = entry_line(key, {"more_hosts": (*registry[key].hosts[1:], *found)})
        yield f"{registry[key].name}: {told}; into portals/{registry[key].province}.toml, after a look at it:"
        yield entry


def _is_new(host: str, registry: Registry) -> bool:
    return is_government(host) and not registry.allows(host)


def _told(what: str, hosts: Sequence[str]) -> str:
    return f"{what}: {_some(hosts)}" if hosts else ""


def _some(words: Iterable[str]) -> str:
    listed = list(words)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"{', '.join(listed[:_SHOWN])}{more}" or "none"


def _span(years: Sequence[int]) -> str:
    first, last = min(years), max(years)
    return str(first) if first == last else f"{first} to {last}"
