"""WHAT a statutory form means: a page's grids and text become facts, checks, claims and issues. Pure.

Reading order: `forms` (the templates, as data) → `labels` (what a text may mean) → `grid_reader` and `text_reader` (two
readers, by `heads` and `cells`) → `reconcile` (two sights, one set of facts) → `identities` and `judge` (the
arithmetic) → `repair` and `splitting` (what would mend it) → `sections`, `claims`, `identify`, `mirror` (the prose) →
`report`.
"""

from govcrawl.reports.report import read_report

__all__ = ["read_report"]
