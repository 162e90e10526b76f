"""Sibling hosts: hosts outside the registry that share a registered domain with a portal and are linked by its pages.

A crawl decides which hosts are admitted and records them in its archive. This module stores and reads these records.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiblingHost:
    """A host admitted for a portal, the page that links to it, and the link's name (empty for a redirect)."""

    portal_id: str
    host: str
    url: str
    link_name: str


def store_sibling(connection: sqlite3.Connection, sibling: SiblingHost, at: str, crawl: str) -> None:
    """Stores that a run admitted a host; if an earlier run did, that row stays."""
    connection.execute(
        "INSERT INTO sibling_hosts (portal_id, host, url, link_name, admitted_at, crawl_id)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (portal_id, host) DO UPDATE SET"
        " url = excluded.url, link_name = excluded.link_name, admitted_at = excluded.admitted_at,"
        " crawl_id = excluded.crawl_id WHERE excluded.admitted_at < admitted_at",
        (sibling.portal_id, sibling.host, sibling.url, sibling.link_name, at, crawl),
    )


def sibling_hosts(connection: sqlite3.Connection) -> Mapping[str, tuple[SiblingHost, ...]]:
    """Returns portal → admitted hosts, sorted by name."""
    found: dict[str, tuple[SiblingHost, ...]] = {}
    query = "SELECT portal_id, host, url, link_name FROM sibling_hosts ORDER BY portal_id, host"
    for row in connection.execute(query):
        sibling = SiblingHost(*row)
        found[sibling.portal_id] = (*found.get(sibling.portal_id, ()), sibling)
    return found
