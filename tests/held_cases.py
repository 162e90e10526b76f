"""Runs the small cases that others wrote, and fails where one that held before no longer does.

    python tests/held_cases.py CHECK_CASES BIN

CHECK_CASES is the program that runs them and prints `ok`, `FAULT` or `skip` with a kind and an id for each; BIN is the
folder of the `govcrawl` under test. The ids that held stand in `cases_that_hold.txt`. One that holds now and is not
there is named, so that it can be added. The exit code is 0 if every one that held does, else 1.
"""

import re
import subprocess
import sys
from pathlib import Path

HELD = Path(__file__).with_name("cases_that_hold.txt")
SLACK = "3"
"""Times the cases' own limits, which are those of an idle machine."""
_LINE = re.compile(r"(?P<state>ok|FAULT|skip)\s+\S+ (?P<id>[^\s:]+)")


def states_in(output: str) -> dict[str, str]:
    """The state of each case by its id, from what the program printed."""
    found = (_LINE.match(line) for line in output.splitlines())
    return {match["id"]: match["state"] for match in found if match}


def fallen(held: set[str], states: dict[str, str]) -> list[str]:
    """The cases that held and do not now; one that was skipped, because something is missing here, may still hold."""
    return sorted(one for one in held if states.get(one, "absent") not in {"ok", "skip"})


def main(program: str, folder: str) -> int:
    """Runs the cases and tells what changed; the exit code."""
    run = subprocess.run(
        (sys.executable, "-B", program, folder, "--slack", SLACK), stdout=subprocess.PIPE, text=True, check=False
    )
    held, states = set(HELD.read_text(encoding="utf-8").split()), states_in(run.stdout)
    lost, gained = (
        fallen(held, states),
        sorted(one for one, state in states.items() if state == "ok" and one not in held),
    )
    told = [line for line in run.stdout.splitlines() if any(f" {one}" in line for one in lost)]
    told.append(f"{len(held) - len(lost)} of {len(held)} cases that held do; new: {', '.join(gained) or 'none'}")
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
