"""Canned queries: the questions people ask first, with a title each."""

QUERIES = {
    "applications_by_year": {
        "title": "Applications received and carried over, by year",
        "sql": """SELECT year, count(*) AS reports, sum(new_received__total) AS received,
  sum(carried_over__total) AS carried_over, sum(carried_forward__total) AS carried_forward
FROM applications_wide GROUP BY year ORDER BY year""",
    },
    "failing_identities": {
        "title": "Where a form's own arithmetic fails",
        "sql": """SELECT r.agency_id, r.year, c.identity, c."at", c."left", c."right", r.url
FROM checks AS c JOIN reports AS r ON r.current_version_id = c.report_version_id
WHERE c.outcome = 'fails' ORDER BY r.year DESC, r.agency_id""",
    },
    "contradicted_claims": {
        "title": "Figures in the prose that the tables contradict",
        "sql": """SELECT r.agency_id, r.year, c.kind, c.value, c.text, c.against, r.url
FROM claims AS c JOIN reports AS r ON r.current_version_id = c.report_version_id
WHERE c.outcome = 'contradicts' ORDER BY r.year DESC, r.agency_id""",
    },
    "open_issues": {
        "title": "Open issues, the gravest first",
        "sql": """SELECT kind, severity, detail, first_seen_at FROM issues
WHERE closed_at IS NULL ORDER BY severity = 'error' DESC, severity = 'warning' DESC, kind""",
    },
}
