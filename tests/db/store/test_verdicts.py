import pytest

from govcrawl.db.store.verdicts import Verdict, parse_verdicts, sync_verdicts

OLD = Verdict("k1", "publisher's error", "2024-02-01T00:00:00Z")
NEW = Verdict("k1", "ours, mended", "2024-03-01T00:00:00Z", "see the next version")


@pytest.mark.parametrize("verdicts", [[OLD, NEW], [NEW, OLD]])
def test_the_later_verdict_of_a_key_stays(connection, verdicts):
    sync_verdicts(connection, verdicts)

    assert connection.execute("SELECT verdict, note FROM verdicts").fetchall() == [(NEW.verdict, NEW.note)]


def test_lines_are_read_and_empty_ones_left_out():
    lines = b'{"stable_key": "k1", "verdict": "publisher\'s error", "decided_at": "2024-02-01T00:00:00Z"}\n\n'

    assert parse_verdicts(lines) == ([OLD], [])
