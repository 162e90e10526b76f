"""Forms: which one a table is in, from its heads and rows."""

from collections import Counter

import pytest

from govcrawl.reports.form_detection import forms_of
from govcrawl.reports.observations import Observations


def test_tables_without_rows_or_heads_of_their_own_take_the_form_of_the_others():
    sight = Observations(votes={"proactive": Counter(f2019=3)} | {"applications": Counter()})
    for row in ("rules", "normative_documents"):
        sight.doubt(("proactive", row, "made"), "not read")
    told = {"proactive": "f2019", "applications": "f2019", "review_litigation": "f2019"}
    assert forms_of(sight, Observations()) == told


@pytest.mark.parametrize(
    ("year", "form"), [(None, "f2021"), (2019, "f2019"), (2020, "f2019"), (2021, "f2021"), (2030, "f2021")]
)
def test_of_forms_that_a_page_leaves_equal_the_one_in_force_in_its_year_is_taken(year, form):
    sight = Observations()
    sight.doubt(("review_litigation", "cases", "reviews.upheld"), "this row and its heads are the same in both forms")

    assert forms_of(sight, Observations(), year)["applications"] == form
