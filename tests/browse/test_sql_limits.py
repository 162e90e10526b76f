"""What one SELECT may ask for: values, results and single steps stay small, whatever function makes them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from govcrawl.browse.sql_limits import MAX_RESULT, MAX_VALUE, limit_results, without_limits

TOO_LONG = {
    "zeroblob": "zeroblob(1000000000)",
    "its length only": "length(zeroblob(1000000000))",
    "randomblob": "randomblob(1000000000)",
    "hex": "hex(zeroblob(900000))",
    "quote": "quote(zeroblob(900000))",
    "replace": "replace(hex(zeroblob(400000)), '0', 'aaaaaaaaaa')",
    "joined": "hex(zeroblob(400000)) || hex(zeroblob(400000))",
    "cast": "cast(zeroblob(1000000000) AS TEXT)",
    "printf, a width among the values": "printf('%.*c', 1000000000, 'x')",
    "printf, a width that is a text": "printf('%*d', ' 1000000000', 1)",
    "printf, a width that is a real": "printf('%.*f', 1e9, 1.5)",
    "printf, a negative width": "printf('%*d', -1000000000, 1)",
    "printf, a width in the format": "printf('%1000000000d', 1)",
    "printf, a width of too many digits": "printf('%' || hex(zeroblob(2000)) || '9d', 1) || hex(zeroblob(600000))",
    "format": "format('%.*c', 1000000000, 'x')",
    "instr": "instr(hex(zeroblob(300000)), hex(zeroblob(100000)) || '1')",
    "replace that finds nothing": "replace(hex(zeroblob(300000)), hex(zeroblob(100000)) || '1', '')",
    "trim": "trim(hex(zeroblob(300000)), hex(randomblob(100000)))",
    "ltrim": "ltrim(hex(zeroblob(300000)), hex(randomblob(100000)))",
    "rtrim": "rtrim(hex(zeroblob(300000)), hex(randomblob(100000)))",
    "group_concat": "(SELECT group_concat(hex(zeroblob(50000))) FROM n)",
}
MANY = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"


@pytest.fixture
def limited() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as connection:
        limit_results(connection)
        yield connection


@pytest.mark.parametrize("made", TOO_LONG.values(), ids=TOO_LONG.keys())
def test_no_step_makes_more_than_a_value_may_hold(limited: sqlite3.Connection, made: str):
    with pytest.raises(sqlite3.DataError, match="too big"):
        limited.execute(f"{MANY} SELECT {made}").fetchall()


@pytest.mark.parametrize("word", ["LIKE", "GLOB"])
def test_a_long_pattern_is_refused(limited: sqlite3.Connection, word: str):
    with pytest.raises(sqlite3.OperationalError, match="pattern too complex"):
        limited.execute(f"SELECT 'a' {word} ?", ("a" * 101,)).fetchall()


@pytest.mark.parametrize("row", ["hex(zeroblob(1000))", "zeroblob(5000)", ", ".join(["i"] * 300)])
def test_all_rows_together_are_limited(limited: sqlite3.Connection, row: str):
    with pytest.raises(sqlite3.OperationalError, match="result is too large"):
        limited.execute(f"{MANY}, m(j) AS (SELECT 1 FROM n LIMIT 2) SELECT {row} FROM n, m").fetchall()


USUAL = (
    (
        "printf('%.2f %5d %*d %s', 1.25, 7, 4, 9, '甲')",
        "printf()",
        "printf(NULL)",
        "printf('%s', x'00')",
        "format('%d', 3)",
    ),
    ("instr('年度报告', '报告')", "instr(NULL, 'a')", "instr(x'0102', x'02')", "instr(12, 2)", "instr('a', '')"),
    ("replace('aXb', 'X', '-')", "replace(12, 1, 3)", "replace('a', '', 'b')", "replace('a', 'a', NULL)"),
    (
        "trim('xxaxx', 'x')",
        "ltrim('xa', 'x')",
        "rtrim('ax', 'x')",
        "trim('  a ')",
        "trim(NULL, 'x')",
        "trim('年a', '年')",
    ),
    ("length(hex(zeroblob(499999)))", "'年度' LIKE '%度'", "group_concat(1)"),
)


@pytest.mark.parametrize("made", [made for some in USUAL for made in some])
def test_what_people_ask_for_is_what_sqlite_gives(limited: sqlite3.Connection, made: str):
    with closing(sqlite3.connect(":memory:")) as plain:
        expected = plain.execute(f"SELECT {made}, typeof({made})").fetchone()

    assert tuple(limited.execute(f"SELECT {made}, typeof({made})").fetchone()) == expected


def test_each_result_has_the_whole_room(limited: sqlite3.Connection):
    count = MAX_RESULT // 2 // 1000
    for _ in range(3):
        rows = limited.execute(f"{MANY} SELECT hex(zeroblob(480)) FROM n, (SELECT 1 UNION SELECT 2) LIMIT {count}")
        assert len(rows.fetchall()) == count


def test_pages_of_ours_read_whatever_is_stored(limited: sqlite3.Connection):
    with without_limits(limited):
        limited.execute("CREATE TABLE stored AS SELECT zeroblob(3 * ?) AS long", (MAX_VALUE,))
        assert len(limited.execute("SELECT long FROM stored").fetchone()["long"]) == 3 * MAX_VALUE

    with pytest.raises(sqlite3.DataError):
        limited.execute("SELECT long FROM stored").fetchone()
