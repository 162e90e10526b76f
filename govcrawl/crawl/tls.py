"""What the crawl asks of a TLS server, what was seen of each handshake, and why one failed, in words.

The policy is that of OpenSSL's defaults and of browsers: the certificate is in force, for the host asked, of an issuer
that the system trusts; renegotiation is the safe one of RFC 5746; keys are long enough. Evidence that anyone on the way
could have written is none. A portal that fails this is filed as `tls` with the reason, and nothing is weakened to reach
it: who wants its pages all the same says `-s DOWNLOAD_VERIFY_CERTIFICATES=False`, and the log says that it was said.

The suites of RFC 8998 (TLS 1.3 with SM4 and SM3) are offered behind the usual ones where the OpenSSL at hand has them,
which is found out by trying. What it offers of SM2 (the group curveSM2, signatures sm2sig_sm3) is its own default.

What can be told of a server that only speaks SM: TLCP by the version 1.1 in its records, which no version of TLS uses.
A suite of RFC 8998 by the ServerHello that names it. A server that only closes the connection, or answers with the
alert `handshake_failure`, may lack any suite: that is told as what it is, and is no `sm4_only`.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from weakref import WeakKeyDictionary

from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_ASN1, X509, dump_certificate
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from govcrawl.models import TlsFacts
from govcrawl.vocabulary import Wall

_logger = logging.getLogger(__name__)

_CODES = SSL.X509VerificationCodes
FAULTS: Mapping[int, str] = {
    _CODES.ERR_CERT_HAS_EXPIRED: "the certificate has expired",
    _CODES.ERR_CERT_NOT_YET_VALID: "the certificate is not in force yet",
    _CODES.ERR_DEPTH_ZERO_SELF_SIGNED_CERT: "the certificate is signed by the server itself",
    _CODES.ERR_SELF_SIGNED_CERT_IN_CHAIN: "the certificate's issuer is not trusted by this system",
    _CODES.ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "the certificate's issuer is unknown, or the server leaves it out",
    _CODES.ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE: "the certificate's issuer is unknown, or the server leaves it out",
    _CODES.ERR_CERT_SIGNATURE_FAILURE: "the certificate was not signed by its issuer",
    _CODES.ERR_CERT_REVOKED: "the certificate was revoked",
}
"""What is wrong with a certificate, by OpenSSL's number for it."""

_UNKNOWN_ISSUER = frozenset({
    _CODES.ERR_DEPTH_ZERO_SELF_SIGNED_CERT, _CODES.ERR_SELF_SIGNED_CERT_IN_CHAIN,
    _CODES.ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, _CODES.ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
})  # fmt: skip

_OUT_OF_USE = "the server speaks only versions of TLS that are out of use"
WORDS: tuple[tuple[str, str, Wall | None], ...] = (
    (
        "unsafe legacy renegotiation",
        "the server knows only the unsafe renegotiation of before RFC 5746",
        Wall.OLD_TLS,
    ),
    ("dh key too small", "the server's Diffie-Hellman key is too short", Wall.OLD_TLS),
    ("ee key too small", "the certificate's key is too short", Wall.OLD_TLS),
    ("md too weak", "the certificate is signed with a hash that is broken", Wall.OLD_TLS),
    ("wrong signature type", "the server signs with a hash that is broken", Wall.OLD_TLS),
    ("unsupported protocol", _OUT_OF_USE, Wall.OLD_TLS),
    ("protocol version", _OUT_OF_USE, Wall.OLD_TLS),
    ("handshake failure", "the server and this system have no cipher in common", None),
    ("wrong version number", "the port speaks no TLS", None),
    ("record layer failure", "the port speaks no TLS", None),
)
"""What OpenSSL says of a handshake, what it means, and the wall it is."""

ORDINARY_SUITES = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
SM_SUITES: Mapping[bytes, str] = {b"\x00\xc6": "TLS_SM4_GCM_SM3", b"\x00\xc7": "TLS_SM4_CCM_SM3"}
"""The suites of RFC 8998, by their numbers on the wire."""

SM2_IDENTIFIERS = (bytes.fromhex("06082a811ccf5501822d"), bytes.fromhex("06082a811ccf55018375"))
"""A public key is on the curve of SM2 (1.2.156.10197.1.301), a signature is SM2 with SM3 (1.2.156.10197.1.501): DER."""

_TLCP_VERSION = b"\x01\x01"
_RECORD_TYPES = range(20, 25)
_SERVER_HELLO = 2
_SEEN_BYTES = 512
"""No more is kept of what a server says first: its ServerHello is shorter."""


class CertificateRefusedError(SSL.Error):
    """Raised for a certificate that does not vouch for the host asked; the message says why, `wall` which it is."""

    def __init__(self, reason: str, wall: Wall | None = None) -> None:
        super().__init__(reason)
        self.wall = wall


@dataclass(slots=True, eq=False)
class Handshake:
    """What was seen of the handshake of one connection.

    `received` is the beginning of what the server sent, `shown` the digests of the certificates that were checked,
    `is_closed` whether the connection ended by a FIN, None while it is open.
    """

    connection: SSL.Connection
    received: bytes = b""
    shown: dict[int, str] = field(default_factory=dict)
    is_closed: bool | None = None

    @property
    def is_finished(self) -> bool:
        """Whether both sides have finished it."""
        return bool(self.connection.get_finished() and self.connection.get_peer_finished())

    def facts(self) -> TlsFacts | None:
        """What was agreed; None where the server has not even shown a certificate."""
        chain = self.connection.get_peer_cert_chain() or []
        certificates = tuple(map(_digest, chain)) or tuple(digest for _, digest in sorted(self.shown.items()))
        if not certificates:
            return None
        version = self.connection.get_protocol_version_name()
        return TlsFacts(version, self.connection.get_cipher_name(), certificates)


_HANDSHAKES: WeakKeyDictionary[Any, Handshake] = WeakKeyDictionary()


def handshake_of(transport: Any) -> Handshake | None:
    """The handshake on a connection, by its transport; None for a connection without TLS."""
    return _HANDSHAKES.get(transport)


def wall_of_handshake(handshake: Handshake | None, error: SSL.Error | None) -> Wall | None:
    """The wall that an unfinished handshake shows, by its bytes, what OpenSSL says of it, or how it ended."""
    if handshake is not None and handshake.is_finished:
        return None
    received = handshake.received if handshake else b""
    if _is_tlcp(received):
        return Wall.TLCP
    if isinstance(error, CertificateRefusedError):
        return error.wall
    if named_suite(received) in SM_SUITES:
        return Wall.SM4_ONLY
    if error is not None:
        return next((wall for sign, _, wall in WORDS if sign in _said(error).lower()), None)
    ends = {True: Wall.HANDSHAKE_CLOSED, False: Wall.HANDSHAKE_RESET}
    return ends.get(handshake.is_closed) if handshake and handshake.is_closed is not None else None


def _is_tlcp(received: bytes) -> bool:
    return len(received) >= 3 and received[0] in _RECORD_TYPES and received[1:3] == _TLCP_VERSION


def named_suite(received: bytes) -> bytes | None:
    """The suite that a ServerHello at the beginning of what was received names; None where there is none."""
    hello = received[5:]
    if len(hello) < 39 or received[0] != 22 or hello[0] != _SERVER_HELLO:
        return None
    after_session = 39 + hello[38]
    return hello[after_session : after_session + 2] or None


def sm_suites_at_hand() -> tuple[str, ...]:
    """The suites of RFC 8998 that the OpenSSL at hand has."""
    return tuple(name for name in SM_SUITES.values() if _is_at_hand(name))


def _is_at_hand(suite: str) -> bool:
    try:
        SSL.Context(SSL.TLS_METHOD).set_tls13_ciphersuites(suite.encode())
    except SSL.Error:
        return False
    return True


def in_words(error: BaseException) -> str | None:
    """Why a handshake failed; None for an error that is not one of TLS."""
    if not isinstance(error, SSL.Error):
        return None
    said = _said(error)
    return next((words for sign, words, _ in WORDS if sign in said.lower()), said)


def _said(error: SSL.Error) -> str:
    """What OpenSSL, or we, say of an error."""
    if isinstance(error, CertificateRefusedError):
        return str(error)
    listed = error.args[0] if error.args and isinstance(error.args[0], list | tuple) else ()
    return "; ".join(str(part[-1]) for part in listed) or "the handshake failed"


@implementer(IPolicyForHTTPS)
class TellingPolicy:
    """A policy that says what was seen of a handshake; `is_checking`: and what was wrong with a certificate."""

    def __init__(self, policy: Any, *, is_checking: bool = True) -> None:
        self._policy = policy
        self._is_checking = is_checking
        self._suites = ":".join((*ORDINARY_SUITES, *sm_suites_at_hand())).encode()

    def creatorForNetloc(self, hostname: bytes, port: int) -> "TellingCreator":  # noqa: N802 - Twisted's name
        """What makes the connections to a host."""
        creator = self._policy.creatorForNetloc(hostname, port)
        _offer(creator, self._suites)
        return TellingCreator(creator, hostname.decode("ascii"), is_checking=self._is_checking)


def _offer(creator: Any, suites: bytes) -> None:
    """Have a creator of Twisted's offer some suites of TLS 1.3; the log says where it cannot."""
    options = getattr(getattr(creator, "_createConnection", None), "__self__", None)  # Twisted has no public door
    if options is None:
        _logger.info("the suites of RFC 8998 are not offered: this Twisted makes its connections in another way")
    else:
        options.getContext().set_tls13_ciphersuites(suites)


@implementer(IOpenSSLClientConnectionCreator)
class TellingCreator:
    """Makes connections to one host whose handshakes, and faults of verification, are told."""

    def __init__(self, creator: Any, host: str, *, is_checking: bool = True) -> None:
        self._creator = creator
        self._host = host
        self._is_checking = is_checking

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802 - Twisted's name
        """A connection for a protocol."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        handshake = _watched(protocol, connection)
        if self._is_checking:
            mode = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
            connection.set_verify(mode, _checking(self._host, handshake, protocol.failVerification))
        return connection


def _watched(protocol: Any, connection: SSL.Connection) -> Handshake:
    """The handshake of a connection, which sees what a protocol receives until it is finished, and how it is lost."""
    handshake = _HANDSHAKES[protocol] = Handshake(connection)
    receive, lose = protocol.dataReceived, protocol.connectionLost

    def received(data: bytes) -> None:
        handshake.received += data[: _SEEN_BYTES - len(handshake.received)]
        if len(handshake.received) == _SEEN_BYTES:
            protocol.dataReceived = receive
        receive(data)

    def lost(reason: Failure) -> None:
        handshake.is_closed = reason.check(ConnectionDone) is not None  # type: ignore[no-untyped-call]
        lose(reason)

    protocol.dataReceived, protocol.connectionLost = received, lost
    return handshake


def _checking(
    host: str, handshake: Handshake, fail: Callable[[Failure], None]
) -> Callable[[SSL.Connection, X509, int, int, int], bool]:
    """OpenSSL's question, certificate by certificate, whether a chain is to be trusted; `fail` is told why not."""
    service: ServiceID = IPAddress_ID(host) if isIPAddress(host) else DNS_ID(host)

    def check(_connection: SSL.Connection, certificate: X509, fault: int, depth: int, ok: int) -> bool:
        handshake.shown[depth] = _digest(certificate)
        error = None if ok else _untrusted(certificate, fault)
        if error is None and depth == 0 and not _is_for(certificate, service):
            error = CertificateRefusedError("the certificate is for another host", Wall.WRONG_HOST)
        if error is not None:
            fail(Failure(error))  # type: ignore[no-untyped-call]
        return error is None

    return check


def _untrusted(certificate: X509, fault: int) -> CertificateRefusedError:
    reason = FAULTS.get(fault, f"the certificate is not valid (OpenSSL's fault {fault})")
    if fault in _UNKNOWN_ISSUER and is_sm2(dump_certificate(FILETYPE_ASN1, certificate)):
        return CertificateRefusedError(f"a certificate of SM2: {reason}", Wall.SM2_ROOT)
    return CertificateRefusedError(reason)


def is_sm2(certificate: bytes) -> bool:
    """Whether a certificate (DER) has an SM2 key, or is signed with one."""
    return any(identifier in certificate for identifier in SM2_IDENTIFIERS)


def _is_for(certificate: X509, service: ServiceID) -> bool:
    try:
        verify_service_identity(extract_patterns(certificate), [service], [])
    except VerificationError:
        return False
    return True


def _digest(certificate: X509) -> str:
    return sha256(dump_certificate(FILETYPE_ASN1, certificate)).hexdigest()
