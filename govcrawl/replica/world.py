"""The replica as a whole: all portals under their hosts, the scenario's faults, the log and the manifest.

`Replica.answer` is all a server needs; it knows nothing of sockets. The same seed, scenario and extra folder give the
same bytes on any machine and day.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from govcrawl.replica.annual_report import reports_of
from govcrawl.replica.answers import Answer, Asked
from govcrawl.replica.entries import FIRST_NUMBER, Entry, Expected, Lists, disallowed, lists_of, stray_address
from govcrawl.replica.extra import Extra, entries_of, read_extra
from govcrawl.replica.journal import Journal, Logged, path_class
from govcrawl.replica.later import lists_on
from govcrawl.replica.manifest import manifest
from govcrawl.replica.mirror import mirrored
from govcrawl.replica.plan import Channel, PortalPlan, load_plan, plain_plan
from govcrawl.replica.scenarios import HEALTHY, Scenario, Striker, find_scenario
from govcrawl.replica.site import ROBOTS, Site, site_of
from govcrawl.replica.wire import WHOLE

SEED = 20240131
ADMIN = "/.replica/"
UNKNOWN_HOST = Answer(b"<html><body>no such host in the replica</body></html>", status=421)
PADDING_TITLE = "关于召开工作会议的通知（{number}）"


class Replica:
    """The replicated portals.

    Args:
        seed: The source of every draw.
        scenario: Which requests go wrong; UsageError for a name that does not exist.
        extra: A folder of pages to publish besides, see `extra.py`; UsageError where it is wrong.
        day: 0 for the day of publication, else a later one, see `later.py`.
    """

    def __init__(self, seed: int = SEED, scenario: str = HEALTHY, extra: Path | None = None, day: int = 0) -> None:
        self.seed = seed
        self.scenario = find_scenario(scenario)
        self.sites = _sites(seed, self.scenario, read_extra(extra) if extra else None, day)
        self.journal = Journal()
        self._striker = Striker(self.scenario.rules)
        self._robots: dict[tuple[str, str], tuple[str, ...]] = {}
        self._by_host = {bare(host): site for site in self.sites for host in site.plan.hosts}
        self._mirrors = {bare(host): site for site in self.sites for host in _mirror_hosts(site.plan)}

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the replicated portals, as the registry names them; mirrors are not among them."""
        return tuple(host for site in self.sites for host in site.plan.hosts)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The truth of everything served."""
        return manifest(self.sites, self.seed, self.scenario)

    def answer(self, asked: Asked) -> Answer:
        """What is answered to a request; every request but the admin's own is in the log."""
        if asked.path.startswith(ADMIN):
            return self._admin(asked.path.removeprefix(ADMIN))
        site = self._by_host.get(bare(asked.host))
        answer = self._striker.strike(asked, site.answer(asked)) if site else self._mirror(asked)
        self._log(asked, answer, forbidden=self._forbids(site, asked) if site else True)
        if asked.path == ROBOTS:
            self._robots[asked.host, asked.scheme] = _kept_out(answer)
        return answer

    def _forbids(self, site: Site, asked: Asked) -> bool:
        """Whether what the host last gave as its robots.txt keeps crawlers from the path; before that, what it has."""
        given = self._robots.get((asked.host, asked.scheme))
        return site.forbids(asked.path) if given is None else asked.path != ROBOTS and asked.path.startswith(given)

    def _mirror(self, asked: Asked) -> Answer:
        site = self._mirrors.get(bare(asked.host))
        return mirrored(site.answer(asked), site.plan.region) if site and asked.path != ROBOTS else UNKNOWN_HOST

    def _log(self, asked: Asked, answer: Answer, *, forbidden: bool) -> None:
        query = "&".join(f"{name}={value}" for name, value in sorted(asked.parameters.items()))
        address = f"{asked.path}?{query}" if query else asked.path
        kind = path_class(asked.path)
        self.journal.add(Logged(time.monotonic(), asked.host, asked.method, address, kind, answer.status, forbidden))

    def _admin(self, name: str) -> Answer:
        told = {
            "hosts": lambda: list(self.hosts),
            "manifest": lambda: self.manifest,
            "log": self.journal.summary,
            "reset": self._reset,
        }
        if name not in told:
            return Answer(
                f"no {ADMIN}{name}; there are {', '.join(told)}\n".encode(), status=404, media_type="text/plain"
            )
        return Answer(json.dumps(told[name](), ensure_ascii=False).encode(), media_type="application/json")

    def _reset(self) -> dict[str, bool]:
        self.journal.reset()
        self._striker.reset()
        self._robots.clear()
        return {"reset": True}


def _kept_out(robots: Answer) -> tuple[str, ...]:
    """The paths that a robots.txt as it was given keeps crawlers from; all of them where it cannot be read."""
    if robots.status >= 500 or robots.delivery != WHOLE:
        return ("/",)
    return disallowed(robots.body.decode()) if robots.status == 200 else ()


def bare(host: str) -> str:
    """A host without port, case and `www.`: what a portal is looked up by."""
    return host.partition(":")[0].lower().removeprefix("www.")


def _mirror_hosts(plan: PortalPlan) -> Iterable[str]:
    return (oddity.value for oddity in plan.oddities if oddity.kind == "mirror")


# ---------------------------------------------------------------------------------------------------------- building


def _sites(seed: int, chosen: Scenario, extra: Extra | None, day: int) -> tuple[Site, ...]:
    portals = {each.portal.id: each for each in load_plan().portals}
    if extra and not _is_open(portals.get(extra.portal.id)):
        portals[extra.portal.id] = plain_plan(extra.portal)
    lists = {key: _lists(each, seed) for key, each in portals.items()}
    if day:
        lists = {key: lists_on(load_plan(), portals[key], each, seed, day) for key, each in lists.items()}
    if extra:
        channel, entries = entries_of(portals[extra.portal.id], extra)
        old = lists[extra.portal.id]
        lists[extra.portal.id] = {**old, channel: (*entries, *old[channel])}
    return tuple(site_of(each, _resized(chosen.rows.get(key), each, lists[key])) for key, each in portals.items())


@cache
def _lists(portal: PortalPlan, seed: int) -> Lists:
    """A portal's own lists: the same for every scenario, so that many replicas in one process share their pages."""
    return lists_of(portal, reports_of(load_plan(), portal, seed))


def _is_open(plan: PortalPlan | None) -> bool:
    """Whether a crawl can get at what the portal publishes."""
    return plan is not None and plan.wall is None and plan.robots_status < 500


def _resized(rows: int | None, plan: PortalPlan, lists: Lists) -> Mapping[Channel, tuple[Entry, ...]]:
    if rows is None:
        return lists
    return {
        channel: (*_padding(plan, channel, rows - len(entries)), *entries)[:rows] for channel, entries in lists.items()
    }


def _padding(plan: PortalPlan, channel: Channel, count: int) -> Sequence[Entry]:
    """Rows that are plainly no reports, and lead nowhere."""
    if channel.kind == "viewer":
        return ()
    return [
        Entry(
            title=PADDING_TITLE.format(number=number),
            address=stray_address(plan, channel, "2025-12-30", FIRST_NUMBER - 100 - number),
            listed_on="2025-12-30",
            expected=Expected.NOT_A_REPORT,
        )
        for number in range(count)
    ]
