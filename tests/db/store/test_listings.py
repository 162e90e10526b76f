from hypothesis import given
from hypothesis import strategies as st

from govcrawl.db.store.listings import listing_row, merged
from govcrawl.models import Listing

NUMBERS = st.sampled_from([None, "", "no number", "002489452/2024-00230", "002489452/2024-00231"])
DATES = st.sampled_from([None, "2024-01-01", "2024-02-02"])
SIGHTINGS = st.builds(
    lambda title, number, publisher, listed, at: listing_row(
        Listing("330110", "https://a.gov.cn/1", title, number, publisher, listed), at
    ),
    st.text(max_size=4),
    NUMBERS,
    st.sampled_from([None, "甲", "乙局"]),
    DATES,
    st.sampled_from(["2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z"]),
)


@given(SIGHTINGS, SIGHTINGS, SIGHTINGS)
def test_sightings_merge_alike_in_any_order(one, two, three):
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, one) == one


def test_the_merged_row_keeps_the_best_of_each():
    cut = Listing("330110", "https://a.gov.cn/1", "余杭区商务…", None, "商务局", "2024-02-02")
    full = Listing("330110", "https://a.gov.cn/1", "余杭区商务局2023年年报", "002489452/2024-00230", None, "2024-01-01")
    row = merged(listing_row(cut, "2024-01-01T00:00:00Z"), listing_row(full, "2024-01-02T00:00:00Z"))

    assert (row.title, row.index_serial, row.publisher, row.listed_on) == (full.title, 230, "商务局", "2024-01-01")
    assert (row.first_seen_at, row.last_seen_at) == ("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
