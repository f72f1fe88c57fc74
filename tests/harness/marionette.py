"""Drive Thunderbird without a screen: its Marionette protocol, and a proxy that leads all web names to the platform."""

from __future__ import annotations

import base64
import json
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.harness.platform import Platform
from tests.harness.wait import until

SECONDS = 180


class Marionette:
    """A connection to a running program: `[0, id, command, parameters]` each way, with the length in front."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._number = 0

    def begin(self) -> None:
        """Take its greeting, and the rights of its own code."""
        self._read()
        self.command("WebDriver:NewSession", {"capabilities": {}})
        self.command("Marionette:SetContext", {"value": "chrome"})
        self.command("WebDriver:SetTimeouts", {"script": SECONDS * 1000})

    def command(self, name: str, parameters: dict[str, Any]) -> Any:
        """Give a command; fails with the program's own words."""
        self._number += 1
        said = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(str(len(said)).encode() + b":" + said)
        _kind, _number, error, result = self._read()
        assert error is None, error
        return result

    def run(self, script: str, *arguments: Any) -> Any:
        """The body of an async function, run with the program's own rights; what it returns."""
        wrapped = f"""
            const [done, args] = [arguments[arguments.length - 1], arguments];
            (async () => {{ {script} }})().then(
                value => done({{value: value === undefined ? null : value}}), error => done({{error: String(error)}})
            );"""
        answer = self.command("WebDriver:ExecuteAsyncScript", {"script": wrapped, "args": list(arguments)})["value"]
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def close(self) -> None:
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            length += self._exactly(1)
        return json.loads(self._exactly(int(length[:-1])))

    def _exactly(self, count: int) -> bytes:
        content = b""
        while len(content) < count:
            part = self._socket.recv(count - len(content))
            assert part, "the program has gone"
            content += part
        return content


@contextmanager
def thunderbird(platform: Platform, home: Path) -> Iterator[Marionette]:
    """Thunderbird with a new profile that trusts the platform's authority, as an administrator would set it up."""
    profile = home / "profile"
    profile.mkdir()
    with _web_proxy(platform) as proxy:
        preferences = {
            "network.proxy.type": 1,
            "network.proxy.http": "127.0.0.1",
            "network.proxy.http_port": proxy,
            "network.proxy.ssl": "127.0.0.1",
            "network.proxy.ssl_port": proxy,
            "network.proxy.allow_hijacking_localhost": False,
            "network.dns.localDomains": platform.settings.host_name,
            "marionette.port": 0,
            "mail.provider.suppress_dialog_on_startup": True,
            "mail.rights.version": 1,
            "mailnews.start_page.enabled": False,
            "app.update.enabled": False,
            "datareporting.policy.dataSubmissionEnabled": False,
            "toolkit.telemetry.reportingpolicy.firstRun": False,
        }
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
        (profile / "user.js").write_text("\n".join(lines))
        log = (home / "thunderbird.log").open("wb")
        program = subprocess.Popen(
            [
                "thunderbird",
                "--headless",
                "--marionette",
                "--remote-allow-system-access",
                "--no-remote",
                "--profile",
                str(profile),
            ],
            env={**os.environ, "HOME": str(home), "MOZ_HEADLESS": "1", "MOZ_CRASHREPORTER_DISABLE": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            where = profile / "MarionetteActivePort"
            until(lambda: where.exists() and where.read_text().strip(), "Thunderbird to listen", timeout=SECONDS)
            with closing(Marionette(int(where.read_text()))) as driver:
                driver.begin()
                authority = platform.paths.ca_certificate.read_text()
                content = "".join(line for line in authority.splitlines() if "-----" not in line)
                driver.run(
                    'Cc["@mozilla.org/security/x509certdb;1"].getService(Ci.nsIX509CertDB)'
                    '.addCertFromBase64(args[0], "CT,C,C");',
                    base64.b64encode(base64.b64decode(content)).decode(),
                )
                yield driver
        finally:
            with suppress(ProcessLookupError):
                os.killpg(program.pid, signal.SIGTERM)
            try:
                program.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(program.pid, signal.SIGKILL)
                program.wait(timeout=30)
            log.close()


@contextmanager
def _web_proxy(platform: Platform) -> Iterator[int]:
    """Stands for the DNS and the standard ports: whatever host is asked, the platform's nginx gets the request."""

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            with socket.create_connection(("127.0.0.1", platform.port("https")), timeout=30) as far:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pump, args=(far, self.connection), daemon=True)
                back.start()
                _pump(self.connection, far)
                back.join(timeout=30)
            self.close_connection = True

        def do_GET(self) -> None:
            host, _slash, path = self.path.removeprefix("http://").partition("/")
            with closing(HTTPConnection("127.0.0.1", platform.port("http"), timeout=30)) as far:
                far.request("GET", f"/{path}", headers={"Host": host})
                answer = far.getresponse()
                content = answer.read()
            self.send_response(answer.status)
            for name in ("Location", "Content-Type"):
                if value := answer.headers[name]:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=30)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)
