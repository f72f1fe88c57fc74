"""Certificates of customers' names by ACME, from a played authority, and from an operator's folder."""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.certificates.issue import Authority
from mailcenter.certificates.state import Problem, State, read_state
from tests.harness.acme import PlayedAuthority, played_authority
from tests.harness.certificates import certificates_from
from tests.harness.clients import Account
from tests.harness.dns import Records, served
from tests.harness.https import fetch, serves
from tests.harness.platform import Platform
from tests.harness.wait import until
from tests.harness.web import Browser

HERE = "A 127.0.0.1"
LOOK_EVERY = 1.0


@pytest.fixture
def folder() -> Iterator[Path]:
    """That the daemon's user can read."""
    with TemporaryDirectory(prefix="mc-certs-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def domain(platform: Platform) -> Iterator[str]:
    name = f"acme-{secrets.token_hex(4)}.example"
    platform.mailcenter("domain", "add", name, "--organisation", "Demo")
    yield name
    platform.mailcenter("domain", "remove", name)


@pytest.fixture
def played(platform: Platform, folder: Path) -> Iterator[PlayedAuthority]:
    with played_authority(folder, platform.port("http")) as authority:
        yield authority


def _by(authority: PlayedAuthority) -> dict[str, object]:
    return {
        "source": "acme",
        "acme_directory": authority.directory,
        "acme_trust": authority.trust,
        "look_every": LOOK_EVERY,
    }


def _zone(domain: str, **records: str) -> dict[str, Records]:
    return {domain: {f"{label}": record for label, record in records.items()}}


def _state(platform: Platform, name: str) -> State | None:
    return read_state(platform.paths.customer_certificate_states, name)


def test_a_name_gets_one_as_soon_as_it_leads_here(
    platform: Platform, domain: str, played: PlayedAuthority, folder: Path
) -> None:
    first, second = f"autoconfig.{domain}", f"autodiscover.{domain}"
    with certificates_from(platform, folder, _by(played)):
        with served(platform, _zone(domain, autoconfig=HERE, autodiscover="A 192.0.2.7")):
            until(lambda: serves(platform, first, authority=played.trust), "a certificate by ACME")
            assert fetch(platform, first, "/mail/config-v1.1.xml", authority=played.trust).status == 200
            state = until(lambda: _waiting(platform, second), "the other name to wait")
            assert state.detail == "it leads to 192.0.2.7, which is not this platform"
            assert set(played.names) == {first}
        with served(platform, _zone(domain, autoconfig=HERE, autodiscover=HERE)):
            until(lambda: serves(platform, second, authority=played.trust), "the other certificate")
    # The platform's own authority issues again.
    until(lambda: serves(platform, first), "a certificate of the own authority")


def _waiting(platform: Platform, name: str) -> State | None:
    state = _state(platform, name)
    return state if state and state.problem is Problem.DNS else None


def test_it_is_renewed_before_its_end(platform: Platform, domain: str, played: PlayedAuthority, folder: Path) -> None:
    name = f"autoconfig.{domain}"
    played.life = timedelta(seconds=120)
    with served(platform, _zone(domain, autoconfig=HERE)), certificates_from(platform, folder, _by(played)):
        until(lambda: serves(platform, name, authority=played.trust), "a certificate")
        until(lambda: len(played.names) > 1, "its renewal")
        played.life = timedelta(days=90)
        state = until(lambda: _lasting(platform, name), "a certificate for long")
        assert state.problem is None
        assert serves(platform, name, authority=played.trust)


def _lasting(platform: Platform, name: str) -> State | None:
    state = _state(platform, name)
    return state if state and state.until and state.until > datetime.now(UTC) + timedelta(days=80) else None


def test_a_refusal_is_told_in_the_authoritys_words(
    platform: Platform, domain: str, played: PlayedAuthority, folder: Path
) -> None:
    name, words = f"autoconfig.{domain}", "The name is on a list of ours."
    played.refusals[name] = ("rejectedIdentifier", words)
    with served(platform, _zone(domain, autoconfig=HERE)), certificates_from(platform, folder, _by(played)) as changed:
        until(lambda: _refused(platform, name), "the refusal")
        said = changed.mailcenter("doctor", check=False).stdout
        assert words in " ".join(said.split())
        pk = next(item["id"] for item in platform.json("domain", "list") if item["name"] == domain)
        for who in ("operator", "domain_admin"):
            page = Browser.signed_in(platform, Account(**platform.logins[who])).get(f"/domains/{pk}/dns").text
            assert words in page.partition('id="https"')[2], who
        assert played.names.count(name) == 1  # it is not asked again at each look


def _refused(platform: Platform, name: str) -> bool:
    state = _state(platform, name)
    return state is not None and state.problem is Problem.REFUSED


def test_the_operators_folder(platform: Platform, domain: str, folder: Path) -> None:
    theirs = Authority.make("the operator's authority")
    trust = folder / "trust.pem"
    trust.write_text(theirs.certificate_pem)
    (folder / "given").mkdir()
    (folder / "given").chmod(0o755)
    name = f"autoconfig.{domain}"
    wanted = {"source": "folder", "folder": folder / "given", "look_every": LOOK_EVERY}
    with certificates_from(platform, folder, wanted):
        _put(folder / "given" / f"_.{domain}.pem", theirs, f"*.{domain}")
        until(lambda: serves(platform, name, authority=trust), "the wildcard")
        assert serves(platform, f"autodiscover.{domain}", authority=trust)
        _put(folder / "given" / f"{name}.pem", theirs, "autoconfig.other.example")
        state = until(lambda: _unfit(platform, name), "the wrong one to be named")
        assert state.detail == "it is for autoconfig.other.example"
        assert serves(platform, name, authority=trust)  # the one before serves on
        with pytest.raises(ssl.SSLError, match="internal error"):  # no handshake: there is none for it in the folder
            fetch(platform, "autoconfig.demo.example", "/mail/config-v1.1.xml", authority=trust)


def _unfit(platform: Platform, name: str) -> State | None:
    state = _state(platform, name)
    return state if state and state.problem is Problem.UNFIT else None


def _put(file: Path, authority: Authority, name: str) -> None:
    key, chain = authority.issue(name, [x509.DNSName(name)], [ExtendedKeyUsageOID.SERVER_AUTH])
    fresh = file.with_suffix(".new")
    fresh.write_text(key + chain)
    fresh.chmod(0o644)
    fresh.replace(file)
