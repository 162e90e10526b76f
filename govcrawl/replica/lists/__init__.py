"""The lists of a portal: their rows, the addresses of these, and the interfaces that each platform gives to them.

`entries` is a row, `channel_lists` puts the rows together. `hanweb_jpage`, `hanweb_xxgk`, `trs_static`, `printed_lists`
and `list_apis` answer for the lists as the platforms do.
"""
