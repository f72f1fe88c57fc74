"""Look up the system's users and groups that the daemons run as."""

from __future__ import annotations

import grp
import pwd

from mailcenter.engines.base import EngineError

_REMEDY = "run tools/install; it installs the packages and makes the users"


def user_id(name: str) -> int:
    """Raises EngineError where the system has no such user."""
    return _user(name).pw_uid


def primary_group_id(name: str) -> int:
    """The group of a user's own. Raises EngineError where the system has no such user."""
    return _user(name).pw_gid


def group_id(name: str) -> int:
    """Raises EngineError where the system has no such group."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise EngineError(f"there is no group {name!r}", _REMEDY) from None


def _user(name: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise EngineError(f"there is no user {name!r}", _REMEDY) from None
