"""The arithmetic of politeness: when a server may be asked again. No network, no waiting, no clock of its own.

What must not be asked too fast is a lane: a registered domain, or a back-end that many portals share. Each lane has a
gap that lies between the starts of two requests. A lane may also rest: after a Retry-After, or after failures in a row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from govcrawl.vocabulary import Outcome


@dataclass(frozen=True, slots=True)
class Lane:
    """Something that is asked at most once every `gap` seconds."""

    name: str
    gap: float


DOUBLINGS = 6


@dataclass(frozen=True, slots=True)
class HostRest:
    """After how many failures in a row a lane rests, and how long: `times` the usual rest."""

    after: int
    times: int = 1


RESTS = {
    Outcome.BLOCKED: HostRest(after=3, times=12),  # one page may be forbidden alone; a wall does not fall by knocking
    Outcome.DNS: HostRest(after=2, times=4),
    Outcome.TLS: HostRest(after=3, times=4),
    Outcome.TIMEOUT: HostRest(after=3),
    Outcome.REFUSED: HostRest(after=3),
    Outcome.HTTP_ERROR: HostRest(after=20),  # broken pages come in rows on healthy hosts
}
"""When a lane rests. Each further failure of the kind doubles the rest; any other outcome starts the count anew."""


@dataclass(slots=True)
class RateLimit:
    """When each lane may be asked next, in seconds of `clock` (monotonic).

    `rest_seconds` is the usual rest after failures in a row.
    """

    clock: Callable[[], float]
    rest_seconds: float
    _last: dict[str, float] = field(default_factory=dict)
    _gaps: dict[str, float] = field(default_factory=dict)
    _rests: dict[str, float] = field(default_factory=dict)
    _failures: dict[str, tuple[Outcome, int]] = field(default_factory=dict)

    def knows(self, name: str) -> bool:
        """Whether a request to the lane is remembered."""
        return name in self._last

    def remember(self, name: str, seconds_ago: float) -> None:
        """Take over when the lane was last asked by an earlier run; a time in the future counts as now."""
        self._last[name] = self.clock() - max(0.0, seconds_ago)

    def widen(self, name: str, gap: float) -> None:
        """Keep at least `gap` seconds between requests to the lane, as its robots.txt asks."""
        self._gaps[name] = max(gap, self._gaps.get(name, 0.0))

    def ready_at(self, lanes: Sequence[Lane]) -> float:
        """The earliest moment a request that uses all these lanes may be sent, rests included."""
        return max(self._free_at(lanes), *(self._rests.get(lane.name, 0.0) for lane in lanes))

    def reserve(self, lanes: Sequence[Lane]) -> float:
        """Seconds to wait before sending; the lanes are taken from that moment on.

        Callers that reserve at once get places one gap apart. A rest is not waited for: whoever hands out requests
        passes over lanes that rest.
        """
        now = self.clock()
        start = max(now, self._free_at(lanes))
        for lane in lanes:
            self._last[lane.name] = start
        return start - now

    def rest(self, name: str, seconds: float) -> None:
        """Leave the lane alone for that long; a longer rest already begun stays."""
        self._rests[name] = max(self._rests.get(name, 0.0), self.clock() + seconds)

    def rests(self, name: str) -> bool:
        """Whether the lane is left alone now."""
        return self._rests.get(name, 0.0) > self.clock()

    def ended(self, name: str, outcome: Outcome, *, telling: bool = False) -> float:
        """Note how a request ended; the seconds that the lane should rest now, 0 for none.

        A telling failure needs no others before it.
        """
        before, count = self._failures.get(name, (outcome, 0))
        count = count + 1 if before is outcome else 1
        rest = RESTS.get(outcome)
        if rest is not None and telling:
            count = max(count, rest.after)
        self._failures[name] = (outcome, count)
        if rest is None or count < rest.after:
            return 0.0
        return self.rest_seconds * rest.times * 2.0 ** min(count - rest.after, DOUBLINGS)

    def _free_at(self, lanes: Sequence[Lane]) -> float:
        return max((self._last[lane.name] + self._gap(lane) for lane in lanes if lane.name in self._last), default=0.0)

    def _gap(self, lane: Lane) -> float:
        return max(lane.gap, self._gaps.get(lane.name, 0.0))
