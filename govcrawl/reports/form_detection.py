"""Detects the statutory tables of a page and the form of each, from heads and rows.

Nothing here names a form. Heads and rows that only some forms have decide. The report year decides only between forms
that the words of the page leave equal.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from govcrawl import forms
from govcrawl.forms import Form
from govcrawl.reports.observations import Observations


def forms_of(grid: Observations, text: Observations, year: int | None = None) -> dict[str, str]:
    """Returns `{table: form}` of the tables that the page must have, in form order.

    A page with one of the three statutory tables has all three, and all further tables of the form of its applications.
    The cells of a table that is not found are missing.
    """
    met = tables_met(grid, text)
    annexes = [table for table in _tables() if table in met and table not in forms.national_tables()]
    found = {table: _first(_of_table(table, grid, text), year).key for table in annexes}
    if not met & forms.national_tables():  # annex-f2008_narrative-codes
        return found
    main = _main_form(grid, text, year)
    own = {table: _own_form(table, main, grid, text, year) for table in main.table_keys}
    return {table: form for table, form in own.items() if form} | found


def tables_met(*sights: Observations) -> set[str]:
    """Returns the tables of which a reader met enough rows."""
    found = [each for sight in sights for each in sight.rows().items()]
    return {table for table, rows in found if len(rows) >= _fewest_rows(table)}


def _tables() -> list[str]:
    return list(dict.fromkeys(table for form in forms.load_forms().values() for table in form.table_keys))


def _having(table: str) -> list[Form]:
    return [form for form in forms.load_forms().values() if table in form.table_keys]


def _fewest_rows(table: str) -> int:
    return min(form.table(table).fewest_rows for form in _having(table))


def _main_form(grid: Observations, text: Observations, year: int | None) -> Form:
    """The form of the table of applications, which the other tables follow if they have no words of their own.

    Rows decide against the heads of another table: mixed-2019-2021-0. Heads decide without rows:
    test_tables_without_rows_or_heads_of_their_own_take_the_form_of_the_others.
    """
    left = _having(forms.APPLICATIONS)
    left = _narrowed(left, _by_rows(forms.APPLICATIONS, left, grid, text))
    for table in dict.fromkeys((forms.APPLICATIONS, *forms.STATUTORY_TABLES)):
        left = _narrowed(left, _voted(table, grid, text))
    return _first(_narrowed(left, _by_rows(forms.PROACTIVE, left, grid, text)), year)


def _own_form(table: str, main: Form, grid: Observations, text: Observations, year: int | None) -> str:
    """The form of another table: by its own words, else that of the applications."""
    if table != forms.PROACTIVE:
        return main.key
    left = _of_table(table, grid, text)
    return main.key if main in left else _first(left, year).key


def _of_table(table: str, grid: Observations, text: Observations) -> list[Form]:
    """The forms that the heads of a table speak for, then its rows."""
    left = _narrowed(_having(table), _voted(table, grid, text))
    return _narrowed(left, _by_rows(table, left, grid, text))


def _narrowed(forms_left: Sequence[Form], spoken_for: Collection[Form]) -> list[Form]:
    """The forms that the evidence speaks for; all, if it speaks for none of them."""
    return [form for form in forms_left if form in spoken_for] or list(forms_left)


def _first(left: Sequence[Form], year: int | None) -> Form:
    """The form to take of those that the page leaves equal: the one in force in the year, else one still in force."""
    if len(left) > 1 and year is not None:
        begun = [form for form in left if form.first_year <= year]
        left = [max(begun, key=lambda form: form.first_year)] if begun else left
    return next((form for form in left if form.last_year is None), left[0])


def _voted(table: str, *sights: Observations) -> list[Form]:
    """The forms with the most heads of a table, from the first reader that saw heads."""
    for sight in sights:
        votes = sight.votes.get(table)
        if votes:
            most = max(votes.values())
            return [form for form in _having(table) if votes[form.key] == most]
    return []


def _by_rows(table: str, left: Sequence[Form], *sights: Observations) -> list[Form]:
    """The forms that fit the rows with values best, from the first reader that met a row that tells forms apart.

    The row (六)其他处理 of applications has three children in the form of 2021 and values in that of 2019.
    """
    values, groups = (_rows(table, left, data=data) for data in (True, False))
    telling = {row for rows in values.values() for row in rows if not all(row in each for each in values.values())}
    for sight in sights:
        met = sight.rows().get(table, set()) & telling
        if met:
            misfits = [_misfit(met, telling, values[form.key], groups[form.key]) for form in left]
            return [form for form, misfit in zip(left, misfits, strict=True) if misfit == min(misfits)]
    return []


def _misfit(met: set[str], telling: set[str], values: set[str], groups: set[str]) -> tuple[int, int, int]:
    """(rows met that the form lacks, that it has without values, rows of the form that were not met)."""
    return len(met - values - groups), len(met & groups), len((telling & values) - met)


def _rows(table: str, left: Sequence[Form], *, data: bool) -> dict[str, set[str]]:
    """The rows of a table with values, or those that only group others, by form."""
    return {form.key: {row.key for row in form.table(table).rows if row.data is data} for form in left}
