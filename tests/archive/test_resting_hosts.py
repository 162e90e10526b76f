"""Hosts that a crawl leaves alone are named, and a person may end a rest."""

import time
from contextlib import closing
from pathlib import Path

from govcrawl.archive.layout import database_of
from govcrawl.archive.resting_hosts import end_rests, resting_hosts
from govcrawl.db.connection import open_database
from govcrawl.db.frontier.domain_clock import Domains
from govcrawl.vocabulary import Outcome

PORTAL = "330604"


def rested(archive: Path, seconds: float) -> str:
    with closing(open_database(database_of(archive))) as connection:
        (domain,) = connection.execute("SELECT DISTINCT domain FROM frontier WHERE portal_id = ?", (PORTAL,)).fetchone()
        Domains(connection).rest(domain, time.time() + seconds, Outcome.BLOCKED)
    return str(domain)


def test_a_rest_is_named_until_it_is_over_or_ended(archive_copy: Path):
    assert resting_hosts(archive_copy) == ()
    domain = rested(archive_copy, 3600)

    assert [(host.domain, host.outcome) for host in resting_hosts(archive_copy)] == [(domain, Outcome.BLOCKED)]
    assert end_rests(archive_copy, "330100") == ()
    assert [host.domain for host in end_rests(archive_copy, PORTAL)] == [domain]
    assert resting_hosts(archive_copy) == ()


def test_the_command_tells_and_ends_rests(archive_copy: Path, govcrawl):
    domain = rested(archive_copy, 3600)

    told = govcrawl("portals", "rest", "--archive", archive_copy)
    ended = govcrawl("portals", "rest", "--archive", archive_copy, "--clear", PORTAL)
    after = govcrawl("portals", "rest", "--archive", archive_copy)

    assert told.stdout.startswith(f"{domain} until ")
    assert ended.stdout == f"no longer {told.stdout}"
    assert (after.returncode, after.stdout, after.stderr) == (0, "", "no host rests\n")
