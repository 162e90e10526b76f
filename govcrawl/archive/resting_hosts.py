"""Hosts that a crawl leaves alone: which, until when and why, and the end of a rest that a person knows to be over."""

import time
from contextlib import closing
from pathlib import Path

from govcrawl.archive.layout import database_of
from govcrawl.db.connection import open_database, read_database
from govcrawl.db.frontier.domain_clock import Domains
from govcrawl.db.frontier.ledger import Wanted
from govcrawl.db.queries.run_totals import RestingHost, rests
from govcrawl.warc import ArchiveLock


def resting_hosts(archive: Path) -> tuple[RestingHost, ...]:
    """Returns the domains that are left alone now.

    Raises:
        ArchiveError: There is no archive or no database.
    """
    with read_database(database_of(archive)) as connection:
        return rests(connection, Wanted(), time.time())


def end_rests(archive: Path, portal: str) -> tuple[RestingHost, ...]:
    """Ends the rests of the domains that a portal is asked at; returns them.

    Raises:
        ArchiveError: There is no archive or no database, or another process holds the archive.
    """
    now, path = time.time(), database_of(archive)
    with ArchiveLock(archive):
        with read_database(path) as reader:  # first: what is no database of ours is not opened for writing
            found = rests(reader, Wanted(frozenset({portal})), now)
        with closing(open_database(path)) as connection:
            for host in found:
                Domains(connection).end_rest(host.domain, now)
    return found
