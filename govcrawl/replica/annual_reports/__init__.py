"""Annual reports whose truth is known: what they say, and how a portal shows them.

`figures` are drawn so that every identity of the forms holds, `printed_cells` and `prose` say them, and `annual_report`
puts a report together. `table_layout` and `markup` make its body, `report_pages` its page. `expected_checks` works out
what a reader must find.
"""
