"""The order in which derived tables are computed: each from those before it.

Called at the end of every crawl and rebuild. The result does not depend on earlier derived rows, except for closed
issues across reports, which stay.
"""

import sqlite3
from datetime import date

from govcrawl.db.connection import transaction
from govcrawl.db.derived.coverage import update_coverage
from govcrawl.db.derived.cross_report_checks import update_across
from govcrawl.db.derived.listed_organs import update_listed_organs
from govcrawl.db.derived.serial_gaps import update_gaps
from govcrawl.db.derived.version_intervals import update_spans


def update_derived(connection: sqlite3.Connection, today: date) -> None:
    """Updates intervals, listed organs, gaps, issues across reports and coverage as of a day, in one transaction."""
    with transaction(connection):
        update_spans(connection)
        update_listed_organs(connection)
        update_gaps(connection, today)
        update_across(connection)
        update_coverage(connection, today)
