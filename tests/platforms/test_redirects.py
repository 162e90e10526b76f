"""What sends a reader on at once, and what only looks like it."""

import pytest

from govcrawl import platforms
from govcrawl.models import Exchange, Request, Response
from govcrawl.platforms.redirects import redirect_target
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Outcome, Role

DISTRICT = load_registry()["110107"]
HERE = f"{DISTRICT.home}gk/"
ROW = '<a href="./1/">石景山区教育局2024年政府信息公开工作年度报告</a>'
TEXT = "本页面介绍石景山区政府信息公开工作的有关情况。" * 10


def exchange(body: str, role: Role = Role.COLUMN, status: int = 200, **headers: str) -> Exchange:
    request = Request(DISTRICT.id, "generic", role, HERE)
    return Exchange(request, Response(HERE, status, tuple(headers.items()), body.encode()))


def script(text: str) -> str:
    return f"<html><head><title>政府信息公开</title><script>{text}</script></head><body></body></html>"


@pytest.mark.parametrize(
    "body",
    [
        script('window.location.href="./nb/";'),
        script("location = './nb/'"),
        script('location.replace("./nb/")'),
        script('top.location.assign("nb/");'),
        script('window.open("./nb/","_self")'),
        script('window.open("./nb/", "_top", "")'),
        script('window.navigate("./nb/")'),
        script('var to = "./nb/"; window.location = to;'),
        script('var at = "nb"; var to = "./" + at + "/"; document.location.href = to;'),
        script('var at = "nb"; location.href="./" + at + \'/\''),
        script('location.replace(location.protocol + "//" + location.host + "/gk/nb/");'),
        script('var at = "./nb/"; window.open(at + "", "_self")'),
        script('window.onload = function () { self.location.href = "./nb/" }'),
        script('$(function(){ document.location.href="./nb/"; })'),
        script('(function(){ location.href="./nb/" })()'),
        script('setTimeout(function(){location.href="./nb/"}, 0)'),
        script("setTimeout(\"location.href='./nb/'\", 1000)"),
        script('function go() { location.href = "./nb/" } go();'),
        script('if (/mobile/.test(navigator.userAgent)) { location.href="/m/" } else { location.href="./nb/" }'),
        script('if (isMobile()) location.href="/m/"; else location.href="./nb/";'),
        script('/* location = "/old/" */ // location = "/older/"\nlocation = "./nb/"'),
        "<body onload=\"location.href='./nb/'\"></body>",
        '<meta http-equiv="refresh" content="0;url=./nb/">',
        '<meta content="0; URL=\'./nb/\'" http-equiv="Refresh"><p>正在跳转</p>',
        '<META CONTENT="3;url=nb/" HTTP-EQUIV=REFRESH>',
        '<base href="/gk/"><meta http-equiv=refresh content="0;url=nb/"><a href="nb/">点击这里</a>',
    ],
)
def test_a_page_that_only_moves_on_is_a_redirect_and_no_wall(body):
    page = exchange(body)

    assert redirect_target(page) == f"{HERE}nb/"
    assert all(
        platforms.classify(exchange(body, role), DISTRICT) is Outcome.OK
        for role in (Role.HOME, Role.COLUMN, Role.DOCUMENT)
    )


@pytest.mark.parametrize(
    "body",
    [
        script('function go(n) { window.location.href = "list_" + n + ".html" }'),
        script('function go() { window.location.href = "/2.html" }'),
        script('location.href = "index_" + n'),
        script("location.href = location.pathname + location.search"),
        script('window.open("/x/")'),
        script('window.open("/x/", "_blank")'),
        script('if (/Android|iPhone/.test(navigator.userAgent)) { location.href = "/m/" }'),
        script('var locations = "/x/"; map.location = "/y/";'),
        '<meta http-equiv="refresh" content="600;url=/gk/">',
        '<noscript><meta http-equiv="refresh" content="0;url=/noscript.html"></noscript>',
        script("location.href='/x/'") + ROW,
        script("location.href='/x/'") + f"<p>{TEXT}</p>",
        "",
    ],
)
def test_what_has_rows_or_text_or_moves_only_when_told_to_is_a_page(body):
    assert redirect_target(exchange(body)) is None


def test_a_challenge_that_moves_on_is_a_challenge():
    body = script("document.cookie='__jsl_clearance_s=1'; location.href='/gk/?again'")

    assert platforms.classify(exchange(body), DISTRICT) is Outcome.BLOCKED


def test_a_location_of_raw_bytes_is_asked_for_byte_by_byte():
    raw = "/年报.html".encode("gbk").decode("utf-8", "surrogateescape")

    assert redirect_target(exchange("", status=302, Location=raw)) == f"{DISTRICT.home}%C4%EA%B1%A8.html"
    assert redirect_target(exchange("", status=302, Location="http://[")) is None
