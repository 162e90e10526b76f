import pytest

from govcrawl.agencies.gazetteer import Gazetteer, Place
from govcrawl.agencies.naming import (
    Agency,
    abbreviates,
    government_agency,
    is_of_unknown_organ,
    name_agency,
    nearness,
    office_agency,
    organisation_code,
    registered_agencies,
    unknown_agency,
)
from govcrawl.vocabulary import Scope

YUHANG = Place("330110", "余杭区", "330110", "county")
HANGZHOU = Place("330100", "杭州市", "330100", "prefecture")
BUREAU = Place("330100-jxj", "杭州市经济和信息化局", "330100", "organ")
KNOWN = Gazetteer([
    Place("330000", "浙江省", "330000", "province"),
    HANGZHOU,
    YUHANG,
    BUREAU,
    Place("330105", "拱墅区", "330105", "county"),
    Place("330200", "宁波市", "330200", "prefecture"),
    Place("330203", "海曙区", "330203", "county"),
    Place("330300", "温州市", "330300", "prefecture"),
    Place("330303", "海曙区", "330303", "county"),
    Place("420100", "武汉市", "420100", "prefecture"),
])  # fmt: skip


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

    assert (government_agency(place).name, office_agency(place).name) == (its_government, its_office)
    assert [agency.scope for agency in registered_agencies(place)] == [Scope.GOVERNMENT, Scope.OFFICE]


def test_the_corps_has_an_office_of_high_rank_and_leaves_its_code_to_the_region():
    region, corps = (
        Place("650000", "新疆维吾尔自治区", "650000", "province"),
        Place("650000-xjbt", "新疆生产建设兵团", "650000", "prefecture"),
    )

    assert [(agency.name, agency.scope) for agency in registered_agencies(corps)] == [
        ("新疆生产建设兵团", Scope.GOVERNMENT),
        ("新疆生产建设兵团办公厅", Scope.OFFICE),
    ]
    assert Gazetteer([region, corps]).division(corps) == region
    assert (
        name_agency("新疆生产建设兵团办公厅", corps, Gazetteer([region, corps])).id == "650000:新疆生产建设兵团办公厅"
    )


def test_an_organs_site_stands_for_the_organ():
    assert registered_agencies(BUREAU) == (Agency("杭州市经济和信息化局", "330100", "杭州市经济和信息化局"),)


@pytest.mark.parametrize(
    ("page_says", "short", "name"),
    [
        ("余杭区商务局", "余杭区商务局", "余杭区商务局"),
        ("餘杭區商務局", "余杭区商务局", "余杭区商务局"),
        (" 余杭区　商务局 ", "余杭区商务局", "余杭区商务局"),
        ("杭州市余杭区商务局", "余杭区商务局", "杭州市余杭区商务局"),
        ("杭州市余杭区经济和信息化局（杭州市余杭区数字经济局）", "余杭区经济和信息化局", "杭州市余杭区经济和信息化局"),
        ("余杭区政府", "余杭区人民政府", "余杭区人民政府"),
        ("余杭区临平街道办事处(试行)", "余杭区临平街道办事处(试行)", "余杭区临平街道办事处(试行)"),
        ("区商务局", "余杭区商务局", "余杭区商务局"),
        ("商务局", "余杭区商务局", "余杭区商务局"),
        ("杭州市余杭区人民政府", "余杭区人民政府", "余杭区人民政府"),
        ("浙江省杭州市余杭区人民政府办公室", "余杭区人民政府办公室", "余杭区人民政府办公室"),
        ("余杭区", "余杭区人民政府", "余杭区人民政府"),
        (None, "余杭区人民政府", "余杭区人民政府"),
        ("", "余杭区人民政府", "余杭区人民政府"),
    ],
)
def test_the_spellings_of_one_organ_share_a_short_name(page_says, short, name):
    assert name_agency(page_says, YUHANG, KNOWN) == Agency(short, "330110", name)


@pytest.mark.parametrize(
    ("portal", "page_says", "agency"),
    [
        (HANGZHOU, "余杭区商务局", "330110:余杭区商务局"),
        (HANGZHOU, "浙江省杭州市余杭区人民政府", "330110:余杭区人民政府"),
        (HANGZHOU, "市经信局", "330100:杭州市经信局"),
        (HANGZHOU, "市政府办公室", "330100:杭州市人民政府办公厅"),
        (HANGZHOU, "市市场监督管理局", "330100:杭州市市场监督管理局"),
        (HANGZHOU, "海曙区民政局", "330100:海曙区民政局"),
        (HANGZHOU, "宁波市民政局", "330200:宁波市民政局"),
        (HANGZHOU, "武汉市民政局", "330100:武汉市民政局"),
        (YUHANG, "杭州市教育局", "330100:杭州市教育局"),
        (YUHANG, "杭州市公安局余杭分局", "330110:杭州市公安局余杭分局"),
        (YUHANG, "市教育局", "330100:杭州市教育局"),
        (YUHANG, "区府办", "330110:余杭区人民政府办公室"),
        (YUHANG, "市场监督管理局", "330110:余杭区市场监督管理局"),
        (YUHANG, "区直机关工委", "330110:余杭区区直机关工委"),
        (YUHANG, "临平街道办事处", "330110:余杭区临平街道办事处"),
        (YUHANG, "余杭经济开发区办公室", "330110:余杭经济开发区办公室"),
        (YUHANG, "国家税务总局", "330110:国家税务总局"),
        (YUHANG, "浙江大学", "330110:浙江大学"),
        (BUREAU, "市经信局", "330100:杭州市经济和信息化局"),
        (BUREAU, "杭州市经信局", "330100:杭州市经济和信息化局"),
        (BUREAU, None, "330100:杭州市经济和信息化局"),
        (BUREAU, "杭州市", "330100:杭州市人民政府"),
        (BUREAU, "杭州市教育局", "330100:杭州市教育局"),
    ],
)
def test_an_organ_belongs_to_the_division_its_name_begins_with(portal, page_says, agency):
    assert name_agency(page_says, portal, KNOWN).id == agency


def test_an_organ_that_is_not_certain_has_an_agency_of_its_document():
    unknown = unknown_agency("0123456789abcdef", YUHANG, KNOWN)

    assert (unknown.id, unknown.scope) == ("330110:unknown-0123456789abcdef", Scope.UNKNOWN)
    assert is_of_unknown_organ(unknown.id)
    assert not is_of_unknown_organ(government_agency(YUHANG).id)
    assert unknown_agency("0123456789abcdef", BUREAU, KNOWN) == registered_agencies(BUREAU)[0]
    assert nearness(YUHANG, unknown) == 1


def test_what_abbreviates_a_name():
    assert abbreviates("经信局", "经济和信息化局")
    assert not abbreviates("经信委", "经济和信息化局")
    assert not abbreviates("信息局", "经济和信息化局")
    assert not abbreviates("", "商务局")


def test_how_near_a_portal_is_to_an_organ():
    bureau = Agency("杭州市经济和信息化局", "330100", "杭州市经济和信息化局")

    assert nearness(BUREAU, bureau) == 0
    assert nearness(HANGZHOU, bureau) == 1
    assert nearness(YUHANG, bureau) == 2
    assert nearness(BUREAU, Agency("杭州市教育局", "330100", "杭州市教育局")) == 2
    assert nearness(HANGZHOU, government_agency(HANGZHOU)) == 0


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
