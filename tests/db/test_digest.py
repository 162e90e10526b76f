import re

from govcrawl.db.digest import CONTENT, LEFT_OUT, content_digest
from govcrawl.models import Document

CONTRACT = {
    "portals", "agencies", "listings", "documents", "reports", "report_copies", "report_versions", "sections",
    "facts", "checks", "claims", "issues",
}  # fmt: skip


def test_every_column_of_the_contracts_tables_is_digested_or_left_out_for_a_reason(connection):
    assert {content.table for content in CONTENT} == CONTRACT
    for content in CONTENT:
        digested = {re.sub(r'^\w\.|"', "", column) for column in content.columns}
        left_out = set(LEFT_OUT.get(content.table, {}))
        found = {row[1] for row in connection.execute(f"PRAGMA table_info({content.table})")}

        assert found - digested == left_out, content.table
        assert not digested & left_out, content.table


def test_clocks_places_runs_and_repeats_do_not_count(stored, make):
    early, late = stored(make.read(day="2024-01-22")), stored(make.read(day="2024-05-05"), make.read(day="2024-05-06"))

    assert content_digest(early) == content_digest(late)


def test_a_single_figure_counts(stored, make):
    digests = {
        content_digest(stored(make.read(reading=reading)))
        for reading in (
            make.reading(),
            make.reading(facts=(make.fact(1001, 0), make.fact(1011, 1), make.fact(1012, 2))),
            make.reading(facts=(make.fact(1001, 0, raw="０"), make.fact(1011, 1), make.fact(1012, 1))),
            make.reading(checks=()),
            make.reading(claims=()),
            make.reading(issues=()),
            make.reading(document=Document(title="t")),
            make.reading(year=2022),
        )
    }

    assert len(digests) == 8


def test_an_empty_database_has_a_digest_too(connection):
    assert re.fullmatch(r"[0-9a-f]{64}", content_digest(connection))
