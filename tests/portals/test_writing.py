"""A portal written as a line and read again is the same portal."""

import pytest

from govcrawl.portals import load_registry
from govcrawl.portals.loading import parse_portals
from govcrawl.portals.writing import toml_line


@pytest.mark.parametrize("province", load_registry().provinces)
def test_every_portal_survives_its_line(province: str):
    portals = load_registry().province(province)
    lines = "\n".join(map(toml_line, portals))

    assert parse_portals({f"{province}.toml": f'code = "{portals[0].id}"\n[portals]\n{lines}\n'.encode()}) == portals


def test_a_line_reads_as_the_files_have_it():
    assert toml_line(load_registry()["330383"]) == (
        '330383 = { name = "龙港市", level = "county", home = "http://www.zjlg.gov.cn/", '
        'platforms = ["hanweb-jpage", "hanweb-xxgk", "hanweb-jpaas"], examples = ["/col/col1229153541/index.html"], '
        'backend = "zhejiang-hanweb", basis = "HCL" }'
    )
