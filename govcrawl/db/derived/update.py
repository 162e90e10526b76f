"""The order in which derived tables are computed: each from those before it.

Called at the end of every crawl and of every rebuild. Nothing in it depends on the day it is called on, for the
calendar is that of the archive's last run; nor on what was there before, but for issues between reports that were found
and are gone, which stay as closed.
"""

import sqlite3
from datetime import date, timedelta

from govcrawl.db.connection import transaction
from govcrawl.db.derived.agency_portals import update_agency_portals
from govcrawl.db.derived.coverage import update_coverage
from govcrawl.db.derived.cross_report_checks import update_across
from govcrawl.db.derived.listed_organs import update_listed_organs
from govcrawl.db.derived.serial_gaps import update_gaps
from govcrawl.db.derived.version_intervals import update_spans
from govcrawl.db.store.crawls import last_day, last_mark
from govcrawl.db.store.derived_fields import update_current_by


def update_derived(connection: sqlite3.Connection) -> None:
    """Bring spans, organs, gaps, issues between reports and the coverage up to date, in one transaction."""
    with transaction(connection):
        _update_current(connection)
        update_spans(connection)
        update_agency_portals(connection)
        update_listed_organs(connection)
        update_gaps(connection)
        update_across(connection)
        update_coverage(connection, last_day(connection))


def _update_current(connection: sqlite3.Connection) -> None:
    """Leaves to captures that are dated after the last run's clock, by more than clocks differ, no report."""
    if last := last_mark(connection):
        update_current_by(connection, f"{date.fromisoformat(last[:10]) + timedelta(days=1)}{last[10:]}")
