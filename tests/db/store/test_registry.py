import json
from dataclasses import replace

from govcrawl.db.store.registry import sync_items, sync_portals


def ids(connection, table):
    return {row[0] for row in connection.execute(f"SELECT id FROM {table}")}


def test_portals_come_as_the_registry_has_them(connection):
    row = connection.execute(
        "SELECT name, province, host, hosts, platforms FROM portals WHERE id = '330110'"
    ).fetchone()

    assert row[:3] == ("余杭区", "zhejiang", "www.yuhang.gov.cn")
    assert [json.loads(text) for text in row[3:]] == [["www.yuhang.gov.cn"], ["hanweb-jpage"]]


def test_an_entry_that_changes_is_brought_up_to_date_and_one_that_leaves_goes(connection, make):
    portals = [replace(portal, note="new") for portal in make.portals if portal.id != "330110"]
    sync_portals(connection, portals)

    assert "330110" not in ids(connection, "portals")
    assert not {agency for agency in ids(connection, "agencies") if agency.startswith("330110")}
    assert connection.execute("SELECT DISTINCT note FROM portals").fetchall() == [("new",)]


def test_what_rows_hang_on_stays(connection, arrive, make):
    arrive(make.read())
    sync_portals(connection, [portal for portal in make.portals if portal.id != "330110"])

    assert "330110" in ids(connection, "portals")
    assert "330110:余杭区商务局" in ids(connection, "agencies")


def test_syncing_again_changes_nothing(connection, make):
    before = list(connection.execute("SELECT * FROM agencies ORDER BY id"))
    sync_portals(connection, make.portals)
    sync_items(connection, make.cells)

    assert list(connection.execute("SELECT * FROM agencies ORDER BY id")) == before
    assert connection.execute("SELECT count(*) FROM items").fetchone() == (len(make.cells),)


def test_new_items_widen_the_wide_views(connection, make):
    more = replace(make.cells[0], number=1003, column="repealed")
    sync_items(connection, (*make.cells, more))

    assert connection.execute("SELECT rules__repealed FROM proactive_wide").fetchall() == []
