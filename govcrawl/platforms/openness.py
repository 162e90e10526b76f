"""Openness (宣城, 池州, 亳州, Hulunbuir): `/OpennessContent/showList/<ORG>/<CAT>/page_1.html`, organ × category.

Articles are `/OpennessContent/show/<ID>.html`, annual reports also `/OpennessAnnualReport/show/<ID>.html`. The list of
one organ links to the others: each is asked for the same category.
"""

import re
from collections.abc import Iterator

from govcrawl.models import Exchange, Portal, Request
from govcrawl.platforms.linked import LinkedLists
from govcrawl.platforms.organs import lists_of_other_organs

NAME = "openness"

_ORGAN = re.compile(r"(/OpennessContent/showList/)(\d+)(?=/\d+/)")


def _leads(exchange: Exchange, portal: Portal) -> Iterator[Request]:
    return lists_of_other_organs(exchange, portal, NAME, _ORGAN)


PLATFORM = LinkedLists(NAME, re.compile(r"/Openness(?:Content|AnnualReport)/show/\d+\.html$"), _leads).platform
