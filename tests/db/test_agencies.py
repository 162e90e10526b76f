import pytest

from govcrawl.db.agencies import Agency, Place, government, named, nearness, office, organisation_code, registered
from govcrawl.vocabulary import Scope

YUHANG = Place("330110", "余杭区", "330110", "county")
HANGZHOU = Place("330100", "杭州市", "330100", "prefecture")
BUREAU = Place("330100-jxj", "杭州市经济和信息化局", "330100", "organ")
ABOVE = ("浙江省", "杭州市")


@pytest.mark.parametrize(
    ("name", "level", "code", "its_government", "its_office"),
    [
        ("浙江省", "province", "330000", "浙江省人民政府", "浙江省人民政府办公厅"),
        ("杭州市", "prefecture", "330100", "杭州市人民政府", "杭州市人民政府办公厅"),
        ("黄石市", "prefecture", "420200", "黄石市人民政府", "黄石市人民政府办公室"),
        ("余杭区", "county", "330110", "余杭区人民政府", "余杭区人民政府办公室"),
        ("兴安盟", "prefecture", "152200", "兴安盟行政公署", "兴安盟行政公署办公室"),
        ("和田地区", "prefecture", "653200", "和田地区行政公署", "和田地区行政公署办公室"),
    ],
)
def test_a_division_has_a_government_and_an_office(name, level, code, its_government, its_office):
    place = Place(code, name, code, level)

    assert (government(place).name, office(place).name) == (its_government, its_office)
    assert [agency.scope for agency in registered(place)] == [Scope.GOVERNMENT, Scope.OFFICE]


def test_an_organs_site_stands_for_the_organ():
    assert registered(BUREAU) == (Agency("杭州市经济和信息化局", "330100", "杭州市经济和信息化局"),)


@pytest.mark.parametrize(
    ("page_says", "short", "name"),
    [
        ("余杭区商务局", "余杭区商务局", "余杭区商务局"),
        ("餘杭區商務局", "余杭区商务局", "余杭区商务局"),
        (" 余杭区　商务局 ", "余杭区商务局", "余杭区商务局"),
        ("杭州市余杭区商务局", "余杭区商务局", "杭州市余杭区商务局"),
        ("杭州市余杭区经济和信息化局（杭州市余杭区数字经济局）", "余杭区经济和信息化局", "杭州市余杭区经济和信息化局"),
        ("余杭区临平街道办事处(试行)", "余杭区临平街道办事处(试行)", "余杭区临平街道办事处(试行)"),
        ("杭州市教育局", "杭州市教育局", "杭州市教育局"),
        ("杭州市余杭区人民政府", "余杭区人民政府", "余杭区人民政府"),
        ("浙江省杭州市余杭区人民政府办公室", "余杭区人民政府办公室", "余杭区人民政府办公室"),
        ("余杭区", "余杭区人民政府", "余杭区人民政府"),
        (None, "余杭区人民政府", "余杭区人民政府"),
        ("", "余杭区人民政府", "余杭区人民政府"),
    ],
)
def test_the_spellings_of_one_organ_share_a_short_name(page_says, short, name):
    assert named(page_says, YUHANG, ABOVE) == Agency(short, "330110", name)


def test_how_near_a_portal_is_to_an_organ():
    bureau = Agency("杭州市经济和信息化局", "330100", "杭州市经济和信息化局")

    assert nearness(BUREAU, bureau) == 0
    assert nearness(HANGZHOU, bureau) == 1
    assert nearness(YUHANG, bureau) == 2
    assert nearness(BUREAU, Agency("杭州市教育局", "330100", "杭州市教育局")) == 2
    assert nearness(HANGZHOU, government(HANGZHOU)) == 0


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("002489452/2024-00230", "002489452"),
        ("00250239-7/2025-00413", "002502397"),
        ("113325000026455663/2024-00001", "002645566"),
        ("035210000/2024-00001", None),
        ("H085/2025-00369", None),
        ("/2021-None", None),
        (None, None),
    ],
)
def test_the_organisation_code_in_an_index_number(number, code):
    assert organisation_code(number) == code
