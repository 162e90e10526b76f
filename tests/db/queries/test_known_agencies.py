"""What identifies the agencies of an archive, as `govcrawl agencies explain` tells it."""

import pytest

from govcrawl.errors import InputError
from govcrawl.models import Document
from govcrawl.survey.agency_report import agency_explanation


@pytest.fixture
def database(connection, arrive, make, path):
    def of(agency, number, page, portal="330110"):
        return make.read(page, make.reading(agency, document=Document(index_number=number)), portal)

    arrive(
        of("余杭区商务局", "002489452/2024-00230", "/1"),
        of("杭州市余杭区商务局", None, "/2"),
        of("余杭区商务和投资局", "002489452/2025-00017", "/3"),
        of("杭州市商务局", None, "/4", "330100"),
        of(None, "002489452/2024-00231", "/5"),
    )
    return path


def test_an_agency_is_explained_by_name_spelling_or_id(database):
    told = list(agency_explanation(database, ("余杭区商务局",)))
    assert told == list(agency_explanation(database, ("330110:余杭区商务局",)))
    assert told == list(agency_explanation(database, ("杭州市餘杭區商務局",)))
    assert told == [
        "330110:余杭区商务局  杭州市余杭区商务局",
        "  place: 330110 余杭区",
        "  kind: department",
        "  organisation codes: 002489452, also of other organs",
        "  spelled: 余杭区商务局 (report), 杭州市余杭区商务局 (report)",
        (
            "  330110:余杭区商务局 and 330100:杭州市商务局: two agencies; they are organs of two places, "
            "330110 余杭区 and 330100 杭州市"
        ),
        (
            "  330110:余杭区商务局 and 330110:余杭区商务和投资局: two agencies that may be one organ; "
            "their index numbers bear one organisation code, 002489452, which may be the portal's; "
            "商务局 abbreviates 商务和投资局"
        ),
    ]


def test_two_names_are_compared(database):
    (told,) = agency_explanation(database, ("余杭区商务局", "杭州市余杭区商务局"))
    assert "one agency; both are read as 商务局 of 330110 余杭区" in told
    (told,) = agency_explanation(database, ("余杭区商务局", "余杭区人民政府"))
    assert "two kinds" in told


def test_a_name_that_no_agency_bears_is_wrong_input(database):
    with pytest.raises(InputError, match="no agency of this archive"):
        list(agency_explanation(database, ("余杭区体育局",)))
