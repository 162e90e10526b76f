"""What is worked out anew from all rows, in the order in which one part rests on the other.

Called at the end of every crawl and of every rebuild: nothing in it depends on what was there before, but for issues
between reports that were found and are gone, which stay as closed.
"""

import sqlite3
from datetime import date

from govcrawl.db.agency_portals import update_agency_portals
from govcrawl.db.connection import transaction
from govcrawl.db.derived.coverage import update_coverage
from govcrawl.db.derived.cross_report_checks import update_across
from govcrawl.db.derived.listed_organs import update_listed_organs
from govcrawl.db.derived.serial_gaps import update_gaps
from govcrawl.db.derived.version_intervals import update_spans


def update_derived(connection: sqlite3.Connection, today: date) -> None:
    """Bring spans, organs, gaps, issues between reports and the coverage as of a day up to date, in one transaction."""
    with transaction(connection):
        update_spans(connection)
        update_agency_portals(connection)
        update_listed_organs(connection)
        update_gaps(connection, today)
        update_across(connection)
        update_coverage(connection, today)
