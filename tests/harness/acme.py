"""A played ACME authority (RFC 8555) over TLS: it checks signatures and nonces, and asks over HTTP for each challenge.

Written without the library that the platform uses, so that both do not err alike.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority

HOST = "127.0.0.1"
_ERROR = "urn:ietf:params:acme:error:"


class RefusedError(Exception):
    """A problem document is the answer."""

    def __init__(self, kind: str, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.kind = kind
        self.status = status

    def document(self) -> dict[str, str]:
        return {"type": _ERROR + self.kind, "detail": str(self)}


@dataclass
class Order:
    """One name that somebody wants a certificate for."""

    name: str
    account: str
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    status: str = "pending"
    error: dict[str, str] | None = None
    chain: str = ""


@dataclass
class PlayedAuthority:
    """`http_port`: where it asks for challenges, on loopback, whatever the name is.

    Tests set `refusals` (by name: kind of error and its words, at the order) and `life`, and read `names` and
    `contacts`.
    """

    folder: Path
    http_port: int
    authority: Authority = field(default_factory=lambda: Authority.make("played authority"))
    refusals: dict[str, tuple[str, str]] = field(default_factory=dict)
    life: timedelta = timedelta(days=90)
    names: list[str] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    port: int = 0
    _nonces: set[str] = field(default_factory=set)
    _accounts: dict[str, dict[str, str]] = field(default_factory=dict)
    _orders: list[Order] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    @property
    def directory(self) -> str:
        return f"{self.url}/directory"

    @property
    def trust(self) -> Path:
        """Its authority's certificate: for its own TLS, and of those that it issues."""
        return self.folder / "authority.pem"

    def nonce(self) -> str:
        fresh = secrets.token_urlsafe(16)
        self._nonces.add(fresh)
        return fresh

    def answer(self, path: str, body: bytes) -> tuple[int, dict[str, str], Any]:
        """Status, header fields, and content (a document, or PEM) for a signed request."""
        with self._lock:
            payload, signer = self._opened(path, json.loads(body))
        if path == "/account":
            return self._account(payload, signer)
        if path == "/order":
            return self._new_order(payload, signer)
        kind, _, number = path.strip("/").partition("/")
        order = self._orders[int(number)]
        if order.account != signer["kid"]:
            raise RefusedError("unauthorized", "another account's", 403)
        if kind == "challenge":
            self._check(order, signer)
        if kind == "finalize":
            self._finalize(order, payload)
        if kind == "certificate":
            return 200, {}, order.chain
        shown = {"order": self._order, "finalize": self._order, "authorization": self._authorization}
        document = shown.get(kind, self._challenge)(order, number)
        fields = {
            "finalize": {"Location": f"{self.url}/order/{number}"},
            "challenge": {"Link": f'<{self.url}/authorization/{number}>;rel="up"'},
        }
        return 200, fields.get(kind, {}), document

    def _opened(self, path: str, jws: dict[str, str]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Payload and signer of a JWS (RFC 8555 section 6.2)."""
        header = json.loads(_decoded(jws["protected"]))
        if header["url"] != self.url + path or ("jwk" in header) == ("kid" in header):
            raise RefusedError("malformed", "no such header")
        if header.get("nonce") not in self._nonces:
            raise RefusedError("badNonce", "unknown nonce")
        self._nonces.remove(header["nonce"])
        jwk = header.get("jwk") or self._accounts.get(header["kid"])
        if jwk is None:
            raise RefusedError("accountDoesNotExist", "no such account")
        signature = _decoded(jws["signature"])
        numbers = (int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))
        signed = f"{jws['protected']}.{jws['payload']}".encode()
        try:
            _key(jwk).verify(encode_dss_signature(*numbers), signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise RefusedError("malformed", "bad signature") from None
        payload = json.loads(_decoded(jws["payload"]) or b"{}")
        return payload, {"jwk": jwk, "kid": header.get("kid") or f"{self.url}/account/{_thumbprint(jwk)}"}

    def _account(self, payload: dict[str, Any], signer: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        known = signer["kid"] in self._accounts
        if not known and not payload.get("termsOfServiceAgreed"):
            raise RefusedError("userActionRequired", "the terms of service are not agreed to", 403)
        self._accounts[signer["kid"]] = signer["jwk"]
        self.contacts += [] if known else payload.get("contact", [])
        return 200 if known else 201, {"Location": signer["kid"]}, {"status": "valid"}

    def _new_order(self, payload: dict[str, Any], signer: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        (identifier,) = payload["identifiers"]
        name = identifier["value"]
        self.names.append(name)
        if name in self.refusals:
            raise RefusedError(*self.refusals[name])
        with self._lock:
            self._orders.append(Order(name, signer["kid"]))
            number = str(len(self._orders) - 1)
        order = self._orders[int(number)]
        return 201, {"Location": f"{self.url}/order/{number}"}, self._order(order, number)

    def _order(self, order: Order, number: str) -> dict[str, Any]:
        document: dict[str, Any] = {
            "status": order.status,
            "identifiers": [{"type": "dns", "value": order.name}],
            "authorizations": [f"{self.url}/authorization/{number}"],
            "finalize": f"{self.url}/finalize/{number}",
        }
        if order.chain:
            document["certificate"] = f"{self.url}/certificate/{number}"
        return document

    def _authorization(self, order: Order, number: str) -> dict[str, Any]:
        status = {"ready": "valid", "valid": "valid"}.get(order.status, order.status)
        challenge = self._challenge(order, number)
        identifier = {"type": "dns", "value": order.name}
        return {"status": status, "identifier": identifier, "challenges": [challenge]}

    def _challenge(self, order: Order, number: str) -> dict[str, Any]:
        status = {"ready": "valid", "valid": "valid"}.get(order.status, order.status)
        document: dict[str, Any] = {"type": "http-01", "url": f"{self.url}/challenge/{number}", "status": status}
        return {**document, "token": order.token, **({"error": order.error} if order.error else {})}

    def _check(self, order: Order, signer: dict[str, Any]) -> None:
        """Ask for the key authorization under the name (RFC 8555 section 8.3)."""
        path = f"/.well-known/acme-challenge/{order.token}"
        connection = http.client.HTTPConnection(HOST, self.http_port, timeout=20)
        try:
            connection.request("GET", path, headers={"Host": order.name})
            answer = connection.getresponse()
            said = answer.read(1000).decode("latin-1")
        except OSError as error:
            said, answered = str(error), 0
        else:
            answered = answer.status
        finally:
            connection.close()
        if (answered, said) == (200, f"{order.token}.{_thumbprint(signer['jwk'])}"):
            order.status = "ready"
            return
        order.status = "invalid"
        order.error = RefusedError("unauthorized", f"http://{order.name}{path}: {answered} {said[:40]}").document()

    def _finalize(self, order: Order, payload: dict[str, Any]) -> None:
        if order.status != "ready":
            raise RefusedError("orderNotReady", "not yet", 403)
        request = x509.load_der_x509_csr(_decoded(payload["csr"]))
        names = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        key = request.public_key()
        if list(names.get_values_for_type(x509.DNSName)) != [order.name] or not isinstance(
            key, ec.EllipticCurvePublicKey
        ):
            raise RefusedError("badCSR", "it is for other names")
        usage = [ExtendedKeyUsageOID.SERVER_AUTH]
        order.chain = self.authority.sign(key, order.name, [x509.DNSName(order.name)], usage, life=self.life)
        order.status = "valid"


@contextmanager
def played_authority(folder: Path, http_port: int) -> Iterator[PlayedAuthority]:
    """One that serves while the block runs; `folder` is for its files."""
    played = PlayedAuthority(folder, http_port)
    key, chain = played.authority.issue(HOST, [x509.IPAddress(ip_address(HOST))], [ExtendedKeyUsageOID.SERVER_AUTH])
    played.trust.write_text(played.authority.certificate_pem)
    (folder / "server.pem").write_text(key + chain)
    server = ThreadingHTTPServer((HOST, 0), _handler(played))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "server.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    played.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join(20)


def _handler(played: PlayedAuthority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_HEAD(self) -> None:
            self._send(200, {}, "")

        def do_GET(self) -> None:
            made = ("newNonce", "newAccount", "newOrder")
            paths = {name: f"{played.url}/{name.removeprefix('new').lower()}" for name in made}
            self._send(200, {}, {**paths, "meta": {"termsOfService": f"{played.url}/terms"}})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                self._send(*played.answer(self.path, body))
            except RefusedError as error:
                self._send(error.status, {"Content-Type": "application/problem+json"}, error.document())

        def _send(self, status: int, fields: dict[str, str], content: Any) -> None:
            text = content if isinstance(content, str) else json.dumps(content)
            self.send_response(status)
            kind = "application/pem-certificate-chain" if text.startswith("-----") else "application/json"
            for name, value in {"Content-Type": kind, "Replay-Nonce": played.nonce(), **fields}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text.encode())

        def log_message(self, format: str, *args: object) -> None:
            return

    return Handler


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _key(jwk: dict[str, str]) -> ec.EllipticCurvePublicKey:
    x, y = (int.from_bytes(_decoded(jwk[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _thumbprint(jwk: dict[str, str]) -> str:
    """RFC 7638."""
    members = json.dumps({name: jwk[name] for name in ("crv", "kty", "x", "y")}, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).decode().rstrip("=")
