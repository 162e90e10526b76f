"""What the scripts of a page say, read without running them: values, calls, and how rows are made of records."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from govcrawl.models import Response
from govcrawl.platforms.row_templates import RowTemplate, filled_template, row_template
from govcrawl.platforms.script_calls import ScriptCall, script_addresses, script_calls
from govcrawl.platforms.script_values import UNKNOWN, PageScript, literal_of, page_script

PAGE = "https://www.tianmen.gov.cn/zwgk/nb/index.html?id=7"


def page(script: str, body: str = "") -> Response:
    return Response(PAGE, 200, (), f"<body>{body}<script>{script}</script></body>".encode())


def value(script: str, body: str = "") -> object:
    return page_script(page(f"var x = {script};", body)).names["x"]


# ------------------------------------------------------------------------------------------------------------ values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("\"a\" + 'b' + 1", "ab1"),
        ("`a/${1}/b`", "a/1/b"),
        (r"'a\'b\u4e2d\x41'", "a'b中A"),
        ("(3 - 1) * 15 + 1", 31),
        ("{a: 1, 'b-c': \"d\", e: [1, 'f'], g: function(){ return 1 }, h: true}",
         {"a": 1, "b-c": "d", "e": (1, "f"), "g": None, "h": True}),
        ("encodeURIComponent('暂无') + '&x'", "%E6%9A%82%E6%97%A0&x"),
        ("JSON.stringify({a: 'b', n: 1})", '{"a": "b", "n": 1}'),
        ("unknown || 'otherwise'", "otherwise"),
        ("'?t=' + new Date().getTime()", f"?t={UNKNOWN}"),
        ("'?n=' + (n ? 1 : 2)", f"?n={UNKNOWN}"),
        ("{a: n ? 1 : 2, f: x => x + 1, ...{b: 2}, c: 3}", {"a": None, "f": None, "b": 2, "c": 3}),
        ("getQueryString('id') + '-' + location.host", "7-www.tianmen.gov.cn"),
    ],
)  # fmt: skip
def test_values_are_read_as_far_as_they_are_written(written, read):
    assert value(written) == read


@pytest.mark.parametrize(
    "asked",
    ["$('#c').val()", "$('#c').data('column')", "$(\"#c\").attr('data-column')", "document.getElementById('c').value",
     "document.querySelector('#c').dataset.column", "document.getElementById('c').getAttribute('data-column')"],
)  # fmt: skip
def test_what_a_script_asks_of_its_page_is_answered(asked):
    assert value(asked, "<input id='c' data-column='8f2a' value='8f2a'>") == "8f2a"


def test_names_have_the_first_value_given_and_members_given_later():
    script = PageScript("var a = 'x', n = 1\nvar o = {p: a}; o.q = n + 1; n = n + 1; function f(k, m) { k } f('y', 3)")

    assert script.names == {"a": "x", "n": 1, "o": {"p": "x", "q": 2}, "k": "y", "m": 3}


@pytest.mark.parametrize(
    ("script", "first"),
    [
        ("var n = 0; function more() { n++; $.get('/q?page=' + n) }", 1),
        ("var n = 0; function more() { ++n; $.get('/q?page=' + n) }", 1),
        ("var n = 0; function more() { n += 1; $.get('/q?page=' + n) }", 1),
        ("var n = 0; function more() { $.get('/q?page=' + n); n++ }", 0),
        ("for (var n = 0; n < 9; n++) { $.get('/q?page=' + n) }", 0),
    ],
)
def test_a_page_is_counted_from_where_its_script_begins(script, first):
    assert script_calls(page(script)) == (ScriptCall(f"https://www.tianmen.gov.cn/q?page={first}"),)


def test_a_statement_ends_where_two_values_follow_each_other():
    assert PageScript("var countPage = 25//共多少页\nvar next = countPage+1\nfoo()").names == {
        "countPage": 25,
        "next": 26,
    }


def test_a_text_that_writes_down_no_value_has_none():
    assert literal_of("location.href") is None
    assert literal_of("{'webId':'3185', \"n\" : 1,}") == {"webId": "3185", "n": 1}


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab1 '\"`{}[]()=>.,:;+-*?!$\\\n", max_size=80))
def test_any_script_is_read_to_its_end(text):
    assert isinstance(PageScript(text).names, dict)


PIECES = (
    "{a:", "f(", "[", "'", '"a', "`", "/*", "a=function(){", "x=>", "${", "a=b+", "var a={b:", "a.b.", "= ", "a=1*",
    "encodeURIComponent(", "$('#a').val()", "getUrl(", "function f(a){", "()=>{", "(a)=>(", "a=(b)=>{c=", "{a(){", "!",
    "function f(a){}f(1,", "a=`${a}`;", "a=[", "$.get('/a?", "$.ajax({url:'/a',", "'<a href=\"'+",
)  # fmt: skip


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("behind", ["", ")]}"])
def test_a_hostile_script_is_read_in_linear_time(piece, behind):
    count = 100_000 // len(piece)
    hostile = page(piece * count + behind * (count // 3))
    begun = time.process_time()
    found = (script_calls(hostile), script_addresses(hostile), row_template(hostile))

    assert len(found) == 3
    assert time.process_time() - begun < 10


# ------------------------------------------------------------------------------------------------------------- calls


@pytest.mark.parametrize(
    ("script", "call"),
    [
        ("$.get('/a/list?page=' + n + '&size=15', draw)", ScriptCall("/a/list?page=1&size=15")),
        ("$.getJSON('list.json', {cid: 3, _: Math.random()}, draw)", ScriptCall("/zwgk/nb/list.json?cid=3")),
        ("$.ajax({data: {c: 'x y', 'f[A]': 1, pageNo: k}, url: '/q'})", ScriptCall("/q?c=x+y&f%5BA%5D=1&pageNo=1")),
        ("$.post('/q', {c: 1, page: k}, draw)", ScriptCall("/q", "c=1&page=1")),
        ("$.ajax({type: 'POST', url: '/q', contentType: 'application/json', data: JSON.stringify({p: {}, page: k})})",
         ScriptCall("/q", '{"p":{},"page":1}', is_json=True)),
        ("var s = {c: 'n'}; fetch('/q', {method: 'post', body: JSON.stringify(s)})",
         ScriptCall("/q", '{"c":"n"}', is_json=True)),
        ("axios.get('/q?offset=' + o)", ScriptCall("/q?offset=0")),
        ("$.ajax({url: '/j?pageNo=1', dataType: 'jsonp', jsonp: 'cb', jsonpCallback: 'draw'})",
         ScriptCall("/j?pageNo=1&cb=draw")),
        ("fetch(`/q?id=${getUrlParam('id')}`)", ScriptCall("/q?id=7")),
    ],
)  # fmt: skip
def test_a_call_is_read_as_its_script_makes_it(script, call):
    own = "https://www.tianmen.gov.cn"

    assert script_calls(page(script)) == (ScriptCall(own + call.url, call.body, is_json=call.is_json),)


@pytest.mark.parametrize(
    "script",
    ["$.get('/a?channel=' + channel)", "$.get(base + '/a?x=1')", "$.post('/q', params)", "map.get('key')",
     "$.ajax({url: '/q', data: form})", "$.ajax({type: 'PUT', url: '/q'})", "$.get(selector)", "'/a/' + id + '.json'"],
)  # fmt: skip
def test_a_call_that_cannot_be_told_whole_is_not_made(script):
    assert script_calls(page(script)) == ()


def test_addresses_are_whole_texts_with_a_query():
    script = "var api = '/s/list.html', q = '?a=1&b=' + 2; var u = '/x/y?c=3'; document.write('<a href=\"/z?d=4\">')"

    assert script_addresses(page(script)) == ("https://www.tianmen.gov.cn/x/y?c=3",)


# -------------------------------------------------------------------------------------------------------------- rows


@pytest.mark.parametrize(
    ("script", "template"),
    [
        ("s += '<li><a href=\"' + d[i].URL + '\">' + d[i].TITLE + '</a></li>'", RowTemplate("{URL}", "{TITLE}")),
        ("$.each(l, (i, r) => { h += \"<a href='/d?id=\" + r.id + '&c=' + r.c + \"' title='\" + r.bt + \"'>…</a>\" })",
         RowTemplate("/d?id={id}&c={c}", "{bt}")),
        ('l.map(x => `<a href="/c/${x.year}/${x.key}.html">${x.name.slice(0, 20)}</a>`)',
         RowTemplate("/c/{year}/{key}.html", "{name}")),
        ("s = '<a href=\"/static.html\">年报</a>'", RowTemplate()),
    ],
)  # fmt: skip
def test_the_markup_of_a_row_names_its_fields(script, template):
    assert row_template(page(script)) == template


def test_a_template_is_filled_only_whole():
    assert filled_template("/c/{year}/{key}.html", {"year": 2024, "key": "a"}) == "/c/2024/a.html"
    assert filled_template("/c/{year}/{key}.html", {"year": 2024}) is None
    assert filled_template("", {"year": 2024}) is None
