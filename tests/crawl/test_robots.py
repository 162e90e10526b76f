import asyncio

import pytest
from scrapy import Request

from govcrawl import models
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.robots import SIZE_LIMIT, RobotsAnswer, RobotsGate, robots_request, rules_from
from govcrawl.vocabulary import Outcome, Role

PAGE = "http://www.hangzhou.gov.cn/art/2024/1/22/art_1_2.html"
FORBIDDING = b"User-agent: *\nDisallow: /art/\n"


def asked(url: str = PAGE, role: Role = Role.DOCUMENT) -> models.Request:
    return models.Request("330100", "hanweb-jpage", role, url)


def scrapy_request(url: str = PAGE, role: Role = Role.DOCUMENT) -> Request:
    return Request(url, meta={"asked": asked(url, role)})


def answered(
    status: int, body: bytes = b"", outcome: Outcome = Outcome.OK, headers: models.Headers = ()
) -> RobotsAnswer:
    return RobotsAnswer(outcome, models.Response("http://www.hangzhou.gov.cn/robots.txt", status, headers, body))


class Origin:
    """Stands for the engine: answers robots.txt requests one after the other and counts them."""

    def __init__(self, *answers: RobotsAnswer) -> None:
        self.answers = list(answers)
        self.requests: list[str] = []

    async def __call__(self, request: models.Request) -> RobotsAnswer:
        self.requests.append(request.url)
        await asyncio.sleep(0)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def gate_over(origin: Origin, clock: Clock | None = None, slow_down=lambda *_: None) -> RobotsGate:
    return RobotsGate(origin, slow_down, 30.0, clock=clock or Clock())


def passes(gate: RobotsGate, *requests: Request) -> list[bool]:
    async def all_at_once() -> list:
        return await asyncio.gather(*(gate.process_request(request) for request in requests), return_exceptions=True)

    results = asyncio.run(all_at_once())
    assert all(result is None or isinstance(result, Refusal) for result in results)
    return [result is None for result in results]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("remark", ["", "# 禁止访问\r\n"])
def test_a_byte_order_mark_hides_no_rule(encoding: str, remark: str):
    mark = "\ufeff" if encoding.endswith("-be") else ""
    body = f"{mark}{remark}User-agent: *\r\nDisallow: /\r\n".encode(encoding)

    with pytest.raises(Refusal, match="forbidden by robots"):
        rules_from(answered(200, body)).check(PAGE)


FORBIDS = "User-agent: *\nDisallow: /\n"
FORMS = {
    "crlf": FORBIDS.replace("\n", "\r\n").encode(),
    "cr": FORBIDS.replace("\n", "\r").encode(),
    "no-end": FORBIDS.strip().encode(),
    "blank-lines-first": b"\n\n\r\n" + FORBIDS.encode(),
    "blanks-around": b"  User-agent : *  \n   Disallow :  /  \n",
    "tabs": b"User-agent:\t*\nDisallow:\t/\n",
    "upper": FORBIDS.upper().encode(),
    "lower": FORBIDS.lower().encode(),
    "remark-behind": b"User-agent: * # all\nDisallow: / # everything\n",
    "remark-gbk": "# 禁止访问\n".encode("gb18030") + FORBIDS.encode(),
    "latin-1": b"# \xe9\xff\n" + FORBIDS.encode(),
    "named": FORBIDS.replace("*", "govcrawl").encode(),
    "named-with-version": FORBIDS.replace("*", "govcrawl/0.1").encode(),
    "several-agents": b"User-agent: other\nUser-agent: *\nDisallow: /\n",
    "allow-nothing": b"User-agent: *\nAllow:\nDisallow: /\n",
    "star-path": b"User-agent: *\nDisallow: /*\n",
    "unknown-lines": b"Hello\nX: y\n" + FORBIDS.encode(),
    "sitemap-first": b"Sitemap: http://www.a.gov.cn/s.xml\n" + FORBIDS.encode(),
    "two-marks": b"\xef\xbb\xbf\xef\xbb\xbf" + FORBIDS.encode(),
    "utf-16-le-unmarked": FORBIDS.encode("utf-16-le"),
    "utf-16-be-unmarked": FORBIDS.encode("utf-16-be"),
    "zeros-between": FORBIDS.replace("a", "a\0").encode(),
    "zeros-first": b"\0\0" + FORBIDS.encode(),
    "packed": b"\x1f\x8b\x08\x00" + bytes(20),
    "pdf": b"%PDF-1.4\n\x00\x01\x02",
    "control": b"User-agent: *\x01\nDisallow: /\n",
}


@pytest.mark.parametrize("form", FORMS)
def test_whatever_form_a_robots_txt_has_that_forbids_everything_it_is_obeyed(form: str):
    with pytest.raises(Refusal) as refused:
        rules_from(answered(200, FORMS[form])).check("http://www.a.gov.cn/x")

    assert refused.value.outcome is Outcome.ROBOTS


@pytest.mark.parametrize("body", [b"", b"\xef\xbb\xbf", b"<html>\xc4\xe3</html>", b"# \x1b[0m", b"Disallow: /\n"])
def test_a_text_without_rules_for_us_allows_everything(body: bytes):
    rules_from(answered(200, body)).check("http://www.a.gov.cn/x")


def test_twenty_requests_at_once_to_a_cold_host_wait_for_one_answer_and_none_passes():
    origin = Origin(answered(200, FORBIDDING))

    assert passes(gate_over(origin), *(scrapy_request() for _ in range(20))) == [False] * 20
    assert origin.requests == ["http://www.hangzhou.gov.cn/robots.txt"]


def test_what_the_rules_allow_passes():
    gate = gate_over(Origin(answered(200, FORBIDDING)))

    assert passes(gate, scrapy_request("http://www.hangzhou.gov.cn/col/col1/index.html")) == [True]


def test_every_origin_has_its_own_rules():
    origin = Origin(answered(200, FORBIDDING), answered(404))
    gate = gate_over(origin)

    assert passes(gate, scrapy_request()) == [False]
    assert passes(gate, scrapy_request(PAGE.replace("http:", "https:"))) == [True]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (answered(404), None),
        (answered(410), None),
        (answered(200), None),
        (answered(200, b"<html>no rules here</html>"), None),
        (answered(200, FORBIDDING), Outcome.ROBOTS),
        (answered(401), Outcome.BLOCKED),
        (answered(403), Outcome.BLOCKED),
        (answered(429), Outcome.BLOCKED),
        (answered(302), Outcome.ROBOTS),
        (answered(500), Outcome.ROBOTS),
        (answered(503), Outcome.ROBOTS),
        (answered(412, b"", Outcome.BLOCKED), Outcome.BLOCKED),
        (RobotsAnswer(Outcome.TIMEOUT), Outcome.TIMEOUT),
        (RobotsAnswer(Outcome.DNS), Outcome.DNS),
        (RobotsAnswer(Outcome.OUT_OF_REGISTRY), Outcome.ROBOTS),
    ],
)
def test_what_an_answer_means_follows_the_table(answer: RobotsAnswer, refusal: Outcome | None):
    if refusal is None:
        rules_from(answer).check(PAGE)
        assert rules_from(answer).refusal is None
    else:
        with pytest.raises(Refusal, match=r"robots\.txt") as refused:
            rules_from(answer).check(PAGE)
        assert refused.value.outcome is refusal


def test_rules_beyond_the_size_limit_are_not_read():
    padded = b"#" * SIZE_LIMIT + b"\n" + FORBIDDING

    rules_from(answered(200, padded)).check(PAGE)
    with pytest.raises(Refusal):
        rules_from(answered(200, FORBIDDING + padded)).check(PAGE)


def test_a_change_of_the_rules_is_obeyed_once_the_answer_has_aged():
    origin = Origin(answered(404), answered(200, FORBIDDING), answered(404))
    clock = Clock()
    gate = gate_over(origin, clock)

    outcomes = []
    for now in (0.0, 3599.0, 3601.0, 7300.0):
        clock.now = now
        outcomes += passes(gate, scrapy_request())

    assert outcomes == [True, True, False, True]
    assert len(origin.requests) == 3


def test_a_failure_is_tried_again_sooner_than_an_answer():
    origin = Origin(answered(503), answered(404))
    clock = Clock()
    gate = gate_over(origin, clock)

    assert passes(gate, scrapy_request()) == [False]
    clock.now = 31.0
    assert passes(gate, scrapy_request()) == [True]


def test_redirects_of_robots_txt_are_followed_and_end():
    moved = answered(301, headers=(("Location", "https://www.hangzhou.gov.cn/robots.txt"),))

    assert passes(gate_over(Origin(moved, answered(200, FORBIDDING))), scrapy_request()) == [False]

    loop = Origin(moved)
    assert passes(gate_over(loop), scrapy_request()) == [False]
    assert len(loop.requests) == 6


def test_the_crawl_delay_reaches_the_pace():
    told: list[float] = []
    gate = gate_over(
        Origin(answered(200, b"User-agent: *\nCrawl-delay: 7\n")), slow_down=lambda _, gap: told.append(gap)
    )

    assert passes(gate, scrapy_request()) == [True]
    assert told == [7.0]


def test_a_failing_engine_costs_no_later_request_its_answer():
    class Failing(Origin):
        async def __call__(self, request: models.Request) -> RobotsAnswer:
            self.requests.append(request.url)
            if len(self.requests) == 1:
                raise OSError("disk full")
            return answered(404)

    origin = Failing()
    gate = gate_over(origin)

    async def one_after_the_other() -> None:
        with pytest.raises(OSError, match="disk full"):
            await gate.process_request(scrapy_request())
        await gate.process_request(scrapy_request())

    asyncio.run(one_after_the_other())
    assert len(origin.requests) == 2


def test_a_request_for_robots_txt_itself_does_not_wait_for_itself():
    origin = Origin(answered(404))

    assert passes(gate_over(origin), scrapy_request("http://www.hangzhou.gov.cn/robots.txt", Role.ROBOTS)) == [True]
    assert origin.requests == []


def test_robots_txt_is_asked_on_behalf_of_the_portal():
    request = robots_request(asked("https://jxj.hangzhou.gov.cn:8443/a/b?c=1"))

    assert (request.url, request.portal, request.role) == (
        "https://jxj.hangzhou.gov.cn:8443/robots.txt", "330100", Role.ROBOTS,
    )  # fmt: skip
