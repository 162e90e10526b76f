"""The disclosure hosts of 荆州 and its counties: `zwgk.<host>/list.shtml?column_id=<COL>` and its sisters.

Articles are `/<organ>/<column>/t<digits>/<ID>.shtml`; the address of a list names its column only in the query, so
that nothing in an article's address tells which list it is of. Further pages are the same address with `page=2`.
"""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "jingzhou-zwgk"

PLATFORM = LinkedLists(NAME, re.compile(r"/t\d{6,}/\d+\.shtml$")).platform
