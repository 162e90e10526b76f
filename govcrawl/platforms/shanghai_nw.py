"""Shanghai: columns `/nw<COL>/index.html`, pages `index_2.html`, articles `/nw<COL>/<YYYYMMDD>/<32 hex>.html`."""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "shanghai-nw"

PLATFORM = LinkedLists(NAME, re.compile(r"/nw\d+/\d{8}/[0-9a-f]{32}\.html$")).platform
