"""Certificates by ACME (RFC 8555) with the challenge http-01, which nginx answers at port 80."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import requests
from acme import challenges, client, errors, messages
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from josepy.errors import Error as JoseError
from josepy.jwa import ES256
from josepy.jwk import JWKEC

from mailcenter.certificates.issue import private_pem
from mailcenter.certificates.state import Problem
from mailcenter.serve.certificates.source import NotObtainedError
from mailcenter.settings.load import paths
from mailcenter.settings.model import Settings

_SYSTEM_TRUST: Final = Path("/etc/ssl/certs/ca-certificates.crt")
_ORDER_SECONDS: Final = 60
_REQUEST_SECONDS: Final = 20
_LONGEST_CHAIN: Final = 64 * 1024
_RESTS: Final = {Problem.UNREACHABLE: timedelta(minutes=1), Problem.LIMITED: timedelta(hours=1)}
"""How long no name at all is asked for after these."""
_THEIR_FAULTS: Final = {"rateLimited": Problem.LIMITED, "serverInternal": Problem.UNREACHABLE}
"""Kinds of errors (RFC 8555 section 6.7) that say nothing about the name."""


class Acme:
    """One account with one authority. What it says about itself holds for all names, for a while."""

    def __init__(
        self, settings: Settings, fault_in_dns: Callable[[str], str], clock: Callable[[], datetime] = datetime.now
    ) -> None:
        place = paths(settings)
        wanted = settings.certificates
        self.name = f"acme {wanted.acme_directory}"
        self._directory = wanted.acme_directory
        self._contact = wanted.acme_contact
        self._trust = wanted.acme_trust or _SYSTEM_TRUST
        self._account_key = place.acme_account_key
        self._challenges = place.acme_challenges
        self._fault_in_dns = fault_in_dns
        self._clock = clock
        self._client: client.ClientV2 | None = None
        self._rest: tuple[datetime, NotObtainedError] | None = None
        for left in self._challenges.glob("*"):
            left.unlink()

    def is_current(self, name: str, pem: bytes, certificate: x509.Certificate) -> bool:
        return True

    def obtain(self, name: str) -> bytes:
        fault = self._fault_in_dns(name)
        if fault:
            raise NotObtainedError(Problem.DNS, fault)
        if self._rest is not None and self._clock() < self._rest[0]:
            raise NotObtainedError(self._rest[1].problem, str(self._rest[1]))
        try:
            pem = self._order(self._connected(), name)
        except _FAILURES as error:
            self._client = None
            failure = understood(error)
            if failure.problem in _RESTS:
                self._rest = (self._clock() + _RESTS[failure.problem], failure)
            raise failure from None
        self._rest = None
        return pem

    def _connected(self) -> client.ClientV2:
        """The client with its account, which is made where there is none yet."""
        if self._client is None:
            key = JWKEC(key=self._key())
            network = client.ClientNetwork(key, alg=ES256, user_agent="mailcenter", timeout=_REQUEST_SECONDS)
            network.verify_ssl = str(self._trust)  # type: ignore[assignment]  # requests takes a file as well
            made = client.ClientV2(client.ClientV2.get_directory(self._directory, network), network)
            wanted = messages.NewRegistration.from_data(email=self._contact or None, terms_of_service_agreed=True)
            try:
                made.new_account(wanted)
            except errors.ConflictError as known:
                network.account = messages.RegistrationResource(body=messages.Registration(), uri=known.location)
            self._client = made
        return self._client

    def _key(self) -> ec.EllipticCurvePrivateKey:
        if not self._account_key.exists():
            fresh = self._account_key.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(private_pem(ec.generate_private_key(ec.SECP256R1())))
            fresh.replace(self._account_key)
        key = load_pem_private_key(self._account_key.read_bytes(), password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise ValueError(f"{self._account_key} is of a foreign kind")
        return key

    def _order(self, connected: client.ClientV2, name: str) -> bytes:
        key = ec.generate_private_key(ec.SECP256R1())
        request = (
            x509.CertificateSigningRequestBuilder()
            .subject_name(x509.Name([]))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        deadline = datetime.now() + timedelta(seconds=_ORDER_SECONDS)  # noqa: DTZ005 - the library's clock
        order = connected.new_order(request.public_bytes(Encoding.PEM))
        with self._answered(connected, order):
            order = connected.poll_authorizations(order, deadline)
        chain = str(connected.finalize_order(order, deadline).fullchain_pem)
        if len(chain) > _LONGEST_CHAIN:
            raise ValueError("a chain of that length")
        return (private_pem(key) + chain).encode()

    @contextmanager
    def _answered(self, connected: client.ClientV2, order: messages.OrderResource) -> Iterator[None]:
        """While the block runs, nginx answers what the authority wants to see under the name."""
        files = []
        try:
            for authorization in order.authorizations:
                if authorization.body.status == messages.STATUS_VALID:
                    continue
                body = next(
                    (one for one in authorization.body.challenges if isinstance(one.chall, challenges.HTTP01)), None
                )
                if body is None:
                    raise ValueError("it offers no challenge http-01")
                response, content = body.response_and_validation(connected.net.key)
                file = self._challenges / body.chall.encode("token")
                file.write_text(content)
                file.chmod(0o644)  # for nginx's workers
                files.append(file)
                connected.answer_challenge(body, response)
            yield
        finally:
            for file in files:
                file.unlink(missing_ok=True)


_FAILURES: Final = (
    errors.Error,
    messages.Error,
    JoseError,
    requests.RequestException,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)
"""What the library raises, the last ones where an answer is no ACME."""


def understood(error: Exception) -> NotObtainedError:
    """Whose fault it is, and in which words."""
    if isinstance(error, errors.ValidationError):
        said = [
            one.error
            for authorization in error.failed_authzrs
            for one in authorization.body.challenges
            if one.error is not None
        ]
        return NotObtainedError(Problem.REFUSED, _words(said[0]) if said else "the name was not found to be ours")
    problem = error.error if isinstance(error, errors.IssuanceError) else error
    if isinstance(problem, messages.Error):
        return NotObtainedError(_THEIR_FAULTS.get(problem.code or "", Problem.REFUSED), _words(problem))
    if isinstance(error, OSError) and not isinstance(error, requests.RequestException):
        return NotObtainedError(Problem.OURS, _one_line(error))
    if isinstance(error, errors.TimeoutError):
        words = f"no certificate within {_ORDER_SECONDS} seconds"
    elif isinstance(error, requests.RequestException):
        words = f"the authority cannot be reached: {_one_line(error)}"
    else:
        words = f"the authority's answer is not understood: {_one_line(error)}"
    return NotObtainedError(Problem.UNREACHABLE, words)


def _words(problem: messages.Error) -> str:
    return _one_line(problem.detail or problem.title or problem.typ or "no reason given")


def _one_line(words: object) -> str:
    return " ".join(str(words).split()) or type(words).__name__


logging.getLogger("acme").setLevel(logging.INFO)
"""Below that it logs whole requests."""
