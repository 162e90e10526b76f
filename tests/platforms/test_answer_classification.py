"""What an answer really is, whatever its status says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import platforms
from govcrawl.models import Exchange, Request, Response
from govcrawl.portals import load_registry
from govcrawl.vocabulary import Outcome, Role, Wall

HANGZHOU = load_registry()["330100"]
ARTICLE = f"{HANGZHOU.home}art/2024/1/22/art_1229063423_4234590.html"
PROSE = "本机关按照规定公开信息，现将有关情况报告如下。" * 40
REPORT = (
    '<html><head><title>市教育局2023年政府信息公开工作年度报告</title><meta name="ArticleTitle"></head>'
    f"<body><div id=zoom>{PROSE}<table><tr><td>信息内容</td></tr></table></div></body></html>"
)
CHALLENGE_412 = '<html><head><script>$_ts=window["$_ts"];$_ts.cd="a";</script></head><body></body></html>'
CHALLENGE_521 = (
    "<script>document.cookie='__jsl_clearance_s=1|'+(+!+[]+'');location.href=location.pathname+location.search</script>"
)
MENU = "<a href=/col/col1/index.html>栏目名称</a>" * 200
FRONT_PAGE = f"<html><head><title>杭州市人民政府门户网站</title></head><body>{MENU}</body></html>"


def outcome(body: str | bytes, *args, **more) -> Outcome:
    return platforms.classify(exchange(body, *args, **more), HANGZHOU)


def wall(body: str | bytes, *args, **more) -> tuple[Outcome, Wall | None]:
    answer = exchange(body, *args, **more)
    filed = platforms.classify(answer, HANGZHOU)
    return filed, platforms.wall_of(answer, filed)


def exchange(body: str | bytes, status: int = 200, role: Role = Role.DOCUMENT, url: str = ARTICLE, **more) -> Exchange:
    context = tuple(sorted(more.pop("context", {}).items()))
    headers = tuple((name.replace("_", "-"), value) for name, value in more.items())
    content = body if isinstance(body, bytes) else body.encode()
    request = Request(HANGZHOU.id, "hanweb-jpage", role, url, context=context)
    return Exchange(request, Response(url, status, headers, content))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (CHALLENGE_412, 412),
        (CHALLENGE_412, 202),
        (CHALLENGE_412, 200),
        (CHALLENGE_521, 521),
        (CHALLENGE_521, 512),
        (CHALLENGE_521, 503),
        ("<html><body>请输入验证码后继续访问</body></html>", 200),
        ("<html><title>访问被拦截</title><body>您的请求疑似攻击行为</body></html>", 200),
        ("<html><head><script src='/_guard/auto.js'></script></head><body></body></html>", 200),
        ("<html><head><script>eval(function(p){}('x'))</script></head><body></body></html>", 200),
        ("", 200),
        ("  \n", 200),
        ("Forbidden", 403),
        ("slow down", 429),
    ],
)
def test_challenges_and_walls_are_blocked(body, status):
    assert outcome(body, status) is Outcome.BLOCKED


@pytest.mark.parametrize(
    "body",
    [
        "<html><head><title>404</title></head><body>您访问的页面不存在</body></html>",
        "<html><body><p>抱歉，您要找的文章不存在或已被删除。</p><a href='/'>返回首页</a></body></html>",
        "<html><body>404 Not Found</body></html>",
        FRONT_PAGE,
        FRONT_PAGE.replace("杭州市人民政府门户网站", "中国杭州"),
        FRONT_PAGE.replace("杭州市人民政府门户网站", "首页"),
        '<html><head><meta http-equiv="refresh" content="0;url=/"></head></html>',
        "<script>window.location.href='https://www.hangzhou.gov.cn/index.html'</script>",
        "<html><body><div class='con'>暂无相关信息</div></body></html>",
    ],
)
def test_pages_that_say_there_is_none_under_200(body):
    assert outcome(body) is Outcome.SOFT_404


def test_a_viewer_with_nothing_in_it_is_none_however_long_its_menu():
    viewer = f"<html><body><ul>{MENU}</ul><h1>政府信息公开工作年度报告</h1><p class='none'> 暂无数据 </p></body></html>"

    assert outcome(viewer) is Outcome.SOFT_404
    assert outcome(REPORT.replace("</div>", "<p>暂无数据</p></div>")) is Outcome.OK


def test_an_organ_without_a_report_for_a_year_is_none_not_a_wall():
    assert outcome("", context={"area": "002510119", "year": "2011"}) is Outcome.SOFT_404


def test_a_document_redirected_to_the_front_page_is_none():
    assert outcome("", 302, Location="/") is Outcome.SOFT_404
    assert outcome("", 302, Location="https://hangzhou.gov.cn/index.html") is Outcome.SOFT_404
    assert outcome("", 302, Location="/art/2024/1/23/art_1_2.html") is Outcome.OK
    assert outcome("", 302, Location="http://10.0.0.1/") is Outcome.OK  # another's: the registry gate says what of it
    assert outcome("", 301, role=Role.HOME, url=HANGZHOU.home, Location="/index.html") is Outcome.OK


@pytest.mark.parametrize(
    "body",
    [
        REPORT,
        REPORT.replace("<body>", "<body><script>$_ts={}</script>"),
        REPORT.replace("有关情况", "网民反映页面不存在、验证码看不清等情况"),
        REPORT.encode("gb18030"),
        b"%PDF-1.4 404",
        b"PK\x03\x04 404",
        "<html><head><title>首页 - 2023年政府信息公开年报</title></head><body>正文见图<img src=a.jpg></body></html>",
    ],
)
def test_real_pages_are_ok_even_where_they_bear_a_mark(body):
    assert outcome(body) is Outcome.OK


def test_lists_in_scripts_and_empty_lists_are_ok():
    for body in (
        "totalRecord=0;totalPage=0;dataStore = [];",
        "<datastore><totalrecord>0</totalrecord></datastore>",
        "<table><tr><td>暂无信息</td></tr></table>共0页",
        "<script>d.add(1,0,'信息公开年报',\"javascript:funclick('A1')\");</script>",
    ):
        assert outcome(body, role=Role.LIST, url=f"{HANGZHOU.home}module/web/jpage/dataproxy.jsp?page=1") is Outcome.OK


def test_a_menu_that_is_all_script_is_a_page_and_a_shell_without_a_word_is_none():
    menu = "<html><body><script>d.add(1,0,'信息公开年报');document.write(d);</script></body></html>"
    shell = "<html><body><script>eval('x')</script></body></html>"

    assert outcome(menu, role=Role.COLUMN, url=f"{HANGZHOU.home}module/xxgk/tree.jsp?area=") is Outcome.OK
    assert outcome(shell, role=Role.COLUMN, url=f"{HANGZHOU.home}col/col1/index.html") is Outcome.BLOCKED


def test_front_pages_are_ok_where_they_are_asked_for():
    assert outcome(FRONT_PAGE, role=Role.HOME, url=HANGZHOU.home) is Outcome.OK


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (304, Outcome.NOT_MODIFIED),
        (404, Outcome.HTTP_ERROR),
        (410, Outcome.HTTP_ERROR),
        (500, Outcome.HTTP_ERROR),
        (503, Outcome.HTTP_ERROR),
    ],
)
def test_statuses_that_speak_for_themselves(status, expected):
    assert outcome("<html><body>error</body></html>", status) is expected


@given(st.binary(max_size=2000), st.sampled_from(list(Role)), st.integers(200, 599))
def test_any_answer_has_one_of_five_outcomes(body, role, status):
    assert outcome(body, status, role) in {
        Outcome.OK, Outcome.NOT_MODIFIED, Outcome.BLOCKED, Outcome.SOFT_404, Outcome.HTTP_ERROR,
    }  # fmt: skip


LOGIN_FORM = (
    "<html><title>用户登录</title><body><form><input name=user><input type='password' name=word></form></body></html>"
)


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        ("<html><body>抱歉，本站不支持境外IP地址访问</body></html>", 403, Wall.FOREIGN_BLOCK),
        ("<html><body>您所在的地区暂时无法访问本网站</body></html>", 200, Wall.FOREIGN_BLOCK),
        ("<html><body>您的IP地址（203.0.113.7）已被限制访问</body></html>", 200, Wall.FOREIGN_BLOCK),
        ("<html><body>Access from your country is blocked.</body></html>", 451, Wall.FOREIGN_BLOCK),
        ("<html><body>This site is not available in your region</body></html>", 404, Wall.FOREIGN_BLOCK),
        (CHALLENGE_412, 412, Wall.SCRIPT_CHALLENGE),
        (CHALLENGE_412, 202, Wall.SCRIPT_CHALLENGE),
        (CHALLENGE_521, 521, Wall.SCRIPT_CHALLENGE),
        ("", 412, Wall.SCRIPT_CHALLENGE),
        ("<html><body>请输入验证码后继续访问</body></html>", 200, Wall.SCRIPT_CHALLENGE),
        (LOGIN_FORM, 200, Wall.LOGIN),
        ("<html><body>请先登录</body></html>", 200, Wall.LOGIN),
        ('{"code": 1, "msg": "您尚未登录或登录超时"}', 200, Wall.LOGIN),
        ("", 401, Wall.LOGIN),
        (LOGIN_FORM.replace("<form>", "<form>验证码<input name=code>"), 200, Wall.LOGIN),
        (" \n", 200, Wall.EMPTY_PAGE),
        ("Forbidden", 403, None),
        ("slow down", 429, None),
        ("<html><title>访问被拦截</title><body>您的请求疑似攻击行为</body></html>", 200, None),
    ],
)
def test_what_is_blocked_has_the_wall_that_its_page_shows(body, status, expected):
    for role in (Role.DOCUMENT, Role.LIST, Role.COLUMN):
        assert wall(body, status, role) == (Outcome.BLOCKED, expected)


@pytest.mark.parametrize(
    "target",
    ["/login?back=%2Fart", "https://sso.hangzhou.gov.cn/?to=1", "/cas/login", "/userLogin.jsp", "//login.a.gov.cn"],
)
def test_a_redirect_to_a_place_to_log_in_is_a_wall_for_a_list_and_a_document(target):
    for role in (Role.DOCUMENT, Role.LIST):
        assert wall("", 302, role, Location=target) == (Outcome.BLOCKED, Wall.LOGIN)


def test_pages_that_speak_of_logins_and_places_are_pages():
    menu = REPORT.replace("<body>", "<body><a href=/login>请登录</a><input type=password>")
    abroad = REPORT.replace("有关情况", "限制境外人员访问系统、您的IP地址等情况")

    assert wall(menu) == wall(abroad) == (Outcome.OK, None)
    assert wall("", 302, Location="/art/2024/1/23/casework_login_help.html") == (Outcome.OK, None)


def test_errors_of_the_server_are_a_wall_and_missing_pages_are_none():
    error = "<html><body>error</body></html>"

    assert wall(error, 500) == wall(error, 599) == (Outcome.HTTP_ERROR, Wall.SERVER_ERROR)
    assert wall(error, 404) == (Outcome.HTTP_ERROR, None)
    assert wall(REPORT) == (Outcome.OK, None)


@pytest.mark.parametrize("beside", ['<input type="password"> 请输入验证码', "请先登录后查看"])
def test_a_list_of_reports_is_a_page_whatever_stands_beside_it(beside):
    row = '<li><a href="/nb/1.html">石景山区教育局2024年政府信息公开工作年度报告</a></li>'

    assert outcome(row + beside, role=Role.COLUMN) is Outcome.OK
    assert outcome(beside, role=Role.COLUMN) is Outcome.BLOCKED
