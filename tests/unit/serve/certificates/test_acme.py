"""Certificates by ACME, from a played authority that really asks for the challenge."""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mailcenter.certificates.inspect import holds
from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.acme import Acme
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.settings.load import parse, paths
from mailcenter.settings.model import Settings
from tests.harness.acme import PlayedAuthority, played_authority

NAME = "autoconfig.a.example"


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the folder of challenges, as nginx does."""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/.well-known/acme-challenge"))

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def folder() -> Iterator[Path]:
    """A short path: unix sockets lie below a state directory."""
    with TemporaryDirectory(prefix="mc-acme-") as name:
        yield Path(name)


@pytest.fixture
def played(folder: Path) -> Iterator[PlayedAuthority]:
    challenges = paths(_settings(folder)).acme_challenges
    challenges.mkdir(parents=True)
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(challenges)))
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    (folder / "authority").mkdir()
    try:
        with played_authority(folder / "authority", web.server_address[1]) as authority:
            yield authority
    finally:
        web.shutdown()
        web.server_close()
        thread.join(20)


def _settings(folder: Path, played: PlayedAuthority | None = None) -> Settings:
    state = folder / "state"
    (state / "data" / "certificates").mkdir(parents=True, exist_ok=True)
    wanted: dict[str, str] = {"source": "acme"}
    if played:
        wanted |= {"acme_directory": played.directory, "acme_trust": str(played.trust), "acme_contact": "ops@p.example"}
    raw = {"host_name": "mail.p.example", "state_dir": str(state), "certificates": wanted}
    return parse(raw, source="test")


@pytest.fixture
def source(folder: Path, played: PlayedAuthority) -> Acme:
    return Acme(_settings(folder, played), lambda name: "")


def _problem(source: Acme, name: str = NAME) -> tuple[Problem, str]:
    with pytest.raises(NotObtainedError) as caught:
        source.obtain(name)
    return caught.value.problem, str(caught.value)


def test_a_certificate_after_a_real_challenge(source: Acme, played: PlayedAuthority, folder: Path) -> None:
    held, fault = holds(source.obtain(NAME), NAME, datetime.now(UTC))
    assert fault == ""
    assert held is not None
    held.verify_directly_issued_by(played.authority.certificate)
    place = paths(_settings(folder))
    assert list(place.acme_challenges.iterdir()) == []
    assert stat.S_IMODE(place.acme_account_key.stat().st_mode) == 0o600


def test_the_account_is_made_once(source: Acme, played: PlayedAuthority, folder: Path) -> None:
    source.obtain(NAME)
    source.obtain("autodiscover.a.example")
    Acme(_settings(folder, played), lambda name: "").obtain(NAME)
    assert played.contacts == ["mailto:ops@p.example"]
    assert played.names == [NAME, "autodiscover.a.example", NAME]


def test_no_authority_is_asked_about_a_name_that_leads_elsewhere(played: PlayedAuthority, folder: Path) -> None:
    source = Acme(_settings(folder, played), lambda name: "it leads to 192.0.2.1")
    assert _problem(source) == (Problem.DNS, "it leads to 192.0.2.1")
    assert played.names == []


def test_a_name_that_is_not_found_to_be_ours(source: Acme, played: PlayedAuthority) -> None:
    played.http_port = 1
    problem, words = _problem(source)
    assert problem is Problem.REFUSED
    assert words.startswith(f"http://{NAME}/.well-known/acme-challenge/")


@pytest.mark.parametrize(
    ("kind", "problem"),
    [
        ("rejectedIdentifier", Problem.REFUSED),
        ("caa", Problem.REFUSED),
        ("rateLimited", Problem.LIMITED),
        ("serverInternal", Problem.UNREACHABLE),
    ],
)
def test_each_refusal_keeps_its_words(source: Acme, played: PlayedAuthority, kind: str, problem: Problem) -> None:
    played.refusals[NAME] = (kind, "because of\nthis")
    assert _problem(source) == (problem, "because of this")


def test_after_a_limit_nothing_is_asked_for_a_while(played: PlayedAuthority, folder: Path) -> None:
    now = datetime.now(UTC)
    clock = [now]
    source = Acme(_settings(folder, played), lambda name: "", clock=lambda: clock[0])
    played.refusals[NAME] = ("rateLimited", "too many")
    assert _problem(source)[0] is Problem.LIMITED
    assert _problem(source, "autoconfig.b.example") == (Problem.LIMITED, "too many")
    assert played.names == [NAME]
    clock[0] = now + timedelta(hours=1, seconds=1)
    assert source.obtain("autoconfig.b.example")


def test_an_authority_that_does_not_answer_or_that_nobody_trusts(played: PlayedAuthority, folder: Path) -> None:
    settings = _settings(folder, played)
    for update in ({"acme_directory": "https://127.0.0.1:1/directory"}, {"acme_trust": None}):
        wanted = settings.certificates.model_copy(update=update)
        source = Acme(settings.model_copy(update={"certificates": wanted}), lambda name: "")
        problem, words = _problem(source)
        assert problem is Problem.UNREACHABLE
        assert words.startswith("the authority cannot be reached")


def test_challenges_that_a_killed_daemon_left_are_removed(played: PlayedAuthority, folder: Path) -> None:
    place = paths(_settings(folder))
    (place.acme_challenges / "left").write_text("x")
    Acme(_settings(folder, played), lambda name: "")
    assert list(place.acme_challenges.iterdir()) == []
