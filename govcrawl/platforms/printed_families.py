"""Families that print their lists in their pages: each is the shape of its documents' addresses, and nothing else.

Every printed page is read the same way (see `printed`), so a family here is a name and a pattern, matched from the path
on. `sure` says that no column of it has such an address.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from govcrawl.models import Exchange, ListPage, Portal
from govcrawl.platforms.organs import lists_of_other_organs
from govcrawl.platforms.platform import Platform

NUMBERED_PAGE = re.compile(
    r"/(?=[^/?]{1,160}$)(?!list|index|col)(?=[^/?]*?(?:\d{4}|[0-9a-f]{16}|[0-9a-f-]{32}))[^/?]*\.(?:s?html?|jhtml)$"
)
"""A page whose name holds a long number or a hash: `2016/11-04/237098.html`, `202401/1f0c….shtml`."""

TRS_DOCUMENT = re.compile(r"/t\d{8}_\d+\.s?html?$|/t_?\d{5,}\.s?html?$|/P0\d{15,}\.(?:pdf|docx?)$")

_SURE: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        # Static folders of TRS (Hubei and much of the country): `/<path>/202401/t20240129_109.html`, files `P0….pdf`.
        "trs-static": TRS_DOCUMENT,
        # 孝感 and its counties: columns `/c/www/<name>.jhtml`, documents `/c/www/<name>/<ID>.jhtml`.
        "jhtml": re.compile(r"/\w+/\d{3,}\.jhtml$"),
        # 荆州 and its counties: columns `zwgk.<host>/list.shtml?column_id=<COL>`, page 2 with `page=2`.
        "jingzhou-zwgk": re.compile(r"/t\d{6,}/\d+\.shtml$"),
        # Columns by number (沧州, Sichuan, Heilongjiang …): `/<place>/c<COL>/<page>.shtml`.
        "c-column": re.compile(
            r"/c\d+/(?:\d{4,8}/)?(?:[0-9a-f]{16,}|content_[\w-]+|(?:\d{4}-\d\d/\d\d/)?\d{6,})\.s?html?$"
        ),
        # Hebei and 石家庄: columns `/columns/<UUID>/index.html`.
        "uuid-columns": re.compile(r"/columns/[0-9a-f-]{36}/\d{6}/\d\d/[0-9a-f-]{36}\.html$"),
        # Shanghai: columns `/nw<COL>/index.html`, pages `index_2.html`.
        "shanghai-nw": re.compile(r"/nw\d+/\d{8}/[0-9a-f]{32}\.html$"),
        # Shandong (淄博, 济南 …): `/gongkai/site_<organ>/channel_<column>/doc_<24 hex>.html`.
        "site-channel": re.compile(r"/site_\w+/channel_\w+/doc_[0-9a-f]{24}\.html$"),
        # The plain columns of the vendor behind Guangdong's platform; `mpost_` is the twin for phones.
        "nfcms": re.compile(r"/content/m?post_\d+\.html$"),
    }
)
_LIKELY: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        # Plain directories of an unknown product: `/<path>/`, `/<path>/index_1.html`, documents anywhere below.
        "static-dir": NUMBERED_PAGE,
        # Lists whose pages are numbered from the first on: `list_1.shtml`, `list-1.html`, `/list-61891-1.html`.
        "list-n": NUMBERED_PAGE,
        # No family at all: titles alone decide. Requests for the pages of printed lists bear this name.
        "generic": re.compile(r"(?!)"),
    }
)

_OPENNESS_ORGAN = re.compile(r"(/OpennessContent/showList/)(\d+)(?=/\d+/)")


def _openness_columns(exchange: Exchange, portal: Portal) -> ListPage:
    """The same category of the other organs that a list links to."""
    return ListPage(requests=tuple(lists_of_other_organs(exchange, portal, _OPENNESS_ORGAN)))


OPENNESS = Platform(
    name="openness",
    articles=re.compile(r"/Openness(?:Content|AnnualReport)/show/\d+\.html$"),
    discover=_openness_columns,
)
"""宣城, 池州, 亳州, Hulunbuir: organ × category, `/OpennessContent/showList/<ORG>/<CAT>/page_1.html`."""

PRINTED_FAMILIES = (
    *(Platform(name=name, articles=articles) for name, articles in _SURE.items()),
    OPENNESS,
    *(Platform(name=name, articles=articles, sure=False) for name, articles in _LIKELY.items()),
)
"""The families that print their lists, in the order in which they are tried."""
