"""What is rendered: for a demo, for a server, and accepted by the daemons' own checkers."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority
from mailcenter.engines.base import Engine, EngineError, RenderedFile
from mailcenter.engines.platform.applied import Applied
from mailcenter.engines.platform.files import settle
from mailcenter.engines.table import ENGINES
from mailcenter.engines.tls import ENGINE as TLS
from mailcenter.engines.write import ensure_directory
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_BY_NAME: dict[str, Engine] = {engine.name: engine for engine in ENGINES}
_CHECKED = ("unbound", "clamd", "rspamd", "nginx")


def _file(settings: Settings, engine: str, name: str) -> RenderedFile:
    return next(file for file in _BY_NAME[engine].render(settings) if file.path.name == name)


def _lines(file: RenderedFile) -> list[str]:
    return [line.strip() for line in file.content.splitlines()]


@pytest.mark.parametrize("engine", ENGINES, ids=[engine.name for engine in ENGINES])
def test_files_belong_to_root_and_only_root_writes_them(engine: Engine, demo: Settings, server: Settings) -> None:
    for settings in (demo, server):
        for file in engine.render(settings):
            assert file.owner == "root", file.path
            assert not file.mode & 0o022, file.path
            assert file.path.is_relative_to(paths(settings).state), file.path


@pytest.mark.parametrize("name", _CHECKED)
@pytest.mark.parametrize("kind", ["demo", "server"])
def test_the_daemon_accepts_it(name: str, kind: str, request: pytest.FixtureRequest) -> None:
    settings: Settings = request.getfixturevalue(kind)
    if kind == "server":
        changed = settings.dns.model_copy(update={"forwarders": ["192.0.2.53", "127.0.0.1@5300"]})
        settings = settings.model_copy(update={"dns": changed, "demo": True})
    for one in (TLS, _BY_NAME[name]):
        for directory in one.directories(settings):
            ensure_directory(directory)
        one.prepare(settings)
    applied = Applied()
    assert settle(settings, _BY_NAME[name], applied) == applied.checked


def test_redis_and_postgresql_have_no_network(demo: Settings) -> None:
    assert "port 0" in _lines(_file(demo, "redis", "redis.conf"))
    assert "listen_addresses = ''" in _lines(_file(demo, "postgres", "postgresql.conf"))
    rules = [line.split() for line in _lines(_file(demo, "postgres", "pg_hba.conf")) if line and line[0] != "#"]
    assert rules == [["local", "all", "all", "peer", "map=mailcenter"]]


def test_rspamd_has_no_network(demo: Settings) -> None:
    for worker in ("worker-normal.inc", "worker-controller.inc"):
        bound = [line for line in _lines(_file(demo, "rspamd", worker)) if line.startswith("bind_socket")]
        assert [line.split('"')[1][0] for line in bound] == ["/"]
    assert "enabled = false;" in _lines(_file(demo, "rspamd", "worker-proxy.inc"))


def test_offline_nothing_is_asked(demo: Settings, server: Settings) -> None:
    assert "enabled = false;" in _lines(_file(demo, "rspamd", "rbl.conf"))
    assert 'module-config: "iterator"' in _lines(_file(demo, "unbound", "unbound.conf"))
    assert "auto-trust-anchor-file" in _file(server, "unbound", "unbound.conf").content


def test_a_new_zone_changes_the_configuration(demo: Settings) -> None:
    zones = demo.state_dir / "zones"
    zones.mkdir(parents=True)
    before = _file(demo, "unbound", "unbound.conf").content
    (zones / "remote.test.zone").write_text("@ IN SOA a b 1 1 1 1 1\n")
    with_zone = _file(demo, "unbound", "unbound.conf").content
    assert 'name: "remote.test."' in with_zone
    assert 'local-zone: "test." nodefault' in with_zone
    assert 'local-zone: "test."' not in before
    (zones / "remote.test.zone").write_text("@ IN SOA a b 2 1 1 1 1\n")
    assert _file(demo, "unbound", "unbound.conf").content != with_zone


def test_strict_transport_only_with_a_certificate_that_browsers_trust(demo: Settings) -> None:
    header = "add_header Strict-Transport-Security"
    assert header not in _file(demo, "nginx", "nginx.conf").content
    configured = demo.tls.model_copy(update={"certificate": demo.state_dir / "c.pem", "key": demo.state_dir / "k.pem"})
    with_certificate = _file(demo.model_copy(update={"tls": configured}), "nginx", "nginx.conf").content
    assert header in with_certificate
    assert f"ssl_certificate {demo.state_dir}/c.pem;" in with_certificate


def test_redirects_name_the_port_only_where_it_is_unusual(demo: Settings, server: Settings) -> None:
    assert "return 301 https://$host:8443$request_uri;" in _lines(_file(demo, "nginx", "nginx.conf"))
    assert "return 301 https://$host$request_uri;" in _lines(_file(server, "nginx", "nginx.conf"))
    assert "listen [::]:443 ssl http2 default_server;" in _lines(_file(server, "nginx", "nginx.conf"))


@pytest.mark.parametrize(
    ("name", "file", "spoiled", "words"),
    [
        ("postgres", "postgresql.conf", "shared_buffers = many", "shared_buffers"),
        ("unbound", "unbound.conf", "no-such-option: yes", "no-such-option"),
        ("clamd", "clamd.conf", "NoSuchOption yes", "NoSuchOption"),
        ("rspamd", "override.d/options.inc", "dns { nameserver = [", "options.inc"),
        ("nginx", "nginx.conf", "no_such_option on;", "no_such_option"),
    ],
)
def test_the_daemon_refuses_nonsense_in_its_words(
    name: str, file: str, spoiled: str, words: str, demo: Settings
) -> None:
    engine = _BY_NAME[name]
    for one in (TLS, engine):
        for directory in one.directories(demo):
            ensure_directory(directory)
        one.prepare(demo)
    settle(demo, engine, Applied())
    path = paths(demo).etc(name) / file
    path.write_text(f"{path.read_text()}\n{spoiled}\n")
    with pytest.raises(EngineError, match="refuses its configuration: ") as caught:
        engine.check(demo)
    assert words in str(caught.value)


def test_figures_are_shown_to_the_networks_named_only(demo: Settings) -> None:
    lines = _lines(_file(demo, "nginx", "nginx.conf"))
    place = lines.index("location = /metrics {")
    assert lines[place + 1 : place + 4] == ["allow 127.0.0.0/8;", "allow ::1/128;", "deny all;"]
    off = demo.model_copy(update={"metrics": demo.metrics.model_copy(update={"enabled": False})})
    assert "/metrics" not in _file(off, "nginx", "nginx.conf").content


def test_the_servers_own_names_are_not_looked_for_among_the_customers(demo: Settings) -> None:
    for directory in TLS.directories(demo):
        ensure_directory(directory)
    authority = Authority.make("test")
    sans = ["mail.demo.example", "autoconfig.a.example", "*.provider.example", "localhost"]
    key, chain = authority.issue("x", [x509.DNSName(name) for name in sans], [ExtendedKeyUsageOID.SERVER_AUTH])
    paths(demo).certificate.write_text(key + chain)
    names = _server_names(demo)
    paths(demo).certificate.unlink()
    found = ["autoconfig.a.example", "autoconfig.provider.example", "autodiscover.provider.example"]
    assert names == f"server_name mail.demo.example {' '.join(found)};"
    assert _server_names(demo) == "server_name mail.demo.example;"


def _server_names(settings: Settings) -> str:
    """Of the server with TLS, which comes after that without."""
    lines = [line for line in _lines(_file(settings, "nginx", "nginx.conf")) if line.startswith("server_name mail")]
    return lines[-1]
