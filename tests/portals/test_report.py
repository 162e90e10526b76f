"""What `govcrawl portals` prints of the registry."""

from pathlib import Path
from unicodedata import east_asian_width

import pytest

from govcrawl.errors import InputError, UsageError
from govcrawl.portals import load_registry
from govcrawl.portals.loading import package_files, parse_portals
from govcrawl.survey.registry_report import SOURCED, chosen, draft, entry_explanation, registry_faults, registry_table


def shown_width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def test_the_table_is_aligned_whatever_the_script():
    head, *rows, count = registry_table(load_registry().province("ningxia"))

    assert head.split() == ["id", "name", "host", "platforms", "columns"]
    assert {shown_width(row[: row.index("static-dir")]) for row in rows} == {head.index("platforms")}
    assert count == "28 portals"


def test_a_portal_without_a_host_or_columns_is_in_the_table():
    rows = list(registry_table([load_registry()["460301"]]))

    assert rows[1].split() == ["460301", "西沙区", "–", "detect", "–"]


def test_portals_are_chosen_by_province_and_platform():
    assert [one.id for one in chosen(load_registry(), "jiangsu", "epoint")] == ["320300"]
    assert len(chosen(load_registry(), None, None)) == len(load_registry())
    with pytest.raises(UsageError, match=r"'wordpress'; there are: .*hanweb-jpage"):
        chosen(load_registry(), None, "wordpress")
    with pytest.raises(UsageError, match="'atlantis'"):
        chosen(load_registry(), "atlantis", None)


def test_the_registry_has_no_fault_and_a_changed_file_has_each_of_its_own(tmp_path: Path):
    changed = tmp_path / "shanghai.toml"
    text = package_files()["shanghai.toml"].decode()
    changed.write_text(text.replace("www.shpt.gov.cn", "www.putuo.gov.cn").replace('"county"', '"town"', 1), "utf-8")

    found = registry_faults([changed])

    assert registry_faults([]) == ()
    assert found[0].startswith("shanghai.toml: 310101: level: 'town' is not one of")
    assert [fault.split(";")[0] for fault in found[1:]] == [
        "shanghai.toml: 310107: host putuo.gov.cn is also that of 330903",
        "zhejiang.toml: 330903: host putuo.gov.cn is also that of 310107",
    ]


def test_a_file_that_cannot_be_read_is_an_error_of_its_own(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.toml: No such file"):
        registry_faults([tmp_path / "none.toml"])


def test_an_entry_is_explained_with_what_it_rests_on():
    lines = list(entry_explanation(load_registry()["330304"], load_registry()))

    assert lines[0] == "330304 瓯海区, county, in zhejiang.toml"
    told = "\n".join(lines)
    assert "hanweb-jpaas, " in told
    assert "organs     001008003012002 001008003012030" in told
    assert "zhejiang-hanweb, shared with 106 portals" in told
    assert all(SOURCED[letter] in told for letter in "HCLR")
    assert "note       organs seen through a mirror" in told
    assert lines[-1].endswith("scrapy crawl zhejiang -a portal=330304")


@pytest.mark.parametrize(
    ("portal_id", "words"),
    [
        ("460301", "nothing: it has no address"),
        ("650000", "platform   detect, family unknown: each crawl tells it"),
        ("421000", "more hosts zwgk.jingzhou.gov.cn"),
    ],
)
def test_what_is_special_of_an_entry_is_said(portal_id: str, words: str):
    assert words in "\n".join(entry_explanation(load_registry()[portal_id], load_registry()))


def test_the_draft_for_an_organ_s_site_knows_its_government():
    *words, line = draft("https://czj.hangzhou.gov.cn/col/col12/index.html", load_registry())

    assert words[0] == "# into portals/zhejiang.toml; to fill in:"
    assert not any("level" in word for word in words)
    (portal,) = parse_portals({"zhejiang.toml": f'code = "330000"\n[portals]\n{line}'.encode()})
    assert (portal.id, portal.level, portal.home) == ("330100-czj", "organ", "https://czj.hangzhou.gov.cn/")
    assert portal.examples == ("https://czj.hangzhou.gov.cn/col/col12/index.html",)


def test_the_draft_for_an_unknown_place_says_what_to_fill_in():
    *words, line = draft("www.newplace.gov.cn", load_registry())

    assert [word.split()[1] for word in words] == ["into", "id", "level", "name", "platforms", "basis"]
    assert 'home = "http://www.newplace.gov.cn/"' in line


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://www.yuhang.gov.cn/x", "the host is that of 330110"),
        ("https://yuhang.gov.cn", "the host is that of 330110"),
        ("https://www.yuhang.com/", "only addresses under .gov.cn"),
        ("ftp://www.new.gov.cn/", "only addresses under .gov.cn"),
        ("", "only addresses under .gov.cn"),
    ],
)
def test_no_draft_for_what_is_known_or_no_portal(url: str, message: str):
    with pytest.raises(UsageError, match=message):
        list(draft(url, load_registry()))
