"""The engines do what the platform needs them for."""

from __future__ import annotations

import base64
import http.client
import io
import json
import socket
import ssl
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from dns.message import make_query
from dns.rcode import Rcode
from dns.rdatatype import RdataType

from mailcenter.engines.clamd.signatures import EICAR_NAME, eicar
from mailcenter.engines.plain import ask as ask_socket
from mailcenter.engines.unbound import ENGINE as UNBOUND
from mailcenter.engines.unbound.question import ask
from tests.harness.dns import resolver, silent_resolver
from tests.harness.platform import Platform

_HEAD = b"From: a@a.example\r\nTo: b@b.example\r\nSubject: hello\r\nMIME-Version: 1.0\r\n"
_SO_RCVBUFFORCE = 33  # socket(7); Python does not name it
_GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-" + "TEST-EMAIL*C.34X"  # spamassassin.apache.org/gtube


def _attached(content: bytes, kind: str) -> bytes:
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return (
        _HEAD
        + b'Content-Type: multipart/mixed; boundary="part"\r\n\r\n'
        + b"--part\r\nContent-Type: text/plain\r\n\r\nSee there.\r\n"
        + f"--part\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n".encode()
        + b'Content-Disposition: attachment; filename="thing"\r\n\r\n'
        + body
        + b"--part--\r\n"
    )


def _zipped(content: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("folder/thing.com", content)
    return archive.getvalue()


def _scanned(platform: Platform, message: bytes) -> str:
    stream = struct.pack("!I", len(message)) + message + struct.pack("!I", 0)
    return ask_socket(platform.paths.clamd_socket, b"zINSTREAM\0" + stream, end=b"\0").decode().strip("\0")


@pytest.mark.parametrize(
    "message",
    [
        _HEAD + b"Content-Type: text/plain\r\n\r\n" + eicar() + b"\r\n",
        _attached(eicar(), "application/octet-stream"),
        _attached(_zipped(eicar()), "application/zip"),
        _attached(_zipped(_zipped(eicar())), "application/zip"),
    ],
    ids=["plain", "base64", "zip", "zip in zip"],
)
def test_clamd_finds_the_test_virus(platform: Platform, message: bytes) -> None:
    assert _scanned(platform, message) == f"stream: {EICAR_NAME}.UNOFFICIAL FOUND"


@pytest.mark.parametrize(
    "message",
    [
        _HEAD + b"\r\nShall we meet?\r\n",
        _HEAD + b"\r\nThe test file reads " + eicar() + b", but here it is only quoted.\r\n",
        _attached(_zipped(b"nothing bad"), "application/zip"),
    ],
    ids=["plain", "quoted", "zip"],
)
def test_clamd_finds_nothing_where_nothing_is(platform: Platform, message: bytes) -> None:
    assert _scanned(platform, message) == "stream: OK"


def _judged(platform: Platform, body: str) -> dict[str, Any]:
    message = _HEAD + f"Date: Sun, 22 Nov 2026 04:00:00 +0000\r\nMessage-ID: <1@a.example>\r\n\r\n{body}\r\n".encode()
    head = f"POST /checkv2 HTTP/1.0\r\nContent-Length: {len(message)}\r\nIP: 192.0.2.5\r\nFrom: a@a.example\r\n\r\n"
    answer = ask_socket(platform.paths.rspamd_socket, head.encode() + message)
    judged: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
    return judged


def test_rspamd_knows_its_test_line(platform: Platform) -> None:
    judged = _judged(platform, _GTUBE)
    assert "GTUBE" in judged["symbols"]
    assert judged["score"] > platform.settings.spam.refuse_score


def test_rspamd_lets_an_ordinary_mail_pass(platform: Platform) -> None:
    judged = _judged(platform, "Shall we meet tomorrow at ten to talk about the garden?")
    assert judged["score"] < platform.settings.spam.junk_score
    assert {"R_SPF_NA", "R_DKIM_NA", "ARC_NA", "DMARC_NA"} <= set(judged["symbols"])


@pytest.fixture
def zones(platform: Platform) -> Iterator[None]:
    """Two zones with a way from one into the other, and a reverse one that Unbound would hide."""
    head = "$TTL 60\n@ IN SOA ns h 1 3600 600 86400 60\n@ IN NS ns.one.example.\n"
    folder = platform.paths.state / "zones"
    wanted = {
        "one.example": "ns IN A 192.0.2.53\nfar IN CNAME www.two.test.\n",
        "two.test": "www IN A 192.0.2.80\n",
        "113.0.203.in-addr.arpa": "25 IN PTR mail.one.example.\n",
    }
    for name, records in wanted.items():
        (folder / f"{name}.zone").write_text(head + records)
    UNBOUND.reload(platform.settings)
    yield
    for name in wanted:
        (folder / f"{name}.zone").unlink()
    UNBOUND.reload(platform.settings)


@pytest.mark.usefixtures("zones")
@pytest.mark.parametrize(
    ("name", "kind", "answer"),
    [
        ("ns.one.example", RdataType.A, (Rcode.NOERROR, 1)),
        ("far.one.example", RdataType.A, (Rcode.NOERROR, 2)),
        ("none.one.example", RdataType.A, (Rcode.NXDOMAIN, 0)),
        ("25.113.0.203.in-addr.arpa", RdataType.PTR, (Rcode.NOERROR, 1)),
        ("1.0.0.127.in-addr.arpa", RdataType.PTR, (Rcode.NOERROR, 1)),
        ("www.elsewhere.example", RdataType.A, (Rcode.NXDOMAIN, 0)),
        ("com", RdataType.A, (Rcode.NXDOMAIN, 0)),
    ],
)
def test_the_resolver_answers_from_the_zones_only(
    platform: Platform, name: str, kind: RdataType, answer: tuple[int, int]
) -> None:
    assert ask(platform.settings.dns.address, platform.settings.dns.port, name, kind, seconds=1) == answer


def _get(platform: Platform, path: str) -> http.client.HTTPResponse:
    trusting = ssl.create_default_context(cafile=str(platform.paths.ca_certificate))
    connection = http.client.HTTPSConnection("127.0.0.1", platform.port("https"), timeout=10, context=trusting)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_the_web_is_https_with_its_headers(platform: Platform) -> None:
    answer = _get(platform, "/healthz")
    assert answer.status == 200
    for header in ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"):
        assert len(answer.headers.get_all(header, [])) == 1, header
    assert answer.headers["Server"] == "nginx"


def test_http_leads_to_https(platform: Platform) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", platform.port("http"), timeout=10)
    connection.request("GET", "/some/where?x=1", headers={"Host": f"localhost:{platform.port('http')}"})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://localhost:{platform.port('https')}/some/where?x=1"


@pytest.mark.parametrize("path", ["/static/", "/static/../secrets/center.key", "/static/none.css"])
def test_no_file_is_served_that_should_not_be(platform: Platform, path: str) -> None:
    assert _get(platform, path).status in {400, 403, 404}


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_certificate_is_for_all_our_names(platform: Platform, version: ssl.TLSVersion) -> None:
    trusting = ssl.create_default_context(cafile=str(platform.paths.ca_certificate))
    trusting.minimum_version = trusting.maximum_version = version
    for name in (platform.settings.host_name, "localhost", "127.0.0.1"):
        with socket.create_connection(("127.0.0.1", platform.port("https")), timeout=10) as plain:
            with trusting.wrap_socket(plain, server_hostname=name) as encrypted:
                assert encrypted.version() == version.name.replace("_", ".")


def test_zones_come_and_go_in_quick_succession(platform: Platform) -> None:
    """A resolver that has been told to take its zones anew has taken them: removing one afterwards kills nothing."""
    before = resolver(platform).pid
    zone = platform.paths.state / "zones" / "fleeting.example.zone"
    for number in range(8):
        zone.write_text(f"$TTL 1\n@ SOA ns h {number} 3600 600 86400 1\n@ NS ns\nns A 203.0.113.7\n")
        UNBOUND.reload(platform.settings)
        zone.unlink()
        UNBOUND.reload(platform.settings)
    assert resolver(platform).pid == before


def test_all_questions_of_a_mail_with_many_links_are_answered(platform: Platform) -> None:
    """Rspamd asks up to 512 at once (`dns_max_requests`); the resolver may not be running just then."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 2**20)
        asking.connect((platform.settings.dns.address, platform.settings.dns.port))
        with silent_resolver(platform):
            for number in range(512):
                asking.send(make_query(f"{number:x}.{'0' * 32}.phishing.lists.example.", RdataType.A).to_wire())
        asking.settimeout(10)
        answers = [asking.recv(4096) for _ in range(512)]
    assert len(set(answers)) == 512
