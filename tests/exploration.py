"""How the property tests look for counterexamples: `make test` tries the same examples each time, `make soak` new ones.

So a red run of the suite is the change's own. What `make soak` finds becomes an `@example` or a fixture.
"""

import os

from hypothesis import HealthCheck, settings

EXPLORING = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
_EFFORT = 20 if EXPLORING else 1
_TIMED = (HealthCheck.too_slow,)  # a busy machine is no fault of a test

settings.register_profile("suite", derandomize=True, database=None, deadline=None, suppress_health_check=_TIMED)
settings.register_profile("soak", max_examples=100 * _EFFORT, deadline=None, suppress_health_check=_TIMED)


def examples(count: int, *unchecked: HealthCheck) -> settings:
    """A decorator for a property that is tried on so many examples by the suite, and on many more by the soak."""
    return settings(max_examples=count * _EFFORT, suppress_health_check=(*_TIMED, *unchecked))
