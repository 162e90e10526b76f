"""A user's own files beside `scrapy.cfg`, laid over the shipped registry."""

from pathlib import Path

import pytest

from govcrawl import portals
from govcrawl.errors import RegistryError
from govcrawl.portals.loading import package_files
from govcrawl.portals.overlay import folder_above, overlay_files
from govcrawl.portals.registry import Registry

SHIPPED = package_files()


def laid(text: str, name: str = "portals/mine.toml") -> Registry:
    return Registry(SHIPPED, {name: text.encode()})


def test_an_entry_changes_the_fields_it_gives_and_no_others():
    before, after = portals.shipped()["330604"], laid('330604 = { columns = ["12345"] }')["330604"]

    assert after.columns == ("12345",)
    assert (after.name, after.hosts, after.platforms) == (before.name, before.hosts, before.platforms)


@pytest.mark.parametrize(
    "text",
    [
        '330199 = { name = "新区", level = "county", home = "https://www.newplace.gov.cn/" }',
        '[portals]\n330199 = { name = "新区", level = "county", home = "https://www.newplace.gov.cn/" }',
        'code = "330000"\n[portals.330199]\nname = "新区"\nlevel = "county"\nhome = "https://www.newplace.gov.cn/"',
    ],
)
def test_a_new_entry_has_the_defaults_of_its_province_however_it_is_written(text: str):
    portal = laid(text).portal("330199")

    assert portal.province == "zhejiang"
    assert portal.platforms == portals.shipped()["330604"].platforms
    assert portal.basis == "hc"
    assert laid(text).by_host("newplace.gov.cn") == (portal,)
    assert portal in laid(text).province("zhejiang")


def test_defaults_of_an_overlay_file_hold_for_what_it_adds_and_not_for_what_it_mends():
    registry = laid(
        '330604 = { columns = ["12345"] }\n330199 = { name = "新区", level = "county", home = "http://a.gov.cn/" }\n'
        '[defaults]\nplatforms = ["gkmlpt"]\n'
    )

    assert registry["330199"].platforms == ("gkmlpt",)
    assert registry["130400"].platforms == portals.shipped()["130400"].platforms


def test_a_portal_that_moved_keeps_its_old_host_unless_the_entry_says_otherwise():
    moved = '370211 = { home = "https://www.xihaian.gov.cn/"%s }'
    old = portals.shipped()["370211"].host

    assert laid(moved % "")["370211"].hosts == ("www.xihaian.gov.cn", old)
    assert laid(moved % ", more_hosts = []")["370211"].hosts == ("www.xihaian.gov.cn",)


def test_a_host_may_be_under_the_other_domain_of_governments():
    entry = '330199 = { name = "新区", level = "county", home = "http://新区.政务/", examples = ["/年报/"] }'
    registry = laid(entry)
    host = "新区.政务".encode("idna").decode()

    assert registry["330199"].hosts == (host,)
    assert registry["330199"].examples == (f"http://{host}/年报/",)
    assert registry.allows("新区.政务")
    assert registry.allows(f"www.{host}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('330604 = { colour = "red" }', "330604: unknown field 'colour'"),
        ('330604 = { home = "https://www.shangyu.com/" }', "330604: home: "),
        ("330604 = { home = 5 }", "330604: home: 5 is not"),
        ("330604 = 5", "330604: an entry is a table of fields"),
        ('330604 = { expect = "rain" }', "330604: expect: 'rain' is not \"blocked\""),
        ('330604 = { expect = "blocked", since = "yesterday" }', "330604: since: 'yesterday' is not a day"),
        ('330604 = { since = "2026-01-05" }', "330604: since is the day of what is expected"),
        ('330199 = { name = "新区", level = "county" }', "330199: an entry without a home needs a reason"),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_when_it_is_looked_up(text: str, message: str):
    registry = laid(text)

    with pytest.raises(RegistryError) as caught:
        registry[text[:6]]
    assert str(caught.value).startswith(f"portals/mine.toml: {message}")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[portals", "not valid TOML"),
        ("colour = 1", "'colour' is no portal's id"),
        ("990000 = {}", "990000: no province's code begins with 99"),
        ("[portals]\n330604 = {}\n330604 = {}", "330604: the id is given twice"),
        ("330604 = 1\n[portals]\n330604 = 2", "330604: the id is given twice"),
        ("portals = 1", r"\[portals\] must be a table"),
    ],
)
def test_a_wrong_file_is_refused_at_once(text: str, message: str):
    with pytest.raises(RegistryError, match=rf"^portals/mine\.toml: .*{message}"):
        laid(text)


def test_an_id_in_two_files_is_an_error():
    with pytest.raises(RegistryError, match=r"portals/b\.toml: 330604: portals/a\.toml has this id already"):
        Registry(SHIPPED, {"portals/a.toml": b"330604 = {}", "portals/b.toml": b"330604 = {}"})


def test_the_digest_covers_the_overlay():
    assert laid("").digest != portals.shipped().digest
    assert laid("330604 = {}").digest != laid("").digest


def test_the_overlay_lies_beside_the_nearest_scrapy_cfg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    inner = tmp_path / "work" / "deeper"
    (tmp_path / "work" / "portals").mkdir(parents=True)
    inner.mkdir()
    (tmp_path / "work" / "portals" / "zhejiang.toml").write_text('330604 = { columns = ["12345"] }', "utf-8")
    monkeypatch.chdir(inner)

    assert folder_above(tmp_path / "work") is None
    assert portals.load_registry()["330604"].columns != ("12345",)
    (tmp_path / "work" / "scrapy.cfg").touch()
    assert folder_above(inner) == tmp_path / "work" / "portals"
    assert list(overlay_files(folder_above(inner))) == ["portals/zhejiang.toml"]
    assert portals.load_registry()["330604"].columns == ("12345",)
    assert portals.shipped()["330604"].columns != ("12345",)


def test_what_is_expected_stands_in_the_entry():
    portal = laid('330604 = { expect = "blocked", since = "2026-01-05" }')["330604"]

    assert (portal.expect, portal.since) == ("blocked", "2026-01-05")
