"""Hosts let in by hand: what the entries say then, and what of the user's file stays as it was."""

from pathlib import Path

import pytest

from govcrawl import portals
from govcrawl.errors import RegistryError, UsageError
from govcrawl.portals.allowed_hosts import changes_for, write_changes
from govcrawl.portals.overlay import overlay_files
from govcrawl.portals.writing import with_entry

REGISTRY = portals.shipped()


def test_a_host_that_nobody_lists_is_added_to_those_of_the_portal():
    assert changes_for("a.jingzhou.gov.cn", REGISTRY["421000"], REGISTRY) == {
        "421000": {"more_hosts": ("zwgk.jingzhou.gov.cn", "a.jingzhou.gov.cn")}
    }


def test_a_host_of_another_portal_is_shared_and_both_say_so():
    changes = changes_for("www.hh.gov.cn", REGISTRY["532502"], REGISTRY)

    assert changes == {
        "532502": {"more_hosts": ("www.hh.gov.cn",), "shared_with": ("532500",)},
        "532500": {"shared_with": ("532502",)},
    }


def test_a_host_that_the_portal_has_is_an_error():
    with pytest.raises(UsageError, match="portal 330604 has this host already"):
        changes_for("shangyu.gov.cn", REGISTRY["330604"], REGISTRY)


def test_what_is_written_holds_at_once_and_again(tmp_path: Path):
    folder = tmp_path / "portals"
    for host in ("a.hd.gov.cn", "www.newhandan.gov.cn"):
        registry = portals.shipped(overlay_files(folder))
        ((path, line),) = write_changes(folder, changes_for(host, registry["130400"], registry), registry)

    assert path == folder / "hebei.toml"
    assert line == '130400 = { more_hosts = ["a.hd.gov.cn", "www.newhandan.gov.cn"] }'
    assert path.read_text("utf-8") == f"[portals]\n{line}\n"
    assert portals.shipped(overlay_files(folder))["130400"].hosts[1:] == ("a.hd.gov.cn", "www.newhandan.gov.cn")


def test_an_entry_stays_in_the_file_that_has_it(tmp_path: Path):
    mine = tmp_path / "portals" / "mine.toml"
    mine.parent.mkdir()
    mine.write_text('130400 = { columns = ["12345"] }  # seen in May\n', "utf-8")
    registry = portals.shipped(overlay_files(mine.parent))

    write_changes(mine.parent, changes_for("a.hd.gov.cn", registry["130400"], registry), registry)

    assert mine.read_text("utf-8") == '130400 = { columns = ["12345"], more_hosts = ["a.hd.gov.cn"] }  # seen in May\n'
    assert [path.name for path in mine.parent.iterdir()] == ["mine.toml"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", "[portals]\nNEW\n"),
        ("# mine\n", "# mine\nNEW\n"),
        ("130100 = {}", "130100 = {}\nNEW\n"),
        ("130100 = {}\n# end\n", "130100 = {}\n# end\nNEW\n"),
        ("[portals]\n130100 = {}\n", "[portals]\nNEW\n130100 = {}\n"),
        ("[portals]  # mine", "[portals]  # mine\nNEW\n"),
        ('[portals]\n130100 = {}\n[defaults]\nplatforms = ["detect"]\n', None),
        ('[defaults]\nplatforms = ["detect"]\n', '[defaults]\nplatforms = ["detect"]\n\n[portals]\nNEW\n'),
    ],
)
def test_a_new_line_goes_where_it_is_read_as_an_entry(text: str, wanted: str | None):
    line = '130400 = { more_hosts = ["a.hd.gov.cn"] }'
    changed = with_entry("portals/hebei.toml", text, "130400", {"more_hosts": ("a.hd.gov.cn",)})

    assert wanted is None or changed == wanted.replace("NEW", line)
    assert portals.shipped({"portals/hebei.toml": changed.encode()})["130400"].hosts[1:] == ("a.hd.gov.cn",)


@pytest.mark.parametrize("text", ['[portals.130400]\ncolumns = ["12345"]\n', "130400.columns = ['12345']\n"])
def test_an_entry_over_several_lines_is_left_to_the_user_with_the_line_to_put_there(text: str):
    with pytest.raises(
        UsageError, match=r"130400 is not one line there; put this .*columns = \[\"12345\"\], more_hosts"
    ):
        with_entry("portals/hebei.toml", text, "130400", {"more_hosts": ("a.hd.gov.cn",)})


def test_nothing_is_written_into_an_overlay_that_is_wrong(tmp_path: Path):
    folder = tmp_path / "portals"
    folder.mkdir()
    (folder / "hebei.toml").write_text('130400 = { colour = "red" }\n', "utf-8")

    with pytest.raises(RegistryError, match="unknown field 'colour'"):
        write_changes(folder, {"130400": {"more_hosts": ("a.hd.gov.cn",)}}, REGISTRY)
    assert (folder / "hebei.toml").read_text("utf-8") == '130400 = { colour = "red" }\n'
