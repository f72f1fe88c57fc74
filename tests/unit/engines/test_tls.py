"""The own authority, and the judgement of any certificate."""

from __future__ import annotations

import stat
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailcenter.center.discovery import apple
from mailcenter.certificates.inspect import faults, read_certificate
from mailcenter.engines.accounts import group_id
from mailcenter.engines.base import EngineError
from mailcenter.engines.tls import ENGINE, RENEW_DAYS, certificate_files, profile_files
from mailcenter.engines.write import ensure_directory
from mailcenter.settings.identities import CENTER_USER, CERTIFICATES_USER
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings


@pytest.fixture
def prepared(demo: Settings) -> Settings:
    for directory in ENGINE.directories(demo):
        ensure_directory(directory)
    ENGINE.prepare(demo)
    return demo


def _configured(settings: Settings, **update: object) -> Settings:
    """The same with the certificate made before as a configured one."""
    certificate, key = certificate_files(settings)
    tls = settings.tls.model_copy(update={"certificate": certificate, "key": key, **update})
    return settings.model_copy(update={"tls": tls})


def _faults(settings: Settings, *, days_on: int = 0, days: int = 0) -> list[str]:
    return faults(
        settings.host_name, *certificate_files(settings), now=datetime.now(UTC) + timedelta(days=days_on), days=days
    )


def test_the_own_certificate_is_good_and_signed_by_the_authority(prepared: Settings) -> None:
    assert _faults(prepared, days=RENEW_DAYS) == []
    certificate = read_certificate(paths(prepared).certificate)
    certificate.verify_directly_issued_by(read_certificate(paths(prepared).ca_certificate))
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {"mail.demo.example", "localhost"} <= set(names.get_values_for_type(x509.DNSName))
    assert {"127.0.0.1", "::1"} <= {str(address) for address in names.get_values_for_type(x509.IPAddress)}
    assert ENGINE.health(prepared).ok


def test_private_keys_are_roots_alone(prepared: Settings) -> None:
    assert stat.S_IMODE(paths(prepared).key.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths(prepared).secrets.stat().st_mode) == 0o711


def test_the_authoritys_key_is_read_by_whom_it_signs_for_and_by_nobody_else(prepared: Settings) -> None:
    key = paths(prepared).ca_key
    assert (stat.S_IMODE(key.stat().st_mode), key.stat().st_gid) == (0o640, group_id(CERTIFICATES_USER))
    for source, tls in (("none", prepared.tls), (None, _configured(prepared).tls)):
        certificates = prepared.certificates.model_copy(update={"source": source})
        ENGINE.prepare(prepared.model_copy(update={"certificates": certificates, "tls": tls}))
        assert (stat.S_IMODE(key.stat().st_mode), key.stat().st_gid) == (0o600, 0)
        ENGINE.prepare(prepared)


def test_preparing_again_keeps_the_certificate(prepared: Settings) -> None:
    before = paths(prepared).certificate.read_bytes()
    ENGINE.prepare(prepared)
    assert paths(prepared).certificate.read_bytes() == before


def test_a_new_host_name_gets_a_new_certificate_of_the_same_authority(prepared: Settings) -> None:
    authority = paths(prepared).ca_certificate.read_bytes()
    renamed = prepared.model_copy(update={"host_name": "other.example"})
    assert not ENGINE.health(renamed).ok
    ENGINE.prepare(renamed)
    assert ENGINE.health(renamed).ok
    assert paths(prepared).ca_certificate.read_bytes() == authority


def test_each_fault_has_its_words(prepared: Settings) -> None:
    assert "ends on" in _faults(prepared, days_on=380, days=RENEW_DAYS)[0]
    assert "ended on" in _faults(prepared, days_on=400)[0]
    assert "not valid before" in _faults(prepared, days_on=-2)[0]
    other = prepared.model_copy(update={"host_name": "other.example"})
    assert "not for other.example" in _faults(other)[0]


def test_a_key_of_another_certificate_is_noticed(prepared: Settings) -> None:
    settings = _configured(prepared, key=paths(prepared).secrets / "ca.key")
    assert "is not the key of" in _faults(settings)[0]
    with pytest.raises(EngineError, match=r"tls\.certificate: .* is not the key of"):
        ENGINE.prepare(settings)


@pytest.mark.parametrize("part", ["certificate", "key"])
@pytest.mark.parametrize("content", [None, "no PEM"])
def test_an_unreadable_file_is_named(prepared: Settings, part: str, content: str | None) -> None:
    file = prepared.state_dir / "given.pem"
    if content is not None:
        file.write_text(content)
    assert f"{file} is no readable" in _faults(_configured(prepared, **{part: file}))[0]


def test_a_good_configured_certificate_is_taken(prepared: Settings) -> None:
    settings = _configured(prepared)
    ENGINE.prepare(settings)
    assert ENGINE.health(settings).ok


def test_who_signs_profiles_is_no_server(prepared: Settings) -> None:
    place = paths(prepared)
    certificate = read_certificate(place.profile_certificate)
    certificate.verify_directly_issued_by(read_certificate(place.ca_certificate))
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usage) == [ExtendedKeyUsageOID.EMAIL_PROTECTION]
    found = place.profile_key.stat()
    assert (stat.S_IMODE(found.st_mode), found.st_gid) == (0o640, group_id(CENTER_USER))


def test_its_certificate_is_made_anew_for_another_host_and_beside_a_configured_one(prepared: Settings) -> None:
    before = paths(prepared).profile_certificate.read_bytes()
    ENGINE.prepare(_configured(prepared))
    assert paths(prepared).profile_certificate.read_bytes() == before
    ENGINE.prepare(prepared.model_copy(update={"host_name": "mail.other.example"}))
    assert paths(prepared).profile_certificate.read_bytes() != before


def test_openssl_finds_the_profile_unchanged_in_its_signature(prepared: Settings, tmp_path: Path) -> None:
    content = apple.profile(prepared, "anna@demo.example", "")
    signed = tmp_path / "signed"
    signed.write_bytes(apple.signed(content, *profile_files(prepared)))
    verify = ("openssl", "cms", "-verify", "-inform", "DER", "-in", str(signed), "-CAfile")
    command = [*verify, str(paths(prepared).ca_certificate)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=30)
    assert done.stdout == content
    signed.write_bytes(signed.read_bytes().replace(b"anna@demo", b"otto@demo"))
    assert subprocess.run(command, capture_output=True, check=False, timeout=30).returncode != 0
