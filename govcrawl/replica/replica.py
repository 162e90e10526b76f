"""The replica as a whole: all portals under their hosts, the scenario's faults, the log and the manifest.

`Replica.respond` is all that a server needs; it knows nothing of sockets. The same seed, scenario, extra folder and day
of the replica give the same bytes on any machine at any time.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from govcrawl.replica.annual_reports.annual_report import published_reports
from govcrawl.replica.extra_pages import ExtraPages, extra_entries, read_extra_pages
from govcrawl.replica.faults.scenarios import HEALTHY_SCENARIO, FaultInjector, Scenario, find_scenario
from govcrawl.replica.faults.spam_mirrors import spam_mirror_page
from govcrawl.replica.later_days import lists_on_day
from govcrawl.replica.lists.addresses import FIRST_ARTICLE_NUMBER, article_address
from govcrawl.replica.lists.channel_lists import build_lists
from govcrawl.replica.lists.entries import ChannelLists, ExpectedOutcome, ListEntry
from govcrawl.replica.manifest import build_manifest
from govcrawl.replica.plan import Channel, PortalPlan, disallowed_paths, load_plan, plain_plan
from govcrawl.replica.portal import ROBOTS_PATH, ReplicaPortal, build_portal
from govcrawl.replica.request_log import LoggedRequest, RequestLog, path_class
from govcrawl.replica.request_response import WHOLE_DELIVERY, ReplicaRequest, ReplicaResponse

_SEED = 20240131
_ADMIN_PATH = "/.replica/"
_UNKNOWN_HOST = ReplicaResponse(b"<html><body>no such host in the replica</body></html>", status=421)
_PADDING_TITLE = "关于召开工作会议的通知（{number}）"


class Replica:
    """The replicated portals.

    Args:
        seed: The source of every draw.
        scenario: Which requests go wrong. Raises UsageError for a name that does not exist.
        extra: A folder of pages to publish besides, see `extra_pages.py`. Raises UsageError where it is wrong.
        day: 0 for the day of publication, else a later one, see `later_days.py`.
    """

    def __init__(
        self, seed: int = _SEED, scenario: str = HEALTHY_SCENARIO, extra: Path | None = None, day: int = 0
    ) -> None:
        self.seed = seed
        self.scenario = find_scenario(scenario)
        self.portals = _build_portals(seed, self.scenario, read_extra_pages(extra) if extra else None, day)
        self.request_log = RequestLog()
        self._injector = FaultInjector(self.scenario.rules)
        self._robots: dict[tuple[str, str], tuple[str, ...]] = {}
        self._by_host = {_bare_host(host): portal for portal in self.portals for host in portal.plan.hosts}
        self._mirrors = {_bare_host(host): portal for portal in self.portals for host in _mirror_hosts(portal.plan)}

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the replicated portals as the registry names them; mirrors are not among them."""
        return tuple(host for portal in self.portals for host in portal.plan.hosts)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """The truth of everything that is served; see `manifest.py`."""
        return build_manifest(self.portals, self.seed, self.scenario)

    def respond(self, request: ReplicaRequest) -> ReplicaResponse:
        """What is answered to a request; every request but those for the admin paths is logged."""
        if request.path.startswith(_ADMIN_PATH):
            return self._admin(request.path.removeprefix(_ADMIN_PATH))
        portal = self._by_host.get(_bare_host(request.host))
        if portal:
            response, forbidden = (
                self._injector.inject(request, portal.respond(request)),
                self._forbids(portal, request),
            )
        else:
            response, forbidden = self._mirror(request), True
        self._log(request, response, forbidden=forbidden)
        if request.path == ROBOTS_PATH:
            self._robots[request.host, request.scheme] = _forbidden_paths(response)
        return response

    def _forbids(self, portal: ReplicaPortal, request: ReplicaRequest) -> bool:
        """Whether the robots.txt that the host last gave forbids the path; before it gave one, the portal's own."""
        given = self._robots.get((request.host, request.scheme))
        if given is None:
            return portal.forbids(request.path)
        return request.path != ROBOTS_PATH and request.path.startswith(given)

    def _mirror(self, request: ReplicaRequest) -> ReplicaResponse:
        portal = self._mirrors.get(_bare_host(request.host))
        if portal is None or request.path == ROBOTS_PATH:
            return _UNKNOWN_HOST
        return spam_mirror_page(portal.respond(request), portal.plan.region)

    def _log(self, request: ReplicaRequest, response: ReplicaResponse, *, forbidden: bool) -> None:
        query = "&".join(f"{name}={value}" for name, value in sorted(request.parameters.items()))
        self.request_log.add(
            LoggedRequest(
                at=time.monotonic(),
                host=request.host,
                method=request.method,
                address=f"{request.path}?{query}" if query else request.path,
                kind=path_class(request.path),
                status=response.status,
                forbidden=forbidden,
            )
        )

    def _admin(self, name: str) -> ReplicaResponse:
        answers = {
            "hosts": lambda: list(self.hosts),
            "manifest": lambda: self.manifest,
            "log": self.request_log.summary,
            "reset": self._reset,
        }
        if name not in answers:
            text = f"no {_ADMIN_PATH}{name}; there are {', '.join(answers)}\n"
            return ReplicaResponse(text.encode(), status=404, media_type="text/plain")
        body = json.dumps(answers[name](), ensure_ascii=False).encode()
        return ReplicaResponse(body, media_type="application/json")

    def _reset(self) -> dict[str, bool]:
        self.request_log.reset()
        self._injector.reset()
        self._robots.clear()
        return {"reset": True}


def _forbidden_paths(robots: ReplicaResponse) -> tuple[str, ...]:
    """The paths that a robots.txt as it was given forbids; all of them where it cannot be read."""
    if robots.status >= 500 or robots.delivery != WHOLE_DELIVERY:
        return ("/",)
    return disallowed_paths(robots.body.decode()) if robots.status == 200 else ()


def _bare_host(host: str) -> str:
    """A host without port, upper case and `www.`, under which its portal is found."""
    return host.partition(":")[0].lower().removeprefix("www.")


def _mirror_hosts(plan: PortalPlan) -> Iterable[str]:
    return (oddity.value for oddity in plan.oddities if oddity.kind == "mirror")


# ------------------------------------------------------------------------------------------------------------- building


def _build_portals(seed: int, scenario: Scenario, extra: ExtraPages | None, day: int) -> tuple[ReplicaPortal, ...]:
    plans = {each.portal.id: each for each in load_plan().portals}
    if extra and not _is_open(plans.get(extra.portal.id)):
        plans[extra.portal.id] = plain_plan(extra.portal)
    lists: dict[str, ChannelLists] = {key: _lists(each, seed) for key, each in plans.items()}
    if day:
        lists = {key: lists_on_day(load_plan(), plans[key], each, seed, day) for key, each in lists.items()}
    if extra:
        channel, entries = extra_entries(plans[extra.portal.id], extra)
        published = lists[extra.portal.id]
        lists[extra.portal.id] = {**published, channel: (*entries, *published[channel])}
    return tuple(build_portal(each, _resized(scenario.rows.get(key), each, lists[key])) for key, each in plans.items())


@cache
def _lists(plan: PortalPlan, seed: int) -> ChannelLists:
    """A portal's own lists: the same for every scenario, so that all replicas of a process share their pages."""
    return build_lists(plan, published_reports(load_plan(), plan, seed))


def _is_open(plan: PortalPlan | None) -> bool:
    """Whether a crawl can fetch what the portal publishes."""
    return plan is not None and plan.wall is None and plan.robots_status < 500


def _resized(rows: int | None, plan: PortalPlan, lists: ChannelLists) -> ChannelLists:
    """The lists padded or cut to so many rows; None leaves them."""
    if rows is None:
        return lists
    return {
        channel: (*_padding(plan, channel, rows - len(entries)), *entries)[:rows] for channel, entries in lists.items()
    }


def _padding(plan: PortalPlan, channel: Channel, count: int) -> Sequence[ListEntry]:
    """Rows that are no reports by their titles, and whose addresses have no page."""
    if channel.kind == "viewer":
        return ()
    return [
        ListEntry(
            title=_PADDING_TITLE.format(number=number),
            address=article_address(plan, channel, None, "2025-12-30", FIRST_ARTICLE_NUMBER - 100 - number),
            listed_on="2025-12-30",
            expected=ExpectedOutcome.NOT_A_REPORT,
        )
        for number in range(count)
    ]
