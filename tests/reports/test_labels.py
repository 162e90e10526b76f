"""Labels: spellings that are the same label, words that need their surroundings, and prose that is no label."""

import pytest

from govcrawl.reports.labels import LONGEST_LABEL, NOTHING, choose, is_meant, label_key, label_meaning, lexicon

SAME = (
    ("(一)予以公开", "（一）予以公开", "㈠予以公开", "予以公开", "(一)予以公開", "（一） 予 以\u3000公开"),
    ("1.属于国家秘密", "①属于国家秘密", "1、属于国家秘密", "1．屬於國家秘密", "属于国家秘密"),
    ("3.危及“三安全一稳定”", '3.危及"三安全一稳定"', "3.危及「三安全一稳定」", "3.危及三安全一稳定"),
    ("2.没有现成信息需要另行制作", "2.沒有現成信息需要另行製作"),
    ("一、本年新收政府信息公开申请数量", "一、2023年新收政府信息公开申请数量"),
    ("本年增/减", "本年增减"),
)


@pytest.mark.parametrize("spellings", SAME, ids=lambda spellings: spellings[0])
def test_spellings_of_a_label_share_a_key(spellings):
    assert len({label_key(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("规章(设区的市、自治州人民政府应提供相关数据)", "rules"),
        ("(二)部分公开", "partially_granted"),
        ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府", "otherwise_no_supplement"),
        ("5.要求行政机关确认或重新出具已获取信息的申请", "not_processed_reissue"),
        ("4.无正当理由大量反覆申请", "not_processed_excessive"),
        ("行政许可(含备案)", "administrative_licensing"),
        (f"其他对外管理服务事项(指{'行政处罚、行政强制、' * 20}等)", "other_administrative_services"),
        ("其他对外管理服务事项【含行政处罚、行政强制】", "other_administrative_services"),
        ("其他对外管理服务事项：指许可以外的事项，含行政处罚、行政强制", "other_administrative_services"),
        ("其他对外管理服务事项（含行政处罚、行政强制等", "other_administrative_services"),
        ("規範性檔案", "normative_documents"),
        ("行政規範性檔案", "normative_documents"),
    ],
)
def test_a_label_with_guidance_or_cut_short_is_still_its_row(text, row):
    assert {ref.key for ref in label_meaning(text).rows} == {row}


@pytest.mark.parametrize(
    "text", ["", "12", "当面申请", "办公室", "本年新制", "行政许可事项办理指南", "字" * (LONGEST_LABEL + 1)]
)
def test_what_no_form_knows_is_nothing(text):
    assert not label_meaning(text).known
    assert label_meaning(text).rows == NOTHING.rows


def test_every_label_of_every_form_is_known_by_itself():
    unknown = [key for key in (*lexicon().rows, *lexicon().heads, *lexicon().groups) if not label_meaning(key).known]
    assert unknown == []


def test_a_word_of_rows_and_columns_is_a_row_only_beside_its_group():
    other = label_meaning("其他")
    (ref,) = other.rows
    (fee,) = label_meaning("2.申请人逾期未按收费通知要求缴纳费用").rows
    (secret,) = label_meaning("1.属于国家秘密").rows
    assert other.weak
    assert is_meant(other, ref, last=None, groups=["results", "otherwise_handled"])
    assert is_meant(other, ref, last=fee)
    assert not is_meant(other, ref, last=secret)
    assert not is_meant(other, ref, last=None)
    assert not is_meant(other, ref, last=fee, groups=["results", "refused"])


def test_a_label_that_groups_share_belongs_to_the_group_beside_it_or_follows_the_row_before():
    corrected = label_meaning("(二)被依法纠错数").rows
    (lawsuits,) = label_meaning("五、行政诉讼数量").rows
    (reviews,) = label_meaning("四、行政复议数量").rows
    assert len(corrected) == 2
    assert choose(corrected, lawsuits).key == "e_corrected"
    assert choose(corrected, reviews).key == "d_corrected"
    assert choose(corrected, None, ["e_litigation"]).key == "e_corrected"
    assert choose(corrected, None) is None


def test_anchors_are_told_from_what_stands_below_them():
    assert label_meaning("第二十条  第（八）项").anchor == "八"
    assert label_meaning("二十条").anchor is None
