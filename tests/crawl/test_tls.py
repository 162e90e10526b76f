"""Servers on loopback whose TLS, or connection, is wrong in one way each: each failure is told in words."""

import datetime as dt
import json
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from OpenSSL import SSL

from govcrawl.crawl.tls import SM_SUITES, Handshake, in_words, is_sm2, sm_suites_at_hand, wall_of_handshake
from govcrawl.vocabulary import Wall

from .walls import ALERT_OF_OLD_TLS, ALERT_OF_TLCP, CERTIFICATE_OF_SM2, HELLO_OF_SM4, play

NOW = dt.datetime.now(dt.UTC)
DAY = dt.timedelta(days=1)

PROGRAM = """
import json, sys
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

SETTINGS = {
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "govcrawl.crawl.single_send.OnceDownloadHandler"),
    "EXTENSIONS": {"govcrawl.crawl.shutdown.GracefulShutdown": 0}, "EXTENSIONS_BASE": {},
    "DOWNLOADER_MIDDLEWARES_BASE": {"scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 1},
    "DOWNLOAD_TIMEOUT": 3, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False,
    "DOWNLOAD_VERIFY_CERTIFICATES": sys.argv[1] == "verified",
}

class Caller(scrapy.Spider):
    name = "caller"

    async def start(self):
        for url in sys.argv[2:]:
            yield scrapy.Request(url, callback=self.parse, errback=self.failed)

    def parse(self, response):
        agreed = response.meta["tls"]
        print(json.dumps([response.url, "ok", f"{agreed.version} {agreed.suite}"]))

    def failed(self, failure):
        told = failure.request.meta["failure"]
        print(json.dumps([failure.request.url, told.outcome, told.detail]))

process = AsyncCrawlerProcess(SETTINGS)
process.crawl(Caller)
process.start()
"""

WEAK_PARAMETERS = """\
-----BEGIN DH PARAMETERS-----
MIGHAoGBANIHdjcLW6ZfeFwNc+ykI6aRRPOUtMrCQWhKw5WuGZVYRdd3GoTYUexZ
CW8hfkqg6fbLZ0zbI3kt638X94IjaLqxaOt2F8YkwG2pNJbzVo1O5WufHASQlON9
Y3I8fVNk8u/D2Me7ieLQA6qeoyBj4LAAjvzM0j+PnRhH2PdhGjAnAgEC
-----END DH PARAMETERS-----
"""
"""Of 1024 bits, for no other use than this."""


class Authority:
    """An issuer of certificates, and what it issued as files."""

    def __init__(self, folder: Path, name: str = "An issuer of tests") -> None:
        self.folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(self._name, self._key, -DAY, DAY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        self.certificate = builder.sign(self._key, hashes.SHA256())
        self.path = folder / "issuer.pem"
        self.path.write_bytes(self.certificate.public_bytes(Encoding.PEM))

    def issue(self, name: str, host: str = "localhost", start: dt.timedelta = -DAY, end: dt.timedelta = DAY) -> Path:
        """A certificate for a host with its key, in one file."""
        key = rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names: list[x509.GeneralName] = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ip_address("127.0.0.1")))
        builder = self._builder(subject, key, start, end)
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        path = self.folder / f"{name}.pem"
        certificate = builder.sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
        path.write_bytes(
            key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()) + certificate
        )
        return path

    def _builder(self, subject: x509.Name, key, start: dt.timedelta, end: dt.timedelta) -> x509.CertificateBuilder:
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(key.public_key())
        builder = builder.serial_number(x509.random_serial_number())
        return builder.not_valid_before(NOW + start).not_valid_after(NOW + end)


def speaking(certificate: Path, **changes) -> Callable[[socket.socket], None]:
    """A page over TLS; `changes` are attributes of the context, `ciphers` and `dh` among them."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    if ciphers := changes.pop("ciphers", None):
        context.set_ciphers(ciphers)
    if parameters := changes.pop("dh", None):
        context.load_dh_params(parameters)
    for name, value in changes.items():
        setattr(context, name, value)

    def handle(connection: socket.socket) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:
            wrapped.recv(4096)
            wrapped.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    return handle


def before_rfc_5746(connection: socket.socket) -> None:
    """A ServerHello without the extension that makes renegotiation safe, as OpenSSL 0.9.8 sent it."""
    connection.recv(4096)
    hello = b"\x03\x03" + bytes(32) + b"\x00" + b"\x00\x9c" + b"\x00"
    handshake = b"\x02" + len(hello).to_bytes(3, "big") + hello
    connection.sendall(b"\x16\x03\x03" + len(handshake).to_bytes(2, "big") + handshake)
    connection.recv(4096)


def plain(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def silent(connection: socket.socket) -> None:
    while connection.recv(4096):
        pass


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """What a crawl makes of each server: (outcome, detail) by name, verified and not."""
    folder = tmp_path_factory.mktemp("tls")
    issuer = Authority(folder)
    (folder / "others").mkdir()
    stranger = Authority(folder / "others", "A stranger")
    good = issuer.issue("good")
    handles = {
        "good": speaking(good),
        "expired": speaking(issuer.issue("expired", start=-9 * DAY, end=-2 * DAY)),
        "early": speaking(issuer.issue("early", start=2 * DAY, end=9 * DAY)),
        "other-host": speaking(issuer.issue("other", host="www.example.gov.cn")),
        "unknown-issuer": speaking(stranger.issue("strange")),
        "renegotiation": before_rfc_5746,
        "weak-dh": weak_dh(good, folder),
        "plain": plain,
        "silent": silent,
    }
    with ExitStack() as stack:
        ports = {name: play(handle, stack) for name, handle in handles.items()} | {"refused": closed_port()}
        urls = {f"https://localhost:{port}/": name for name, port in ports.items()}
        urls["https://no-such-host.invalid/"] = "no-host"
        yield {mode: called(mode, urls, issuer.path) for mode in ("verified", "unverified")}


def weak_dh(certificate: Path, folder: Path) -> Callable[[socket.socket], None]:
    """A server that offers a Diffie-Hellman key of 1024 bits."""
    (folder / "dh.pem").write_text(WEAK_PARAMETERS, encoding="ascii")
    return speaking(
        certificate,
        maximum_version=ssl.TLSVersion.TLSv1_2,
        ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0",
        dh=folder / "dh.pem",
    )


def called(mode: str, urls: dict[str, str], issuer: Path) -> dict[str, tuple[str, str]]:
    environment = {**os.environ, "SSL_CERT_FILE": str(issuer)}
    command = (sys.executable, "-c", PROGRAM, mode, *urls)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=True)
    told = map(json.loads, done.stdout.splitlines())
    return {urls[url]: (outcome, detail) for url, outcome, detail in told}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("expired", "the certificate has expired"),
        ("early", "the certificate is not in force yet"),
        ("other-host", "the certificate is for another host"),
        ("unknown-issuer", "the certificate's issuer is unknown, or the server leaves it out"),
        ("renegotiation", "the server knows only the unsafe renegotiation of before RFC 5746"),
        ("weak-dh", "the server's Diffie-Hellman key is too short"),
        ("plain", "the port speaks no TLS"),
    ],
)
def test_a_failed_handshake_is_filed_as_tls_with_its_reason_in_words(calls, name, words):
    assert calls["verified"][name] == ("tls", words)


@pytest.mark.parametrize(
    ("name", "outcome"), [("good", "ok"), ("silent", "timeout"), ("refused", "refused"), ("no-host", "dns")]
)
def test_what_is_no_fault_of_tls_is_filed_as_what_it_is(calls, name, outcome):
    assert calls["verified"][name][0] == outcome


def test_only_certificates_are_let_pass_by_who_says_so(calls):
    passed = {name for name, (outcome, _) in calls["unverified"].items() if outcome == "ok"}

    assert passed >= {"good", "expired", "early", "other-host", "unknown-issuer"}
    assert "weak-dh" not in passed


def test_what_openssl_says_and_nobody_has_words_for_is_told_as_it_is():
    assert in_words(SSL.Error([("SSL routines", "", "something new")])) == "something new"
    assert in_words(SSL.Error()) == "the handshake failed"
    assert in_words(ValueError("no TLS")) is None


def answered(hello: bytes) -> Handshake:
    """A handshake in which a server said something."""
    return Handshake(SSL.Connection(SSL.Context(SSL.TLS_METHOD)), hello)


@pytest.mark.parametrize(
    ("hello", "wall"),
    [
        (ALERT_OF_TLCP, Wall.TLCP),
        (b"\x16\x01\x01\x00\x4a\x02", Wall.TLCP),
        (HELLO_OF_SM4, Wall.SM4_ONLY),
        (HELLO_OF_SM4.replace(b"\x00\xc6\x00", b"\x00\xc7\x00"), Wall.SM4_ONLY),
        (HELLO_OF_SM4[:60], None),
        (ALERT_OF_OLD_TLS, None),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", None),
        (b"\x16", None),
        (b"", None),
    ],
)
def test_what_the_first_bytes_of_a_server_tell(hello, wall):
    assert wall_of_handshake(answered(hello), None) is wall
    if wall is None:
        assert wall_of_handshake(answered(hello), SSL.Error([("SSL routines", "", "handshake failure")])) is None


def test_suites_are_offered_as_the_openssl_at_hand_has_them(monkeypatch):
    def refuse(_context: SSL.Context, suites: bytes) -> None:
        raise SSL.Error([("SSL routines", "", f"no cipher match {suites!r}")])

    at_hand = sm_suites_at_hand()
    assert at_hand in {(), tuple(SM_SUITES.values())}
    monkeypatch.setattr(SSL.Context, "set_tls13_ciphersuites", refuse)
    assert sm_suites_at_hand() == ()


def test_a_certificate_of_sm2_is_known_by_its_bytes(tmp_path):
    assert is_sm2(CERTIFICATE_OF_SM2)
    assert not is_sm2(Authority(tmp_path).certificate.public_bytes(Encoding.DER))


@pytest.mark.skipif(not sm_suites_at_hand(), reason="the OpenSSL at hand has no suites of RFC 8998")
def test_a_server_that_has_nothing_but_sm4_is_read_where_openssl_can(tmp_path):
    issuer = Authority(tmp_path)
    with ExitStack() as stack:
        port = play(sm4_page(issuer.issue("good")), stack)
        told = called("verified", {f"https://localhost:{port}/": "sm4"}, issuer.path)

    assert told == {"sm4": ("ok", "TLSv1.3 TLS_SM4_GCM_SM3")}


def sm4_page(certificate: Path) -> Callable[[socket.socket], None]:
    """A page over TLS 1.3 with a suite of RFC 8998 alone, and an ordinary certificate."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_tls13_ciphersuites(b"TLS_SM4_GCM_SM3")
    context.use_certificate_chain_file(str(certificate))
    context.use_privatekey_file(str(certificate))

    def handle(connection: socket.socket) -> None:
        connection.settimeout(None)
        secure = SSL.Connection(context, connection)
        secure.set_accept_state()
        secure.recv(4096)
        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        secure.shutdown()

    return handle
