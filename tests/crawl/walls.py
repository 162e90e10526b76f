"""A server that plays what stands between a crawl and a page, each on a port of its own on loopback.

TLCP and the handshakes of the Chinese commercial ciphers are bytes that were recorded once: the machine that runs the
tests need not speak them. What is recorded comes from OpenSSL 4.0, with a certificate made for `sm2.example.gov.cn`.
"""

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

Handle = Callable[[socket.socket], None]
SECONDS = 20.0
"""No connection is held longer."""

ALERT_OF_TLCP = bytes.fromhex("15010100020246")
"""A record of version 1.1, which is TLCP's: the alert `protocol_version`."""
ALERT_OF_OLD_TLS = bytes.fromhex("15030100020246")
"""The same alert of a server that knows no more than TLS 1.0."""
HELLO_OF_SM4 = bytes.fromhex(
    "1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c200de48365d425ce90b40e821a"
    "6c1c057544a93579064e179fbed089b9f16085ac00c600000c002b00020304003300020029140303000101"
)
"""The HelloRetryRequest of a server that has TLS_SM4_GCM_SM3 and the group curveSM2 alone."""
CERTIFICATE_OF_SM2 = bytes.fromhex(
    "308201ae30820154a003020102021404d436b6dff36905d07cd6df7bb5b0bf24712bd6300a06082a811ccf55018375301d311b301906035504"
    "030c12736d322e6578616d706c652e676f762e636e301e170d3236313230313032343835345a170d3336313132383032343835345a301d311b"
    "301906035504030c12736d322e6578616d706c652e676f762e636e3059301306072a8648ce3d020106082a811ccf5501822d0342000426a560"
    "0e244a9e1ba9df45b57631af35114beed648f8eb936b65de0d6ddf57732bb023508ed2e2869e6fdd31d6d88855888adf2c2efe2894208db133"
    "ba0435d0a3723070301d0603551d0e041604147fe640c3446fd14cb608c17e5709630c42d71577301f0603551d230418301680147fe640c344"
    "6fd14cb608c17e5709630c42d71577300f0603551d130101ff040530030101ff301d0603551d11041630148212736d322e6578616d706c652e"
    "676f762e636e300a06082a811ccf550183750348003045022100cd79731b13c2677ff1c4efb47e33f08cb118e60cd95ca9fcc3400857bcb9aa"
    "3f022032cd2328ea5289bc3d49d4d77c9fd0565948941eddfb3c92f7ec1dedd4cfcc61"
)
"""A certificate with a key of SM2 that signed itself (sm2sign-with-sm3)."""
FOREIGN_BLOCK = "<html><title>访问提示</title><body>抱歉，本网站不支持境外IP地址访问。</body></html>"
CHALLENGE = '<html><head><script>$_ts=window["$_ts"];$_ts.cd="a";</script></head><body></body></html>'
LOGIN = '<html><body><form action="/in"><input name="user"><input type="password" name="word"></form></body></html>'


def handshake(kind: int, body: bytes) -> bytes:
    """A record of TLS 1.2 with one handshake message."""
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message


HELLO_OF_TLS_1_2 = handshake(
    2, b"\x03\x03" + b"\x11" * 32 + b"\0" + b"\xc0\x2b" + b"\0" + bytes.fromhex("000bff01000100000b00020100")
)
"""A ServerHello with ECDHE-ECDSA-AES128-GCM-SHA256, behind which a certificate with a key on a curve comes."""


def certificate_message(certificate: bytes) -> bytes:
    """A chain of one certificate, as TLS 1.2 sends it."""
    entry = len(certificate).to_bytes(3, "big") + certificate
    return handshake(11, len(entry).to_bytes(3, "big") + entry)


def answering(body: str, status: str = "200 OK", *headers: str) -> Handle:
    """A page for every address but robots.txt, which is not there."""

    def handle(connection: socket.socket) -> None:
        asked = connection.recv(65536)
        robots = asked.startswith(b"GET /robots.txt")
        content = b"" if robots else body.encode()
        told = ("404 Not Found",) if robots else (status, *headers)
        head = "\r\n".join(
            (f"HTTP/1.1 {told[0]}", *told[1:], "Content-Type: text/html; charset=utf-8", "Connection: close")
        )
        connection.sendall(f"{head}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)

    return handle


def saying(*flights: bytes) -> Handle:
    """A server that answers each thing it hears with the next of some flights, then closes."""

    def handle(connection: socket.socket) -> None:
        for flight in flights:
            heard(connection)
            connection.sendall(flight)
        with suppress(OSError):
            connection.recv(65536)

    return handle


def heard(connection: socket.socket) -> bytes:
    """A whole record of TLS."""
    got = connection.recv(65536)
    while got and len(got) < 5 + int.from_bytes(got[3:5], "big"):
        got += connection.recv(65536)
    return got


def closing(connection: socket.socket) -> None:
    """A FIN instead of a ServerHello."""
    heard(connection)


def resetting(connection: socket.socket) -> None:
    """A RST instead of a ServerHello."""
    heard(connection)
    reset(connection)


def reset(connection: socket.socket) -> None:
    """Close a connection with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def breaking_off(*headers: str, body: str = "<html>", by: Callable[[socket.socket], None] = reset) -> Handle:
    """A server of pages whose connection ends behind the head and some of the body, by a RST."""

    def handle(connection: socket.socket) -> None:
        if connection.recv(65536).startswith(b"GET /robots.txt"):
            connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return
        head = "\r\n".join(("HTTP/1.1 200 OK", "Content-Type: text/html; charset=utf-8", *headers))
        connection.sendall(f"{head}\r\n\r\n{body}".encode())
        threading.Event().wait(0.2)  # the head must have been read when a RST throws away what was not
        by(connection)

    return handle


def mute(connection: socket.socket) -> None:
    """A server that listens and says nothing."""
    with suppress(OSError):
        while connection.recv(65536):
            pass


def over_tls(certificate: Path, handle: Handle) -> Handle:
    """A server behind TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def wrapped(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as secure:
            handle(secure)

    return wrapped


def play(handle: Handle, stack: ExitStack, address: str = "127.0.0.1") -> int:
    """A server on a free port of loopback, in a thread for each connection; its port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = stack.enter_context(socket.create_server((address, 0), family=family))

    def one(connection: socket.socket) -> None:
        connection.settimeout(SECONDS)
        with connection, suppress(OSError):
            handle(connection)

    def run() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=one, args=(connection,), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return int(server.getsockname()[1])


def drop_silently(stack: ExitStack) -> int:
    """A port whose queue of connections is full and never emptied: the system drops every further SYN."""
    server = stack.enter_context(socket.socket())
    server.bind(("127.0.0.1", 0))
    server.listen(0)
    for _ in range(4):
        waiting = stack.enter_context(socket.socket())
        waiting.setblocking(False)
        waiting.connect_ex(server.getsockname())
    return int(server.getsockname()[1])


@contextmanager
def standing(wrong_host: Path) -> Iterator[Mapping[str, int]]:
    """All sixteen by their names, with the port of each; `dns` has none. `wrong_host` is another's certificate."""
    handles: Mapping[str, Handle] = {
        "foreign_block": answering(FOREIGN_BLOCK, "403 Forbidden"),
        "script_challenge": answering(CHALLENGE, "412 Precondition Failed"),
        "login": answering("", "302 Found", "Location: /sso/login?back=/"),
        "empty_page": answering(""),
        "timeout": mute,
        "reset_after_headers": breaking_off("Content-Length: 9000"),
        "handshake_closed": closing,
        "handshake_reset": resetting,
        "tlcp": saying(ALERT_OF_TLCP),
        "sm4_only": saying(HELLO_OF_SM4),
        "sm2_root": saying(HELLO_OF_TLS_1_2 + certificate_message(CERTIFICATE_OF_SM2)),
        "old_tls": saying(ALERT_OF_OLD_TLS),
        "wrong_host": over_tls(wrong_host, answering("a page")),
        "server_error": answering("<html>down</html>", "503 Service Unavailable"),
    }
    with ExitStack() as stack:
        ports = {name: play(handle, stack) for name, handle in handles.items()}
        yield {**ports, "silent_drop": drop_silently(stack)}
