from dataclasses import replace

from govcrawl.db.derived import update
from govcrawl.vocabulary import Outcome, Role


def test_an_organ_counts_for_its_own_site_only_once_that_was_asked(connection, arrive, make):
    def portal():
        update.update_derived(connection)
        query = "SELECT portal_id FROM agencies WHERE name = '杭州市经济和信息化局'"
        return connection.execute(query).fetchone()[0]

    assert portal() == "330100-jxj"
    reading = make.reading(agency="杭州市经济和信息化局")
    arrive(make.read("/art/7.html", reading, portal="330110"))
    assert portal() == "330110"
    arrive(make.read("/art/8.html", reading, portal="330100", day="2024-01-23"))
    assert portal() == "330100"
    home = make.failed("/", Outcome.TIMEOUT, Role.HOME)
    arrive(replace(home, request=make.request("/", portal="330100-jxj", role=Role.HOME)))
    assert portal() == "330100-jxj"
