"""Which pages a printed list asks for, whatever draws its pager; and lists whose length nothing tells."""

from urllib.parse import parse_qs, urljoin

import pytest

from govcrawl import platforms
from govcrawl.models import Exchange, ListPage, Request, Response
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Role

DISTRICT = load_registry()["110106"]
STATE = '<input type="hidden" name="__VIEWSTATE" value="a+b/="><input type="hidden" name="__EVENTTARGET" value="">'


def rows(count: int, first: int = 0) -> str:
    return "".join(
        f"<li><a href='./202501/t20250110_{number + 1000}.shtml'>丰台区第{number}局2024年政府信息公开年度报告</a></li>"
        for number in range(first, first + count)
    )


def read(pager: str, path: str = "/nb/", role: Role = Role.COLUMN, count: int = 3, **context: str) -> ListPage:
    url = urljoin(DISTRICT.home, path)
    told = tuple(sorted({"stage": "reports", **context}.items()))
    request = Request(DISTRICT.id, "generic", role, url, "k", context=told)
    body = f"<html><body><ul>{rows(count)}</ul><div>{pager}</div></body></html>"
    return platforms.read(Exchange(request, Response(url, 200, (), body.encode())), DISTRICT)


def asked(page: ListPage) -> list[str]:
    return [one.url.removeprefix(DISTRICT.home) for one in page.requests if one.role is Role.LIST]


def links(*pairs: tuple[str, str]) -> str:
    return "".join(f'<a href="{address}">{name}</a>' for address, name in pairs)


def script(text: str) -> str:
    return f"<script>{text}</script>"


@pytest.mark.parametrize(
    ("pager", "expected"),
    [
        (script("var currentPage = 0;//所在页\nvar countPage = 3//共多少页\n"), ["index_1.shtml", "index_2.shtml"]),
        (
            script(
                "var countPage = 3//共\nvar currentPage=0;\ncreatePageHTML(countPage, currentPage, 'index', 'html');"
            ),
            ["index_1.html", "index_2.html"],
        ),
        (script('createPageHTML("page_div", 3, 1, "xlist", "shtml", 490);'), ["xlist_2.shtml", "xlist_3.shtml"]),
        (script('\ncreatePageHTML(\n  2,\n  0,\n  "index",\n  "htm"\n);\n'), ["index_1.htm"]),
        (script("Pager({size:3,current:0,prefix:'index',suffix:'shtml'})"), ["index_1.shtml", "index_2.shtml"]),
        (script("$('#p').Pager({suffix:'.html', prefix:'list', current:0, size:2})"), ["list_1.html"]),
        (
            '<a href="javascript:next(0)">下一页</a>'
            + script('var pageCount=3; function next(n){ if(n+1<pageCount) location.href="index_"+(n+1)+".html" }'),
            ["index_1.html", "index_2.html"],
        ),
        (
            script("""var totalPages = 2; document.write('<a href="index'+(i?"_"+i:"")+'.shtml">'+i+'</a>');"""),
            ["index_1.shtml"],
        ),
        (
            "<select onchange='location=this.value'><option value='index_1.html'>2</option></select>",
            ["index_1.html"],
        ),
    ],
)
def test_a_pager_that_a_script_draws_is_followed(pager, expected):
    page = read(pager)

    assert asked(page) == [f"nb/{name}" for name in expected]
    assert not page.open_ended


EPORTAL = "/eportal/ui?pageId=5&amp;currentPage={}&amp;moduleId=ab"
COUNTED_DOWN = (
    ("zfxxgknb/4.htm", "2"),
    ("zfxxgknb/3.htm", "3"),
    ("zfxxgknb/4.htm", "下页"),
    ("zfxxgknb/1.htm", "尾页"),
)


@pytest.mark.parametrize(
    ("path", "pager", "expected"),
    [
        (
            "/nb/index.html",
            links((EPORTAL.format(2), "2"), (EPORTAL.format(3), "3"), (EPORTAL.format(2), "下一页")),
            [f"eportal/ui?pageId=5&currentPage={number}&moduleId=ab" for number in (2, 3)],
        ),
        ("/nb/1.html", links(("/nb/1.html", "1"), ("/nb/2.html", "2")) + "共4页", [f"nb/{n}.html" for n in (2, 3, 4)]),
        ("/nb/1.html", links(("/nb/9.html", "九月年报"), ("/nb/2024.html", "2024")), []),
        ("/gk/nb.htm", links(("nb/2.htm", "2"), ("nb/3.htm", "3")), ["gk/nb/2.htm", "gk/nb/3.htm"]),
        ("/gk/zfxxgknb.htm", links(*COUNTED_DOWN), [f"gk/zfxxgknb/{number}.htm" for number in (4, 3, 2, 1)]),
        ("/iList.jsp?cat_id=3", links(("iList.jsp?cat_id=3&amp;cur_page=2", "2")), ["iList.jsp?cat_id=3&cur_page=2"]),
        (
            "/list.jsp?cid=8",
            script('var totalPage=3; function go(p){ location.href="list.jsp?cid=8&page="+p; }'),
            ["list.jsp?cid=8&page=2", "list.jsp?cid=8&page=3"],
        ),
        ("/nb/", '<base href="/gk/">' + links(("index_1.html", "2")), ["gk/index_1.html"]),
        ("/nb/", links(("/nb/p/2.html", "2"), ("/nb/p/3.html", "3")), ["nb/p/2.html", "nb/p/3.html"]),
        ("/nb/", links(("/nb/page/2", "2"), ("/nb/page/3", "尾页")), ["nb/page/2", "nb/page/3"]),
        ("/nb/list.do", links(("list.do?start=20", "下一页"), ("list.do?start=80", "尾页")), ["nb/list.do?start=20"]),
        ("/nb/", links(("http://www.bjhd.gov.cn/nb/?start=20", "下一页"), ("/nb/index.html", "下一页")), []),
    ],
)
def test_pages_are_numbered_in_many_ways(path, pager, expected):
    assert asked(read(pager, path)) == expected


def test_a_list_that_counts_down_goes_on_behind_each_page():
    pager = links(("../zfxxgknb.htm", "1"), ("3.htm", "下页"), ("2.htm", "尾页"))
    page = read(pager, "/gk/zfxxgknb/4.htm", Role.LIST, page="2")

    assert asked(page) == ["gk/zfxxgknb/3.htm", "gk/zfxxgknb/2.htm"]


@pytest.mark.parametrize(
    ("call", "argument"),
    [("__doPostBack('pager','{}')", "{}"), ("__doPostBack(&#39;Grid&#39;,&#39;Page${}&#39;)", "Page${}")],
)
def test_a_form_is_posted_for_each_page_its_pager_names_and_those_between(call, argument):
    form = f'<form method="post" action="list.aspx?id=3">{STATE}{{}}</form>'
    numbers = links(*((f"javascript:{call.format(number)}", str(number)) for number in (2, 4)))
    posted = read(form.format(numbers), "/nb/list.aspx?id=3").requests
    fields = [parse_qs(one.body.decode()) for one in posted]

    assert [one["__EVENTARGUMENT"] for one in fields] == [[argument.format(number)] for number in (2, 3, 4)]
    assert {one["__VIEWSTATE"][0] for one in fields} == {"a+b/="}
    assert {(one.method, one.url) for one in posted} == {("POST", f"{DISTRICT.home}nb/list.aspx?id=3")}
    assert len({one.id for one in posted}) == 3

    last = dict(posted[-1].context)
    more = links((f"javascript:{call.format(6)}", "尾页"))
    behind = read(form.format(more), "/nb/list.aspx?id=3", Role.LIST, page=last["page"], last=last["last"])
    between = read(form.format(more), "/nb/list.aspx?id=3", Role.LIST, page="2", last=last["last"])
    assert [parse_qs(one.body.decode())["__EVENTARGUMENT"] for one in behind.requests] == [
        [argument.format(number)] for number in (5, 6)
    ]
    assert between.requests == ()


SUBMITTED = """<form name="f" method="{}" action="list.do"><input type="hidden" name="cid" value="7">
<input name="{}" value="1"></form><a href="javascript:toPage(2)">下一页</a><a href="javascript:toPage(3)">尾页</a>
<a onclick="font(16)">大</a><script>
function toPage(n) {{ document.f.elements[1].value = n; document.f.submit(); }}</script>"""


@pytest.mark.parametrize("field", ["pageNo", "page.currentPage", "toPage", "cpage"])
def test_a_form_that_a_script_submits_is_sent_for_each_page(field):
    posted = read(SUBMITTED.format("post", field), "/nb/list.do").requests
    got = read(SUBMITTED.format("get", field), "/nb/list.do").requests

    assert [one.body.decode() for one in posted] == [f"cid=7&{field}={number}" for number in (2, 3)]
    assert [one.url for one in got] == [f"{DISTRICT.home}nb/list.do?cid=7&{field}={number}" for number in (2, 3)]


@pytest.mark.parametrize(
    ("pager", "is_open"),
    [
        ('<a href="javascript:goto(2)">下一页</a>', True),
        ('<span onclick="turn(2)">下页</span>', True),
        ("<span>共 58 条</span>", True),
        ("<span>1/4页</span>", True),
        ('<a href="javascript:;" class="disabled">下一页</a>', False),
        ('<a href="#">下一页</a>', False),
        ("<span>共3条</span><a href='javascript:goto(2)'>下一页</a>", False),
        ("<span>共1页</span><a href='javascript:goto(2)'>下一页</a>", False),
        ("", False),
    ],
)
def test_a_pager_that_cannot_be_turned_leaves_the_length_unknown(pager, is_open):
    page = read(pager)

    assert page.open_ended is is_open
    assert page.requests == ()
    assert len(page.rows) == 3
