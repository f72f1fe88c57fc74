"""What the sections of the settings have in common."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Port = Annotated[int, Field(ge=1, le=65535)]


Network = IPv4Network | IPv6Network


_HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\Z")


def _host_name(value: str) -> str:
    if not _HOST.match(value):
        raise ValueError("must be a host name in lower case (letters, digits, hyphens and dots)")
    return value


def _pattern(value: str) -> str:
    try:
        groups = re.compile(value).groups
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    if value and not groups:
        raise ValueError("needs a group in parentheses, which names the finding")
    return value


HostName = Annotated[str, AfterValidator(_host_name)]


NextHop = Annotated[str, Field(pattern=r"\A([A-Za-z0-9.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}\z")]


class Section(BaseModel):
    """A table of `mailcenter.toml`; an unknown name in it is an error, so that a typo never passes silently."""

    model_config = ConfigDict(extra="forbid", frozen=True)
