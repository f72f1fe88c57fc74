"""Where we listen, whom we ask for names, and by which certificates we are known."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from mailcenter.settings.model.base import HostName, Port, Section


class Listen(Section):
    """Where the platform listens. The demo uses unprivileged ports on loopback only."""

    addresses: list[str] = Field(
        default=["0.0.0.0", "::"],  # noqa: S104 - a mail server is public
        description="IP addresses that all public services listen on.",
    )
    smtp: Port = Field(default=25, description="SMTP from other servers (postscreen in front).")
    submission: Port = Field(default=587, description="Submission with STARTTLS (RFC 6409).")
    submissions: Port = Field(default=465, description="Submission over TLS (RFC 8314).")
    imap: Port = Field(default=143, description="IMAP with STARTTLS.")
    imaps: Port = Field(default=993, description="IMAP over TLS.")
    pop3: Port = Field(default=110, description="POP3 with STLS.")
    pop3s: Port = Field(default=995, description="POP3 over TLS.")
    sieve: Port = Field(default=4190, description="ManageSieve (RFC 5804).")
    http: Port = Field(default=80, description="HTTP; redirects to HTTPS, and answers the checks of ACME.")
    https: Port = Field(default=443, description="The control center and the REST API.")


class Dns(Section):
    """Our own validating resolver (Unbound)."""

    address: str = Field(default="127.0.0.53", description="Loopback address of the resolver.")
    port: Port = Field(default=53, description="Port of the resolver.")
    offline: bool = Field(
        default=False, description="Answer from the zones only and never ask the outside: for demos and tests."
    )
    zones_dir: Path | None = Field(
        default=None,
        description="Folder of zone files (`NAME.zone`) that the resolver serves as its own; without it `zones` in the state directory.",
    )
    timeout: float = Field(
        default=4.0, gt=0, le=30, description="Seconds that a question of the gate to the resolver may take."
    )
    forwarders: list[str] = Field(default=[], description="Ask these name servers instead of resolving from the root.")


class DnsListEntry(Section):
    """A DNS list of addresses that the gate asks about clients (RFC 5782); `[[dns_lists]]` for each."""

    zone: HostName = Field(description="The list's zone, as `psbl.surriel.com`.")
    kind: Literal["block", "allow"] = Field(
        default="block", description="block: speaks against a client; allow: speaks for it."
    )
    weight: float = Field(
        default=1.0,
        gt=0,
        le=999,
        description="What a listing weighs; rule `dnsbl` has the weights that defer or refuse.",
    )
    codes: dict[Annotated[str, Field(pattern=r"\A127(\.([0-9]{1,3}|\*)){3}\z")], float] = Field(
        default={},
        description='Weights by answer, `*` for any octet: `{ "127.0.0.*" = 1.0 }`; empty: `weight` for all.',
    )
    active: bool = Field(default=True, description="Whether it is asked.")
    terms: str = Field(default="", description="A note on what its keeper allows.")


class Tls(Section):
    """The server's certificate. Without one, a certificate signed by an own authority is made in the state directory."""

    certificate: Path | None = Field(default=None, description="Certificate chain, PEM.")
    key: Path | None = Field(default=None, description="Private key, PEM.")
    profile_certificate: Path | None = Field(
        default=None,
        description="Certificate chain, PEM, that signs the profiles for Apple's devices; without one, the own authority's. The server's own may stand here, but then the control center can read its key.",
    )
    profile_key: Path | None = Field(
        default=None, description="Its private key, PEM; the control center must be able to read it."
    )


class Certificates(Section):
    """Certificates for `autoconfig.` and `autodiscover.` before each customer's domain, where mail programs ask for their
    settings. nginx chooses them by the name that a program asks for."""

    source: Literal["own", "acme", "folder", "none"] | None = Field(
        default=None,
        description="Where they come from. `own`: the platform's own authority; `acme`: an authority on the Internet, as Let's Encrypt, whose terms of service you agree to by this; `folder`: you put them into `certificates.folder`; `none`: there are none, and programs go on to their next step. Not set: `own` where the server's certificate is of the own authority too, else `none`.",
    )
    acme_directory: Annotated[
        str, Field(pattern=r"\Ahttps://[A-Za-z0-9.:\[\]-]{1,200}(/[A-Za-z0-9._~/-]{0,200})?\z")
    ] = Field(
        default="https://acme-v02.api.letsencrypt.org/directory",
        description="The ACME directory (RFC 8555) of that authority. It is asked only for names that lead to this platform, and checks them at port 80.",
    )
    acme_contact: Annotated[str, Field(pattern=r"\A([^@\s<>{},]+@[^@\s<>{},]+)?\z")] = Field(
        default="", description="Address where that authority reaches you; told to it when the account is made."
    )
    acme_trust: Path | None = Field(
        default=None,
        description="Authorities (PEM) by which the directory's own certificate is checked; not set: those of the system.",
    )
    folder: Path | None = Field(
        default=None,
        description="Folder that the user `mailcenter-certs` can read, with a file `NAME.pem` (key and certificate chain) for each name, or `_.DOMAIN.pem` with a wildcard for `*.DOMAIN`.",
    )
    look_every: float = Field(
        default=300.0,
        ge=1,
        le=86400,
        description="Seconds between two looks at what stands in the way of a certificate; at a DNS record that is missing for hours, less and less often, up to 32 times as long.",
    )
