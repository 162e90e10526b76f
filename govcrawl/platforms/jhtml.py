"""The `.jhtml` family (孝感 and its counties): columns `/c/www/<name>.jhtml`, articles `/c/www/<name>/<ID>.jhtml`.

Departments have columns of their own (`/zwgk/2116927.jhtml`), which look like articles but for their folder; every
year has its column of reports (`2024nszfnb`), linked from the column of all years. Page 2 is `<name>_2.jhtml`.
"""

import re

from govcrawl.platforms.linked import LinkedLists

NAME = "jhtml"

PLATFORM = LinkedLists(NAME, re.compile(r"/\w+/\d{3,}\.jhtml$")).platform
