"""The doctor's questions, on states made ill."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailcenter.certificates.state import Problem, State
from mailcenter.engines.center import ENGINE as CENTER
from mailcenter.engines.doctor import (
    QUESTIONS,
    certificate,
    changed_files,
    configuration,
    customer_names,
    daemons,
    disk,
    kernel,
    packages,
    postmaster,
    reach,
    secrets,
)
from mailcenter.engines.doctor.finding import Finding
from mailcenter.engines.redis import ENGINE as REDIS
from mailcenter.engines.unbound import ENGINE as UNBOUND
from mailcenter.engines.write import ensure_directory, write_file
from mailcenter.settings.load import CONFIG_VARIABLE, paths
from mailcenter.settings.model import Settings
from tests.unit.certificates.test_issue import issued


@dataclass
class _Volume:
    """The fields of `os.statvfs_result` that matter."""

    f_blocks: int = 1000
    f_bavail: int = 500
    f_frsize: int = 2**30
    f_files: int = 1000
    f_favail: int = 500


def test_every_question_is_asked_by_name() -> None:
    assert len({name for name, _ in QUESTIONS}) == len(QUESTIONS)
    folder = Path(reach.__file__).parent
    files = {file.stem for file in folder.glob("*.py")} - {"__init__", "finding"}
    assert {question.__module__.rpartition(".")[2] for _, question in QUESTIONS} == files


def test_mail_to_postmaster_needs_a_reader(demo: Settings, server: Settings) -> None:
    def found(settings: Settings, reader: str) -> list[Finding]:
        mail = settings.mail.model_copy(update={"postmaster": reader})
        return postmaster.check(settings.model_copy(update={"mail": mail}))

    (finding,) = found(server, "")
    assert "mail.postmaster" in finding.remedy
    assert found(server, "anna@provider.example") == []
    assert found(server, f"Abuse+x@{server.host_name.upper()}") == [finding]
    assert found(server, f"anna@{server.host_name}") == [], "the host's domain may be hosted, too"
    assert found(demo, f"abuse@{demo.host_name}") == []


def test_before_the_first_start_only_the_start_is_missing(demo: Settings) -> None:
    found = {name: question(demo) for name, question in QUESTIONS if name not in {"ports", "disk"}}
    ill = {name: [one.problem for one in findings] for name, findings in found.items() if findings}
    assert ill == {"daemons": ["the platform is not running"]}
    assert daemons.check(demo)[0].remedy == "`mailcenter up`"


@pytest.mark.parametrize(
    ("volume", "words"),
    [
        (_Volume(), []),
        (_Volume(f_bavail=1), ["only 1.0 GB are free"]),
        (_Volume(f_blocks=100_000, f_bavail=4000), ["only 4000.0 GB are free"]),
        (_Volume(f_favail=3), ["only 3 inodes are free"]),
        (_Volume(f_files=0, f_favail=0), []),
    ],
    ids=["room", "few bytes", "small share", "few inodes", "no inodes counted"],
)
def test_a_full_disk(volume: os.statvfs_result, words: list[str]) -> None:
    found = disk.room(Path("/x"), volume)
    assert len(found) == len(words)
    assert all(word in one.problem for word, one in zip(words, found, strict=True))


def test_a_closed_directory_on_the_way(demo: Settings, state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = state / "mailcenter.toml"
    monkeypatch.setenv(CONFIG_VARIABLE, str(config))
    paths(demo).state.mkdir()
    assert reach.check(demo) == []
    state.chmod(0o700)
    config.chmod(0o600)
    problems = [one.problem for one in reach.check(demo)]
    assert problems == [f"the daemons' users cannot enter {state}", f"the daemons' users cannot read {config}"]


def test_secrets_open_to_all_or_closed_to_their_reader(demo: Settings) -> None:
    directory = paths(demo).secrets
    directory.mkdir(parents=True)
    assert "center.key is missing" in secrets.check(demo)[0].problem
    CENTER.prepare(demo)
    assert secrets.check(demo) == []
    (directory / "center.key").chmod(0o600)
    assert "cannot read" in secrets.check(demo)[0].problem
    (directory / "center.key").chmod(0o644)
    assert "everybody may read" in secrets.check(demo)[0].problem


def test_a_file_changed_by_hand(demo: Settings) -> None:
    for directory in REDIS.directories(demo):
        ensure_directory(directory)
    for file in REDIS.render(demo):
        write_file(file)
    assert changed_files.check(demo) == []
    rendered = paths(demo).etc("redis") / "redis.conf"
    rendered.write_text(rendered.read_text() + "port 6379\n")
    assert [one.problem for one in changed_files.check(demo)] == [f"{rendered} is not as it was rendered"]
    rendered.unlink()
    assert [one.problem for one in changed_files.check(demo)] == [f"{rendered} is missing"]


def test_a_configuration_that_the_daemon_refuses(demo: Settings) -> None:
    for directory in UNBOUND.directories(demo):
        ensure_directory(directory)
    UNBOUND.prepare(demo)
    for file in UNBOUND.render(demo):
        write_file(file)
    assert configuration.check(demo) == []
    rendered = paths(demo).etc("unbound") / "unbound.conf"
    rendered.write_text(rendered.read_text() + "\nserver:\n    no-such-option: yes\n")
    found = configuration.check(demo)
    assert "Unbound refuses its configuration" in found[0].problem
    assert "no-such-option" in found[0].problem


def test_a_missing_package(demo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    assert packages.check(demo) == []
    monkeypatch.setattr(type(REDIS), "packages", ("redis-server", "no-such-package"))
    found = packages.check(demo)
    assert [one.remedy for one in found] == ["apt-get install no-such-package"]


def _name_with(settings: Settings, state: State, pem: bytes | None) -> list[tuple[str, str]]:
    place = paths(settings)
    for folder in (place.customer_certificates, place.customer_certificate_states):
        folder.mkdir(parents=True, exist_ok=True)
    (place.customer_certificate_states / f"{state.name}.json").write_text(state.to_json())
    file = place.customer_certificates / f"{state.name}.pem"
    file.unlink(missing_ok=True)
    if pem is not None:
        file.write_bytes(pem)
    return [(one.problem, one.remedy) for one in customer_names.check(settings)]


def test_certificates_of_customers_names(demo: Settings) -> None:
    assert customer_names.check(demo) == []
    name, now = "autoconfig.a.example", datetime.now(UTC)
    good = State(name, "own", now + timedelta(days=90), now)
    assert _name_with(demo, good, issued(name)) == []
    assert _name_with(demo, good, None)[0][0] == f"{name} has no certificate"
    assert _name_with(demo, good, issued("autoconfig.b.example"))[0][0] == (
        f"the certificate of {name} cannot serve: it is for autoconfig.b.example"
    )
    failed = State(name, "folder", good.until, now, Problem.MISSING, "neither a nor b is in c", 3, "folder")
    ((problem, remedy),) = _name_with(demo, failed, issued(name, days=10))
    assert problem.startswith(f"the certificate of {name} ends on ")
    assert problem.endswith(": neither a nor b is in c")
    assert "certificates.folder" in remedy
    before = replace(failed, held_from="acme")
    assert _name_with(demo, before, issued(name))[0][0].startswith(f"{name} has an older certificate only")
    waiting = State(name, "acme", None, now, Problem.DNS, "leads elsewhere", 3)
    assert _name_with(demo, waiting, None) == []


def test_many_ill_names_are_counted(demo: Settings) -> None:
    now = datetime.now(UTC)
    for number in range(30):
        _name_with(demo, State(f"autoconfig.{number}.example", "own", None, now, Problem.OURS, "full", 1), None)
    found = [one.problem for one in customer_names.check(demo)]
    assert len(found) == customer_names.MOST_NAMED + 1
    assert found[-1] == f"{30 - customer_names.MOST_NAMED} more names of customers have no good certificate"


def test_a_server_whose_customers_get_none_is_asked_whether_that_is_meant(server: Settings) -> None:
    tls = server.tls.model_copy(update={"certificate": Path("/a.pem"), "key": Path("/a.key")})
    server = server.model_copy(update={"tls": tls})
    assert "certificates.source" in customer_names.check(server)[0].remedy
    off = server.certificates.model_copy(update={"source": "none"})
    assert customer_names.check(server.model_copy(update={"certificates": off})) == []


def test_a_certificate_that_cannot_be_read(demo: Settings) -> None:
    assert certificate.check(demo) == []
    paths(demo).certificate.parent.mkdir(parents=True)
    paths(demo).certificate.write_text("no PEM")
    found = certificate.check(demo)
    assert "is no readable certificate" in found[0].problem
    assert found[0].remedy == "`mailcenter up` makes a new one"


def test_the_kernel_must_let_all_sessions_hear_of_new_mail(demo: Settings, server: Settings) -> None:
    assert kernel.check(demo) == []
    assert kernel.instances(server.sessions.imap, server.sessions.imap) == []
    (finding,) = kernel.instances(128, 6000)
    assert "only 128 of 6000 IMAP sessions" in finding.problem
    assert "max_user_instances=6000" in finding.remedy
