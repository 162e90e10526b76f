"""A case that held and falls is told; one that was skipped or is new is not."""

from .held_cases import HELD, fallen, states_in

OUTPUT = """\
ok    parse/opening-year opening-decree
FAULT archive/poison poison-redirect: an exit code of 1
skip  data/datapackage datapackage-csv: pip cannot fetch
3 of 4 cases hold
"""


def test_the_states_are_read_from_what_is_printed():
    assert states_in(OUTPUT) == {"opening-decree": "ok", "poison-redirect": "FAULT", "datapackage-csv": "skip"}


def test_a_case_that_falls_or_is_gone_is_told():
    held = {"opening-decree", "poison-redirect", "datapackage-csv", "of-another-day"}

    assert fallen(held, states_in(OUTPUT)) == ["of-another-day", "poison-redirect"]


def test_the_cases_that_hold_are_each_named_once():
    ids = HELD.read_text(encoding="utf-8").split()

    assert len(ids) == len(set(ids)) > 70
    assert ids == sorted(ids)
