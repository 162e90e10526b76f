"""`govcrawl as-of`: the facts of a day, as CSV or JSON."""

import csv
import json

DAY_BEFORE = "2020-01-01"


def test_nothing_was_public_before_the_first_crawl(crawled, govcrawl):
    done = govcrawl("as-of", DAY_BEFORE, "--archive", crawled)

    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


def test_the_facts_of_a_day_are_those_of_the_current_versions_while_nothing_has_changed(crawled, govcrawl):
    table = govcrawl("as-of", "2099-01-01", "--archive", crawled).stdout
    objects = govcrawl("as-of", "2099-01-01", "--archive", crawled, "--format", "json").stdout

    rows, facts = list(csv.DictReader(table.splitlines())), [json.loads(line) for line in objects.splitlines()]
    assert len(rows) == len(facts) > 1000
    assert list(rows[0]) == list(facts[0])
    assert {row["agency"] for row in rows} == {fact["agency"] for fact in facts}
    assert {fact["status"] for fact in facts} >= {"number"}


def test_a_day_that_is_none_and_an_archive_without_a_database_are_said(tmp_path, govcrawl):
    assert govcrawl("as-of", "yesterday", "--archive", tmp_path).returncode == 2
    missing = govcrawl("as-of", DAY_BEFORE, "--archive", tmp_path)
    assert (missing.returncode, missing.stderr.count("\n")) == (2, 1)
