"""A portal written as a line and read again is the same portal."""

import pytest

from govcrawl.portals import load
from govcrawl.portals.loading import parse
from govcrawl.portals.writing import line


@pytest.mark.parametrize("province", load().provinces)
def test_every_portal_survives_its_line(province: str):
    portals = load().province(province)
    lines = "\n".join(map(line, portals))

    assert parse({f"{province}.toml": f'code = "{portals[0].id}"\n[portals]\n{lines}\n'.encode()}) == portals


def test_a_line_reads_as_the_files_have_it():
    assert line(load()["330383"]) == (
        '330383 = { name = "龙港市", level = "county", home = "http://www.zjlg.gov.cn/", '
        'platforms = ["hanweb-jpage", "hanweb-xxgk", "hanweb-jpaas"], examples = ["/col/col1229153541/index.html"], '
        'backend = "zhejiang-hanweb", basis = "HCL" }'
    )
