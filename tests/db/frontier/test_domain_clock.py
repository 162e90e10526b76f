from govcrawl.db.frontier.domain_clock import Domains
from govcrawl.vocabulary import Outcome

HOST = "yuhang.gov.cn"
NOW = 1_700_000_000.0


def test_politeness_is_remembered_across_runs(connection):
    first = Domains(connection)
    assert first.last_request_at(HOST) is None
    first.touched(HOST, NOW)
    first.touched(HOST, NOW - 10)
    first.rest(HOST, NOW + 600, Outcome.TIMEOUT)

    second = Domains(connection)
    assert second.last_request_at(HOST) == NOW
    assert second.resting_until(HOST) == NOW + 600
    assert second.resting_for(HOST) is Outcome.TIMEOUT
