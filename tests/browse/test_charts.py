"""Charts: pictures that hold their figures and nothing that acts."""

from base64 import b64decode
from xml.etree import ElementTree as ET

import pytest

from govcrawl.browse.charts import CHART_HEIGHT, CHART_WIDTH, chart_url


def picture(kind: str, *series: tuple[str, list[float | None]]) -> str:
    head, _, data = chart_url(kind, [2022, 2023, 2024], series).partition(",")
    assert head == "data:image/svg+xml;base64"
    return b64decode(data).decode()


@pytest.mark.parametrize("kind", ["lines", "bars"])
def test_a_picture_is_whole_and_cannot_act(kind: str):
    text = picture(kind, ("<script>甲</script>", [1, None, 3]), ("乙", [4, 5, 6]))
    tree = ET.fromstring(text)

    assert (tree.get("width"), tree.get("height")) == (str(CHART_WIDTH), str(CHART_HEIGHT))
    assert not tree.findall(".//{*}script")
    assert "href" not in text.replace("http://www.w3.org/1999/xlink", "")
    assert {"2022", "2023", "2024"} <= {each.text for each in tree.iter("{http://www.w3.org/2000/svg}text")}


def test_equal_figures_give_the_same_picture():
    assert chart_url("bars", [2023], [("甲", [1])]) == chart_url("bars", ["2023"], [("甲", (1,))])


def test_years_without_a_figure_are_no_zeros():
    with_gap, with_zero = (picture("lines", ("甲", [1, middle, 3])) for middle in (None, 0))

    assert with_gap.count('class="dot ') < with_zero.count('class="dot ')


def test_no_figures_at_all_make_a_picture_too():
    assert ET.fromstring(picture("bars", ("甲", [None, None, None]))) is not None
