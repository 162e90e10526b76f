"""Hosts beside the registry that portals may be asked at: siblings of their own hosts, to which their pages lead.

What admits a host is decided by a crawl and marked in its archive. Here the marks are kept.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiblingHost:
    """A host that a run began to ask for a portal: the page that leads to it, the link's name there (or none)."""

    portal_id: str
    host: str
    url: str
    link_name: str


def store_sibling(connection: sqlite3.Connection, sibling: SiblingHost, at: str, crawl: str) -> None:
    """Keep that a run admitted a host; the first run that did so stays."""
    connection.execute(
        "INSERT INTO sibling_hosts (portal_id, host, url, link_name, admitted_at, crawl_id)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal_id, host) DO UPDATE SET"
        " url = excluded.url, link_name = excluded.link_name, admitted_at = excluded.admitted_at,"
        " crawl_id = excluded.crawl_id WHERE excluded.admitted_at < admitted_at",
        (sibling.portal_id, sibling.host, sibling.url, sibling.link_name, at, crawl),
    )


def sibling_hosts(connection: sqlite3.Connection) -> Mapping[str, tuple[SiblingHost, ...]]:
    """The hosts that were admitted, by portal, in the order of their names."""
    found: dict[str, tuple[SiblingHost, ...]] = {}
    query = "SELECT portal_id, host, url, link_name FROM sibling_hosts ORDER BY portal_id, host"
    for row in connection.execute(query):
        sibling = SiblingHost(*row)
        found[sibling.portal_id] = (*found.get(sibling.portal_id, ()), sibling)
    return found
