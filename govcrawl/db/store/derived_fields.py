"""Fields that follow from other rows: the preferred copy, the current version, an organ's code.

Each function computes its result from the rows as they are, so it may run after every arrival and in any order.
"""

import json
import sqlite3

from govcrawl.agencies.naming import is_of_unknown_organ, organisation_code

# A form stands for figures: a copy that consists of pictures has none.
_PREFERRED = """
SELECT copy.document_id
FROM report_copies AS copy JOIN documents AS document ON document.id = copy.document_id
JOIN report_versions AS version ON version.report_id = copy.report_id AND version.document_id = copy.document_id
WHERE copy.report_id = ?
GROUP BY copy.document_id
ORDER BY copy.nearness, substr(min(version.valid_from), 1, 10), max(version.form) IS NULL, document.url
LIMIT 1"""

_CURRENT = """
UPDATE reports SET
  (url, index_number, published_on) = (
    SELECT document.url,
      coalesce(document.index_number, listing.index_number),
      coalesce(document.published_on, listing.listed_on)
    FROM documents AS document LEFT JOIN listings AS listing ON listing.id = document.id
    WHERE document.id = :document
  ),
  current_version_id = (
    SELECT id FROM report_versions WHERE report_id = :report AND document_id = :document
    ORDER BY valid_to DESC, valid_from DESC, id LIMIT 1
  )
WHERE id = :report"""

_BEYOND = "SELECT DISTINCT report_id, document_id FROM report_versions WHERE valid_to > ? ORDER BY 1, 2"

_CURRENT_BY = """
UPDATE reports SET current_version_id = version.id FROM (
  SELECT version.id FROM report_versions AS version JOIN captures ON captures.report_version_id = version.id
  WHERE version.report_id = :report AND version.document_id = :document AND captures.fetched_at <= :latest
  GROUP BY version.id
  ORDER BY max(captures.fetched_at) DESC, min(captures.fetched_at) DESC, version.id LIMIT 1
) AS version
WHERE reports.id = :report AND EXISTS (
  SELECT 1 FROM report_versions AS own WHERE own.id = reports.current_version_id AND own.document_id = :document
)"""

_NUMBERS = """
SELECT DISTINCT coalesce(document.index_number, listing.index_number)
FROM reports AS report
JOIN report_copies AS copy ON copy.report_id = report.id
JOIN documents AS document ON document.id = copy.document_id
LEFT JOIN listings AS listing ON listing.id = document.id
WHERE report.agency_id = ?"""

_OWN_CODE = """
UPDATE agencies SET organisation_code = (
  SELECT max(own.code) FROM organisation_codes AS own WHERE own.agency_id = agencies.id
  HAVING count(*) = 1
    AND NOT EXISTS (SELECT 1 FROM organisation_codes AS o WHERE o.code = own.code AND o.agency_id <> agencies.id)
)
WHERE id = ?1 OR id IN (
  SELECT agency_id FROM organisation_codes WHERE code IN (SELECT value FROM json_each(?2))
)"""


def update_report_fields(connection: sqlite3.Connection, report: str) -> None:
    """Chooses a report's preferred copy and current version, and stores its address, index number and date.

    The organ's own site comes first, then its government's portal, then the day of the earliest capture. On the same
    day a copy with figures precedes one without, and then the address decides, so that an interrupted crawl and an
    uninterrupted one choose the same copy.
    """
    (document,) = connection.execute(_PREFERRED, (report,)).fetchone()
    connection.execute("UPDATE report_copies SET preferred = document_id = ? WHERE report_id = ?", (document, report))
    connection.execute(_CURRENT, {"report": report, "document": document})


def update_agency_code(connection: sqlite3.Connection, agency: str) -> None:
    """Stores the organisation code in an organ's index numbers, if they agree on one and no other organ uses it.

    Some content systems print one prefix for all organs of a city, so a shared code identifies no organ.
    """
    if is_of_unknown_organ(agency):  # its number may be any organ's, whose code it must not seem to share
        return
    numbers = connection.execute(_NUMBERS, (agency,)).fetchall()
    codes = {code for (number,) in numbers if (code := organisation_code(number))}
    query = "SELECT code FROM organisation_codes WHERE agency_id = ?"
    known = {code for (code,) in connection.execute(query, (agency,))}
    if codes == known:
        return
    connection.execute("DELETE FROM organisation_codes WHERE agency_id = ?", (agency,))
    connection.executemany(
        "INSERT INTO organisation_codes (agency_id, code) VALUES (?, ?)", [(agency, code) for code in sorted(codes)]
    )
    connection.execute(_OWN_CODE, (agency, json.dumps(sorted(codes | known))))


def update_current_by(connection: sqlite3.Connection, latest: str) -> None:
    """Chooses the current version anew where captures are dated after `latest`: they count only if there are no others.

    A machine whose clock was ahead wrote them. Once the clock is right, what it captures is the newest.
    """
    for report, document in connection.execute(_BEYOND, (latest,)).fetchall():
        connection.execute(_CURRENT_BY, {"report": report, "document": document, "latest": latest})
