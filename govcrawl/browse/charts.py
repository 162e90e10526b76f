"""Charts, drawn on the server by pygal: SVG pictures of a fixed size, without scripts and without a network.

A chart is an image inside its own address (`data:`), so nothing in it can act, and it follows the reader's colours. The
page shows the same figures as a table. Pure.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache

import pygal
from pygal.style import Style

CHART_WIDTH, CHART_HEIGHT = 760, 360
"""The size of every chart, in pixels; it shrinks with the screen and keeps its shape."""

_Series = tuple[str, tuple[float | None, ...]]  # a name, and a value for each label

_COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#8c6d31", "#7f7f7f")  # told apart by colour-blind readers too
_STYLE = Style(
    background="transparent",
    plot_background="transparent",
    foreground="#1a1d21",
    foreground_strong="#1a1d21",
    opacity="1",
    opacity_hover="1",
    transition="0s",
    colors=_COLOURS,
    font_family="system-ui, 'PingFang SC', 'Noto Sans CJK SC', 'Microsoft YaHei', sans-serif",
    label_font_size=14,
    major_label_font_size=14,
    legend_font_size=15,
)
_CSS = (
    "inline:.axis .guide.line { stroke: #8a929c; stroke-width: .6 } .series .line { stroke-width: 2.5 } "
    "@media (prefers-color-scheme: dark) { text { fill: #e8eaed !important } .axis .line { stroke: #8a929c } }"
)
_SCRIPT = re.compile(r"<script.*?</script>", re.DOTALL)  # pygal writes its settings into one, whatever it is told
_KINDS = {"lines": pygal.Line, "bars": pygal.StackedBar}


def chart_url(kind: str, labels: Sequence[object], series: Sequence[tuple[str, Sequence[float | None]]]) -> str:
    """The `data:` address of a chart of named series over labels: `lines`, or stacked `bars`.

    A value of None leaves a gap.
    """
    return _drawn(kind, tuple(map(str, labels)), tuple((name, tuple(values)) for name, values in series))


@lru_cache(maxsize=512)
def _drawn(kind: str, labels: tuple[str, ...], series: tuple[_Series, ...]) -> str:
    picture = _KINDS[kind](
        style=_STYLE,
        css=("file://style.css", "file://graph.css", _CSS),
        js=(),
        no_prefix=True,
        disable_xml_declaration=True,
        explicit_size=True,
        width=CHART_WIDTH,
        height=CHART_HEIGHT,
        margin=8,
        legend_at_bottom=True,
        legend_at_bottom_columns=3,
        legend_box_size=14,
        dots_size=4,
        allow_interruptions=True,
        include_x_axis=True,
        show_y_guides=True,
        max_scale=6,
        min_scale=3,
        x_labels=labels,
        formatter=_number,
    )
    for name, values in series:
        picture.add(name, list(values))
    svg = _SCRIPT.sub("", picture.render())
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"


def _number(value: float) -> str:
    return f"{value:,.10g}"
