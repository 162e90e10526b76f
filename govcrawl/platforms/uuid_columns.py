"""Hebei and 石家庄: columns `/columns/<UUID>/index.html`, articles `/columns/<UUID>/<YYYYMM>/<DD>/<UUID>.html`."""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "uuid-columns"

PLATFORM = LinkedLists(NAME, re.compile(r"/columns/[0-9a-f-]{36}/\d{6}/\d\d/[0-9a-f-]{36}\.html$")).platform
