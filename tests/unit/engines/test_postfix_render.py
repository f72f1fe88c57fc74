"""Postfix's files: what the settings lead to, and that Postfix itself accepts them."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from mailcenter.engines.base import EngineError
from mailcenter.engines.postfix import ENGINE
from mailcenter.engines.postfix.render import interfaces, networks
from mailcenter.engines.write import ensure_directory, write_file
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


def written(settings: Settings) -> Path:
    """Put all files in place as `up` does; gives their directory."""
    for directory in ENGINE.directories(settings):
        ensure_directory(directory)
    for file in ENGINE.render(settings):
        write_file(file)
    ENGINE.prepare(settings)
    return paths(settings).etc("postfix")


def content(settings: Settings, name: str) -> str:
    return next(file.content for file in ENGINE.render(settings) if file.path.name == name)


def changed(settings: Settings, section: str, **values: object) -> Settings:
    return settings.model_copy(update={section: getattr(settings, section).model_copy(update=values)})


@pytest.mark.parametrize("kind", ["demo", "server"])
def test_postfix_accepts_its_files(kind: str, request: pytest.FixtureRequest) -> None:
    settings: Settings = request.getfixturevalue(kind)
    written(settings)
    ENGINE.check(settings)


def test_an_unused_parameter_is_a_fault(demo: Settings) -> None:
    main = written(demo) / "main.cf"
    main.write_text(main.read_text() + "smtpd_recipient_limits = 5\n")
    with pytest.raises(EngineError, match="unused parameter: smtpd_recipient_limits"):
        ENGINE.check(demo)


@pytest.mark.parametrize("service", ["smtpd pass", "2587 inet", "2465 inet"])
def test_a_service_without_the_gate_is_never_loaded(demo: Settings, service: str) -> None:
    master = written(demo) / "master.cf"
    before, found, after = master.read_text().partition(f"\n{service} ")
    line = next(line for line in after.splitlines(keepends=True) if "smtpd_milters" in line)
    master.write_text(before + found + after.replace(line, "", 1))
    with pytest.raises(EngineError, match="would accept mail without the gate"):
        ENGINE.check(demo)


def test_a_resolver_on_another_port_needs_an_offline_state(demo: Settings) -> None:
    with pytest.raises(EngineError, match=r"dns\.port"):
        ENGINE.check(changed(demo, "dns", offline=False))


def test_without_a_resolver_nothing_leaves_but_by_fixed_routes(demo: Settings) -> None:
    assert "\ndefault_transport = retry:4.4.3 " in content(demo, "main.cf")
    assert ENGINE.programs(demo)[0].command == ("/usr/lib/postfix/sbin/master", "-d")


def test_a_server_asks_our_resolver_and_trusts_its_validation(server: Settings) -> None:
    main = content(server, "main.cf")
    assert "default_transport" not in main
    assert "\nsmtp_tls_security_level = dane\n" in main
    assert f"nameserver {server.dns.address}\n" in content(server, "resolv.conf")
    assert ENGINE.programs(server)[0].command[0].endswith("/etc/postfix/start")


def test_routes_hold_for_both_spellings_of_a_domain(demo: Settings) -> None:
    routes = {"xn--bcher-kva.example": "192.0.2.7:25", "partner.example": "[2001:db8::7]:2525"}
    lines = content(changed(demo, "smtp", routes=routes), "transport").splitlines()
    assert lines[1:] == [
        "partner.example smtp:[2001:db8::7]:2525",
        "bücher.example smtp:[192.0.2.7]:25",
        "xn--bcher-kva.example smtp:[192.0.2.7]:25",
    ]


def test_networks_pass_postscreen_and_may_use_xclient(demo: Settings) -> None:
    listed = [ip_network("198.51.100.0/24"), ip_network("2001:db8::/32")]
    settings = changed(demo, "smtp", always_pass=listed, xclient=listed)
    assert "198.51.100.0/24 permit\n2001:db8::/32 permit\n" in content(settings, "postscreen_access.cidr")
    assert "{ smtpd_authorized_xclient_hosts = 198.51.100.0/24 [2001:db8::]/32 }" in content(settings, "master.cf")
    written(settings)
    ENGINE.check(settings)


def test_an_old_postscreen_and_its_successor_share_one_cache(demo: Settings) -> None:
    """One that each opened by itself would stay locked by the old one, and nobody would be greeted meanwhile."""
    lines = content(demo, "main.cf").splitlines()
    assert "postscreen_cache_map = proxy:btree:$data_directory/postscreen_cache" in lines
    (tables,) = (line for line in lines if line.startswith("postscreen_access_list = "))
    mark = paths(demo).deny_list_mark.with_suffix("")
    assert tables.startswith(f"postscreen_access_list = hash:{mark}, "), "what tells of a change is opened first"


def test_networks_in_postfix_spelling() -> None:
    assert networks([]) == ""
    assert networks([ip_network("127.0.0.0/8"), ip_network("::1/128")]) == "127.0.0.0/8 [::1]/128"


@pytest.mark.parametrize(
    ("addresses", "expected"),
    [
        (["127.0.0.1"], ("127.0.0.1", "ipv4")),
        (["192.0.2.1", "2001:db8::1"], ("192.0.2.1, [2001:db8::1]", "ipv4, ipv6")),
        (["0.0.0.0"], ("all", "ipv4")),  # noqa: S104 - the wildcard is what is tested
        (["0.0.0.0", "::"], ("all", "ipv4, ipv6")),  # noqa: S104 - as above
    ],
)
def test_addresses_in_postfix_spelling(addresses: list[str], expected: tuple[str, str]) -> None:
    assert interfaces(addresses) == expected


def test_the_hosts_postmaster_may_be_somebody_else(demo: Settings) -> None:
    assert "{postmaster@$myhostname=postmaster@mail.demo.example}" in content(demo, "main.cf")
    settings = changed(demo, "mail", postmaster="ops@demo.example")
    assert "{postmaster@$myhostname=ops@demo.example}" in content(settings, "main.cf")


def test_smuggling_is_not_left_to_the_defaults(demo: Settings) -> None:
    lines = content(demo, "main.cf").splitlines()
    for wanted in (
        "smtpd_forbid_bare_newline = normalize",
        "smtpd_forbid_bare_newline_exclusions =",
        "smtpd_forbid_unauth_pipelining = yes",
        "cleanup_replace_stray_cr_lf = yes",
    ):
        assert wanted in lines


def test_the_ledger_may_read_the_log(demo: Settings) -> None:
    written(demo)
    log = paths(demo).log("postfix")
    assert (log.stat().st_mode & 0o777, log.group()) == (0o640, "mailcenter-ledger")


def test_nothing_listens_and_health_says_so(demo: Settings) -> None:
    health = ENGINE.health(changed(demo, "listen", smtp=1, submissions=2))
    assert not health.ok
    assert "port 1" in health.detail


def test_submission_is_bounded_for_all_but_our_own(demo: Settings) -> None:
    few = changed(demo, "sessions", submission_per_address=3, submission_idle=30)
    few = changed(few, "guard", never_lock=[ip_network("192.0.2.0/24")])
    master = content(few, "master.cf")
    assert master.count("-o smtpd_client_connection_count_limit=3\n  -o { smtpd_client_event_limit_exceptions ="
                        " 127.0.0.1/32 [::1]/128 192.0.2.0/24 }\n  -o smtpd_timeout=30s\n") == 2  # fmt: skip
