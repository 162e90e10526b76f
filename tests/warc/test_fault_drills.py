"""A writer that dies loses nothing it has acknowledged: at the k-th call to the system for every k, and at any moment.

After each death the next start recovers, and then: every acknowledged response reads back, at most one more is there,
everything verifies, and a new run writes on.
"""

import itertools
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from govcrawl.vocabulary import Outcome
from govcrawl.warc import StoredExchange, iter_stored, recover, verify_records

PORTALS = ("330100", "330200", "330100", "330100")
POINTS = ((os, "open"), (os, "write"), (os, "fdatasync"), (os, "fsync"), (os, "ftruncate"), (Path, "mkdir"))
DEAD = 9


def urls_in(archive: Path) -> list[str]:
    return [found.capture.url for found in iter_stored(archive) if isinstance(found, StoredExchange)]


def die_at(step: int, *, torn: bool) -> None:
    """Makes the process die at the k-th call to the system: before it or, `torn`, halfway through a write."""
    calls = itertools.count(1)

    def deadly(real):
        def call(*arguments, **options):
            if next(calls) == step:
                if torn and real.__name__ == "write":
                    file, data = arguments
                    real(file, data[: len(data) // 2])
                os._exit(DEAD)
            return real(*arguments, **options)

        return call

    for owner, name in POINTS:
        setattr(owner, name, deadly(getattr(owner, name)))


def run_and_die(new_writer, request_, fetched, step: int, *, torn: bool) -> tuple[int, list[str]]:
    """A small run of two portals and a rotation in a process that dies; its exit status and what it acknowledged."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        say = os.write
        die_at(step, torn=torn)
        with new_writer(max_bytes=3000) as writer:
            for number, portal in enumerate(PORTALS):
                url = f"http://www.a.gov.cn/{number}"
                writer.write_exchange(replace(request_, portal=portal, url=url), replace(fetched, url=url), Outcome.OK)
                say(said, f"{url}\n".encode())
        os._exit(0)
    os.close(said)
    with os.fdopen(heard) as lines:
        acknowledged = lines.read().split()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), acknowledged


@pytest.mark.parametrize("torn", [False, True])
def test_dying_at_any_call_to_the_system_loses_nothing_acknowledged(archive, new_writer, request_, fetched, torn):
    all_urls: list[str] = []
    for step in itertools.count(1):
        status, acknowledged = run_and_die(new_writer, request_, fetched, step, torn=torn)
        recover(archive, {})
        stored = urls_in(archive)
        new = len(stored) - len(all_urls)

        assert list(verify_records(archive)) == []
        assert len(acknowledged) <= new <= len(acknowledged) + 1
        assert set(acknowledged) <= set(stored)
        all_urls = stored
        if status == 0:
            break
        assert status == DEAD

    assert len(acknowledged) == len(PORTALS)
    assert step > 15


LOOP = textwrap.dedent("""
    import sys, uuid
    from datetime import UTC, datetime
    from pathlib import Path
    from govcrawl.models import Request
    from govcrawl.vocabulary import Origin, Outcome, Role
    from govcrawl.warc import ArchiveLock, ArchiveWriter, Fetched, prepare, recover

    archive = Path(sys.argv[1])
    prepare(archive)
    with ArchiveLock(archive):
        recover(archive, {})
        writer = ArchiveWriter(archive, origin=Origin.REPLICA, software="test", registry_digest="0", max_bytes=200_000)
        while True:
            url = f"http://a.gov.cn/{uuid.uuid4()}"
            request = Request("330100", "trs-static", Role.DOCUMENT, url)
            body = url.encode() * 200
            fetched = Fetched(datetime.now(UTC), url, 200, "OK", (), body, body, "text/html")
            writer.write_exchange(request, fetched, Outcome.OK)
            print(url, flush=True)
""")


def check_after_kills(archive: Path, times: int) -> None:
    """Kills one run after the other on the same archive, each at a random moment, also while it starts."""
    moments = random.Random(5)
    acknowledged: list[str] = []
    for _ in range(times):
        command = (sys.executable, "-c", LOOP, str(archive))
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(moments.uniform(0.05, 1.0))
        process.send_signal(signal.SIGKILL)
        printed, complaint = process.communicate(timeout=600)
        acknowledged += [line for line in printed.splitlines() if len(line) == len("http://a.gov.cn/") + 36]
        assert complaint == ""

    recover(archive, {})
    stored = urls_in(archive)
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored)) <= len(acknowledged) + times
    assert list(verify_records(archive)) == []
    assert len(acknowledged) > times


def test_ten_kills_in_a_row_lose_nothing_acknowledged(archive):
    check_after_kills(archive, 10)


@pytest.mark.soak
def test_a_hundred_kills_in_a_row_lose_nothing_acknowledged(archive):
    check_after_kills(archive, 100)
