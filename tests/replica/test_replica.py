import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from random import Random
from urllib.parse import urlsplit

import pytest

from govcrawl.errors import UsageError
from govcrawl.pages.jsonp import carried
from govcrawl.portals import load_registry
from govcrawl.replica import Replica
from govcrawl.replica.lists.entries import ExpectedOutcome
from govcrawl.replica.plan import load_plan
from govcrawl.vocabulary import Scope

IN_ANOTHER_PROCESS = """
import hashlib, json, sys
from urllib.parse import parse_qsl, urlsplit
from govcrawl.replica import Replica
from govcrawl.replica.request_response import ReplicaRequest
replica = Replica()
parts = [urlsplit(url) for url in json.loads(sys.argv[1])]
asked = [ReplicaRequest("GET", part.netloc, part.path, dict(parse_qsl(part.query)), part.scheme) for part in parts]
print(hashlib.sha256(json.dumps(replica.manifest).encode()).hexdigest())
print(hashlib.sha256(b"".join(replica.respond(each).body for each in asked)).hexdigest())
"""
NOTICE = "均为虚构"


def served(replica):
    """The pages that stand on a replicated host."""
    return [page for page in replica.manifest["pages"] if page["expected"] is not ExpectedOutcome.OUT_OF_REGISTRY]


def text_of(answer):
    if document := carried(answer.body):
        return document.html.decode()
    label = re.search(r"charset=([\w-]+)", answer.media_type).group(1)
    for charset in (label, "gb18030", "utf-8"):
        try:
            return answer.body.decode(charset)
        except UnicodeDecodeError:
            continue
    raise AssertionError(label)


def test_the_world_is_as_large_as_promised(replica):
    reports = [page for page in replica.manifest["pages"] if page["expected"] is ExpectedOutcome.REPORT]
    provinces = Counter(portal["province"] for portal in replica.manifest["portals"] if portal["lists"])
    agencies = {(page["portal"], page["agency"]) for page in reports}
    assert len(reports) >= 300
    assert len(agencies) >= 50
    assert provinces["zhejiang"] >= 10
    assert provinces["hubei"] >= 3
    assert {page["report_year"] for page in reports} == set(range(2019, 2025))
    assert {page["form"] for page in reports} == {"f2019", "f2021"}
    assert {page["scope"] for page in reports} == {Scope.DEPARTMENT, Scope.OFFICE, Scope.GOVERNMENT}


def test_every_row_leads_to_a_page_that_says_it_is_invented(replica, ask):
    for page in served(replica):
        answer = ask(page["url"])
        assert answer.status == 200, page["url"]
        if page["expected"] is not ExpectedOutcome.SOFT_404:
            assert NOTICE in text_of(answer), page["url"]


def test_front_pages_and_lists_say_it_too(replica, ask):
    for portal in replica.manifest["portals"]:
        for each in portal["lists"]:
            assert NOTICE in ask(each["address"]).body.decode(), each["address"]
        if portal["lists"]:
            assert NOTICE in ask(load_registry()[portal["portal"]].home).body.decode()


def test_addresses_are_the_portals_own_and_distinct(replica):
    pages = replica.manifest["pages"]
    assert len({page["url"] for page in pages}) == len(pages)
    registry = load_registry()
    for page in served(replica):
        portal = registry[page["portal"]]
        assert page["url"].startswith(portal.home) or urlsplit(page["url"]).hostname in portal.hosts[1:]
        assert urlsplit(page["url"]).hostname in portal.hosts


def test_columns_the_registry_knows_are_served_and_the_others_are_not_known():
    for plan in load_plan().portals:
        for channel in plan.channels:
            assert (channel.id in plan.portal.columns) == channel.known, (plan.portal.id, channel.id)
        lists = {channel.id for channel in plan.channels}
        assert plan.wall or set(plan.portal.columns) <= lists, plan.portal.id


def test_some_portals_must_be_discovered():
    undiscovered = [
        plan for plan in load_plan().portals if plan.channels and not any(each.known for each in plan.channels)
    ]
    assert len(undiscovered) >= 4


def test_index_numbers_are_distinct_on_a_host_and_one_stands_on_two(replica):
    by_host = {}
    for page in replica.manifest["pages"]:
        if page["index_number"] and page["expected"] in (ExpectedOutcome.REPORT, ExpectedOutcome.ROBOTS):
            by_host.setdefault(page["host"], {}).setdefault(page["index_number"], set()).add(
                (page["agency"], page["report_year"])
            )
    for host, numbers in by_host.items():
        assert all(len(reports) == 1 for reports in numbers.values()), host
    hubei = [set(by_host[host]) for host in ("www.huangshi.gov.cn", "www.suizhou.gov.cn")]
    assert "000014349/2024-06673" in hubei[0] & hubei[1]


def test_planted_faults_are_the_only_failing_checks(replica):
    failing = {(page["agency"], page["report_year"]) for page in replica.manifest["pages"] if page.get("failing")}
    contradicting = {
        (page["agency"], page["report_year"])
        for page in replica.manifest["pages"]
        if any(claim["outcome"] == "contradicts" for claim in page.get("claims", ()))
    }
    assert failing == {("杭州市交通运输局", 2021), ("绍兴市上虞区民政局", 2020)}
    assert contradicting == {("杭州市财政局", 2022), ("黄石市经信局", 2023)}


def test_the_same_report_is_told_alike_on_the_organs_own_site(replica):
    told = {}
    for page in replica.manifest["pages"]:
        if page.get("agency") == "杭州市经济和信息化局":
            told.setdefault(page["report_year"], []).append((page["facts"], page["published_on"], page["title"]))
    assert all(len(copies) == 2 and copies[0] == copies[1] for copies in told.values())
    assert len(told) == 6


def test_a_seed_gives_the_same_bytes_in_any_process_and_another_seed_others(replica, ask):
    pages = Random(1).sample(served(replica), 40)
    here = hashlib.sha256(b"".join(ask(page["url"]).body for page in pages)).hexdigest()
    run = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS, json.dumps([page["url"] for page in pages])],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Pacific/Auckland"},
    )
    manifest_there, pages_there = run.stdout.split()
    assert pages_there == here
    assert manifest_there == hashlib.sha256(json.dumps(replica.manifest).encode()).hexdigest()
    assert Replica(seed=7).manifest["pages"][0]["facts"] != replica.manifest["pages"][0]["facts"]


def test_a_charset_may_be_mislabelled(replica, ask):
    gbk = next(page for page in replica.manifest["pages"] if page["portal"] == "330402")
    utf8 = next(page for page in replica.manifest["pages"] if page["portal"] == "420281")
    for page, charset, label in ((gbk, "gb18030", "UTF-8"), (utf8, "utf-8", "gb2312")):
        answer = ask(page["url"])
        assert page["title"] in answer.body.decode(charset)
        assert f"charset={label}" in answer.media_type
        assert f"charset={label}".encode() in answer.body


def test_what_is_forbidden_is_logged_as_forbidden(ask):
    fresh = Replica()
    ask("https://www.qz.gov.cn/art/2020/1/5/art_1229037201_1.html", of=fresh)
    ask("https://www.qz.gov.cn/", of=fresh)
    ask("https://www.pj.gov.cn/", of=fresh)
    assert ask("https://www.pj.gov.cn/robots.txt", of=fresh).status == 503
    assert ask("https://www.qz.gov.cn/robots.txt", of=fresh).body.startswith(b"User-agent: *")
    assert ask("https://www.hangzhou.gov.cn/robots.txt", of=fresh).status == 404
    log = json.loads(ask("http://any/.replica/log", of=fresh).body)
    assert (log["requests"], log["forbidden"]) == (6, 2)
    assert log["hosts"]["www.qz.gov.cn"]["classes"] == {"document": 1, "home": 1, "robots": 1}
    assert len(log["hosts"]["www.qz.gov.cn"]["times"]) == 3
    ask("http://any/.replica/reset", of=fresh)
    assert json.loads(ask("http://any/.replica/log", of=fresh).body)["requests"] == 0


def test_the_hosts_are_the_registrys_without_the_mirror(replica, ask):
    hosts = json.loads(ask("http://any/.replica/hosts").body)
    assert all(load_registry().allows(host) for host in hosts)
    assert "shangkeht.com" not in hosts


def test_the_mirror_shows_converted_text_and_counts_as_forbidden(ask):
    fresh = Replica()
    page = next(page for page in fresh.manifest["pages"] if page["expected"] is ExpectedOutcome.OUT_OF_REGISTRY)
    text = ask(page["url"], of=fresh).body.decode()
    assert "manbetxbrf com" in text
    assert "政府信息公開" in text
    assert "行政強製" in text
    assert fresh.request_log.summary()["forbidden"] == 1


def test_unknown_hosts_and_admin_paths_are_refused(ask):
    assert ask("http://www.example.gov.cn/").status == 421
    assert ask("http://any/.replica/nothing").status == 404


@pytest.mark.parametrize(
    ("host", "status", "mark"),
    [
        ("www.zjcx.gov.cn", 412, b"$_ts"),
        ("www.xiangyang.gov.cn", 202, b"$_ts"),
        ("www.ezhou.gov.cn", 521, b"jsl_clearance"),
        ("www.yw.gov.cn", 200, b"acw_sc__v2"),
    ],
)
def test_a_walled_portal_answers_everything_with_its_challenge(ask, host, status, mark):
    for path in ("/", "/robots.txt", "/art/2024/1/1/art_1_1.html"):
        answer = ask(f"https://{host}{path}")
        assert answer.status == status
        assert mark in answer.body


def test_a_portal_may_speak_plain_http_only(ask):
    assert ask("https://www.ruian.gov.cn/").status == 410
    assert ask("http://www.ruian.gov.cn/").status == 200


def test_missing_paths_are_404_or_the_front_page(ask):
    assert ask("https://www.hangzhou.gov.cn/nothing.html").status == 404
    soft = ask("https://www.shengsi.gov.cn/nothing.html")
    assert soft.status == 200
    assert soft.body == ask("https://www.shengsi.gov.cn/").body


def test_a_scenario_that_does_not_exist_is_wrong_usage():
    with pytest.raises(UsageError, match="there are healthy"):
        Replica(scenario="sunny")


def test_a_flaky_article_is_fine_when_asked_again(ask):
    flaky = Replica(scenario="flaky")
    urls = [page["url"] for page in flaky.manifest["pages"]]
    by_part = {
        part: next(url for url in urls if part in url) for part in ("/art/2021/", "/art/2022/", "xxgkAnnualReport")
    }
    statuses = {part: [ask(url, of=flaky).status for _ in range(2)] for part, url in by_part.items()}
    assert statuses == {"/art/2021/": [503, 200], "/art/2022/": [500, 200], "xxgkAnnualReport": [502, 200]}
    cut = next(url for url in urls if "/art/2023/" in url and "gov.cn" in url)
    assert [ask(cut, of=flaky).delivery for _ in range(2)] == ["cut", "whole"]
    ask("http://any/.replica/reset", of=flaky)
    assert ask(by_part["/art/2021/"], of=flaky).status == 503


@pytest.mark.parametrize(("name", "total"), [("long-list", 10000), ("empty-list", 0)])
def test_lists_may_be_very_long_or_empty(ask, name, total):
    url = "https://www.hzxh.gov.cn/module/web/jpage/dataproxy.jsp?columnid=1229312560"
    body = ask(url, of=Replica(scenario=name)).body.decode()
    assert f"<totalrecord>{total}</totalrecord>" in body


def test_the_manifest_knows_what_a_scenario_spoils(ask):
    hostile = Replica(scenario="hostile")
    expected = {
        "www.hzxh.gov.cn": "blocked",
        "www.qz.gov.cn": "http_error",
        "www.shangyu.gov.cn": "http_error",
        "www.nanhu.gov.cn": "soft_404",
        "www.hangzhou.gov.cn": "report",
    }
    for host, outcome in expected.items():
        pages = [page for page in hostile.manifest["pages"] if page["host"] == host]
        assert outcome in {page["expected"] for page in pages}
    portals = {portal["portal"]: portal["expected"] for portal in hostile.manifest["portals"]}
    assert (portals["330106"], portals["330800"]) == ("blocked", "ok")
    spoilt = next(page for page in hostile.manifest["pages"] if page["host"] == "www.hzxh.gov.cn")
    assert ask(spoilt["url"], of=hostile).status == 412
    forbidden = [page["expected"] for page in hostile.manifest["pages"] if "qz.gov.cn/art/2020/" in page["url"]]
    assert set(forbidden) == {ExpectedOutcome.ROBOTS}
