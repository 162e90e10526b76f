"""Every wrong entry is an error that names its file and itself."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.errors import RegistryError
from govcrawl.portals.loading import files_digest, package_files, parse_portals, read_portals
from govcrawl.portals.registry import Registry

HEAD = 'province = "浙江省"\ncode = "330000"\n[defaults]\nplatforms = ["hanweb-jpage"]\n[portals]\n'
GOOD = '330100 = { name = "杭州市", level = "prefecture", home = "https://www.hangzhou.gov.cn/", basis = "HC"'


def portals(*lines: str, head: str = HEAD) -> Registry:
    registry = Registry({"zhejiang.toml": (head + "\n".join(lines)).encode()})
    len(registry)  # every file is read
    return registry


def test_defaults_hold_for_lines_that_do_not_say_otherwise():
    registry = portals(
        GOOD + "}", GOOD.replace("330100", "330200").replace("hangzhou", "ningbo") + ', platforms = ["detect"]}'
    )

    assert registry["330100"].platforms == ("hanweb-jpage",)
    assert registry["330200"].platforms == ("detect",)


def test_examples_may_be_paths_and_become_addresses():
    assert portals(GOOD + ', examples = ["/a/b?c=1"]}')["330100"].examples == ("https://www.hangzhou.gov.cn/a/b?c=1",)


def test_an_entry_without_a_host_gives_its_reason():
    entry = '330100 = { name = "杭州市", level = "prefecture", basis = "Hc"'

    assert portals(entry + ', reason = "no site of its own"}')["330100"].host is None
    with pytest.raises(RegistryError, match=r"zhejiang\.toml: 330100: an entry without a home needs a reason"):
        portals(entry + "}")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (', platforms = ["wordpress"]}', "platforms: 'wordpress' is not a platform declared"),
        (', platforms = "hanweb-jpage"}', "platforms must be a list"),
        (", platforms = []}", "platforms is missing"),
        (', more_hosts = ["www.example.com"]}', "more_hosts: 'www.example.com' is not a host under .gov.cn"),
        (', columns = ["xxgk"]}', "columns: 'xxgk' is not a column id or a path"),
        (', columns = ["12", "12"]}', "columns: a value is given twice"),
        (', organs = ["a b"]}', "organs: 'a b' is not an organ code"),
        (', examples = ["https://www.ningbo.gov.cn/a"]}', "is on none of the portal's hosts"),
        (', examples = ["http://mirror.com/a"]}', "is not a path or an address under .gov.cn"),
        (', colour = "red"}', "unknown field 'colour'"),
        (', note = ""}', "note: '' is not a sentence"),
        (', shared_with = ["x"]}', "shared_with: 'x' is not a portal id"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named_with_its_entry(more, message):
    with pytest.raises(RegistryError) as caught:
        portals(GOOD + more)

    assert str(caught.value).startswith("zhejiang.toml: 330100: ")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("www.hangzhou.gov.cn", "www.hangzhou.com", "home: .* is not http"),
        ("https://www.hangzhou.gov.cn/", "ftp://www.hangzhou.gov.cn/", "home: .* is not http"),
        ('"prefecture"', '"village"', "level: 'village' is not one of"),
        ('basis = "HC"', 'basis = "?"', "basis"),
        ('name = "杭州市", ', "", "name is missing"),
        ("330100", "420100", "not of the file's province"),
        ("330100", "33010", "an id is six digits"),
        ('"prefecture"', '"organ"', "an organ's own site has the code of its government with -<slug> behind"),
    ],
)
def test_a_wrong_entry_is_named(old, new, message):
    with pytest.raises(RegistryError, match=message):
        portals(GOOD.replace(old, new) + "}")


def test_a_place_without_a_code_has_its_id_for_one_and_an_organ_that_of_its_government():
    portal = portals(GOOD.replace("330100", "330000-xinqu") + "}")["330000-xinqu"]
    organ = portals(GOOD.replace("330100", "330000-jyt").replace("prefecture", "organ") + "}")["330000-jyt"]

    assert (portal.level, portal.division_code) == ("prefecture", "330000-xinqu")
    assert (organ.level, organ.division_code) == ("organ", "330000")


def test_every_fault_of_every_file_is_told_and_the_right_entries_are_read():
    wrong = GOOD.replace("330100", "330200").replace('"prefecture"', '"village"') + ', colour = "red"}'
    content = (HEAD + "\n".join((GOOD + "}", wrong))).encode()

    found, faults = read_portals({"zhejiang.toml": content, "x.toml": b"[portals"})

    assert [portal.id for portal in found] == ["330100"]
    assert [fault.split("; ")[0][:42] for fault in faults] == [
        "zhejiang.toml: 330200: level: 'village' is",
        "zhejiang.toml: 330200: unknown field 'colo",
        "x.toml: not valid TOML: Expected ']' at th",
    ]


def test_an_id_given_twice_is_an_error_within_a_file_and_across_files():
    with pytest.raises(RegistryError, match=r"zhejiang\.toml: 330100: the id is given twice"):
        portals(GOOD + "}", GOOD + "}")
    content = (HEAD + GOOD + "}").encode()
    with pytest.raises(RegistryError, match=r"b\.toml: 330100: a\.toml has this id already"):
        parse_portals({"a.toml": content, "b.toml": content})


def test_a_shared_host_needs_both_to_say_so():
    other = GOOD.replace("330100", "330102").replace('"prefecture"', '"county"').replace("www.", "")
    with pytest.raises(RegistryError, match=r"330100: host hangzhou\.gov\.cn is also that of 330102"):
        portals(GOOD + "}", other + ', shared_with = ["330100"]}')

    shared = portals(GOOD + ', shared_with = ["330102"]}', other + ', shared_with = ["330100"]}')

    assert [portal.id for portal in shared.by_host("www.hangzhou.gov.cn")] == ["330100", "330102"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[portals", "not valid TOML"),
        ('code = "330000"\n[portals]\n[x]\n', "unknown key 'x'"),
        ("[portals]\n", "code None must be"),
        ('code = "330000"\n', r"\[portals\] is missing"),
        ('code = "330000"\n[portals]\n330100 = 1\n', "330100: an entry is a table"),
        ("code = 330000\n[portals]\n", "code 330000 must be .* in quotes"),
        ('code = "330000"\ndefaults = 1\n[portals]\n', r"\[defaults\] must be a table"),
    ],
)
def test_a_wrong_file_is_named(content, message):
    with pytest.raises(RegistryError, match=rf"^x\.toml: .*{message}"):
        parse_portals({"x.toml": content.encode()})


_VALUES = st.recursive(
    st.text("ab/.:[]{}", max_size=12)
    | st.integers()
    | st.booleans()
    | st.sampled_from(["//[", "http://[.gov.cn/", "county"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=2), inner, max_size=2),
    max_leaves=6,
)
_FIELDS = st.sampled_from(
    ["name", "level", "home", "more_hosts", "platforms", "columns", "examples", "basis", "shared_with"]
)


@given(st.dictionaries(_FIELDS, _VALUES))
def test_whatever_an_entry_holds_is_a_portal_or_a_fault(entry):
    fields = ", ".join(f"{name} = {toml(value)}" for name, value in entry.items())
    found, faults = read_portals({"zhejiang.toml": (HEAD + f"330100 = {{ {fields} }}").encode()})

    assert bool(found) != bool(faults)


def toml(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {toml(inner)}" for key, inner in value.items()) + " }"
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else json.dumps(value)


def test_bytes_that_are_no_text_are_an_error_of_the_file():
    with pytest.raises(RegistryError, match=r"^x\.toml"):
        parse_portals({"x.toml": b"\xff\xfe"})


def test_an_escape_is_refused_because_hosts_are_looked_for_in_the_text():
    with pytest.raises(RegistryError, match="a backslash is in it"):
        portals(GOOD.replace("www.", "\\u0077ww.") + "}")


def test_the_digest_tells_any_change():
    files = package_files()
    changed = {name: content + b"\n# mended" for name, content in files.items()}

    assert files_digest(files) == files_digest(dict(reversed(files.items())))
    assert files_digest(files) != files_digest(changed)
