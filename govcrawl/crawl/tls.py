"""What the crawl asks of a TLS server, and why a handshake failed, in words.

The policy is that of OpenSSL's defaults and of browsers: the certificate is in force, for the host asked, of an issuer
that the system trusts; renegotiation is the safe one of RFC 5746; keys are long enough. Evidence that anyone on the way
could have written is none. A portal that fails this is filed as `tls` with the reason, and nothing is weakened to reach
it: who wants its pages all the same says `-s DOWNLOAD_VERIFY_CERTIFICATES=False`, and the log says that it was said.
"""

from collections.abc import Callable, Mapping
from typing import Any

from OpenSSL import SSL
from OpenSSL.crypto import X509
from service_identity import VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, ServiceID, verify_service_identity
from service_identity.pyopenssl import extract_patterns
from twisted.internet.abstract import isIPAddress
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

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

WORDS: tuple[tuple[str, str], ...] = (
    ("unsafe legacy renegotiation", "the server knows only the unsafe renegotiation of before RFC 5746"),
    ("dh key too small", "the server's Diffie-Hellman key is too short"),
    ("ee key too small", "the certificate's key is too short"),
    ("md too weak", "the certificate is signed with a hash that is broken"),
    ("wrong signature type", "the server signs with a hash that is broken"),
    ("unsupported protocol", "the server speaks only versions of TLS that are out of use"),
    ("protocol version", "the server speaks only versions of TLS that are out of use"),
    ("handshake failure", "the server and this system have no cipher in common"),
    ("wrong version number", "the port speaks no TLS"),
    ("record layer failure", "the port speaks no TLS"),
)
"""What OpenSSL says of a handshake, and what it means."""


class CertificateRefusedError(SSL.Error):
    """Raised for a certificate that does not vouch for the host asked; the message says why."""


def in_words(error: BaseException) -> str | None:
    """Why a handshake failed; None for an error that is not one of TLS."""
    if isinstance(error, CertificateRefusedError):
        return str(error)
    if not isinstance(error, SSL.Error):
        return None
    said = "; ".join(str(part[-1]) for part in error.args[0]) if error.args else "the handshake failed"
    return next((words for sign, words in WORDS if sign in said.lower()), said)


@implementer(IPolicyForHTTPS)
class TellingPolicy:
    """A policy that checks certificates as another does, and says what was wrong with one."""

    def __init__(self, policy: Any) -> None:
        self._policy = policy

    def creatorForNetloc(self, hostname: bytes, port: int) -> "TellingCreator":  # noqa: N802 - Twisted's name
        """What makes the connections to a host."""
        return TellingCreator(self._policy.creatorForNetloc(hostname, port), hostname.decode("ascii"))


@implementer(IOpenSSLClientConnectionCreator)
class TellingCreator:
    """Makes connections to one host whose verification says what was wrong."""

    def __init__(self, creator: Any, host: str) -> None:
        self._creator = creator
        self._host = host

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:  # noqa: N802 - Twisted's name
        """A connection for a protocol."""
        connection: SSL.Connection = self._creator.clientConnectionForTLS(protocol)
        mode = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
        connection.set_verify(mode, _checking(self._host, protocol.failVerification))
        return connection


def _checking(host: str, fail: Callable[[Failure], None]) -> Callable[[SSL.Connection, X509, int, int, int], bool]:
    """OpenSSL's question, certificate by certificate, whether a chain is to be trusted; `fail` is told why not."""
    service: ServiceID = IPAddress_ID(host) if isIPAddress(host) else DNS_ID(host)

    def check(_connection: SSL.Connection, certificate: X509, fault: int, depth: int, ok: int) -> bool:
        reason = None if ok else FAULTS.get(fault, f"the certificate is not valid (OpenSSL's fault {fault})")
        if reason is None and depth == 0:
            reason = _other_host(certificate, service)
        if reason is not None:
            fail(Failure(CertificateRefusedError(reason)))  # type: ignore[no-untyped-call]
        return reason is None

    return check


def _other_host(certificate: X509, service: ServiceID) -> str | None:
    try:
        verify_service_identity(extract_patterns(certificate), [service], [])
    except VerificationError:
        return "the certificate is for another host"
    return None
