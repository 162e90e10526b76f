"""Forms: which one a table is in, from its heads and rows."""

from collections import Counter

from govcrawl.reports.form_detection import forms_of
from govcrawl.reports.observations import Observations


def test_tables_without_rows_or_heads_of_their_own_take_the_form_of_the_others():
    sight = Observations(votes={"proactive": Counter(f2019=3)} | {"applications": Counter()})
    for row in ("rules", "normative_documents"):
        sight.doubt(("proactive", row, "made"), "not read")
    told = {"proactive": "f2019", "applications": "f2019", "review_litigation": "f2019"}
    assert forms_of(sight, Observations()) == told
