"""Reads reports: the grids and text of a page become facts, checks, claims and issues. Pure functions.

Modules in reading order: `forms` (the templates, as data), `labels` (the meanings of a text), `column_headers` and
`cell_values` (heads and cells), `grid_reader` and `text_reader` (two independent readers), `reconciliation` (their
observations become facts), `identities` and `checks` (the arithmetic), `repair_proposals` and `split_proposals` (what
would satisfy it), `sections`, `claims`, `report_identity`, `spam_mirrors` (the prose), `report` (the entry).
"""

from govcrawl.reports.report import read_report

__all__ = ["read_report"]
