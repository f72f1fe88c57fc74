"""The closed sets of words of RFC 9989 and RFC 9990, spelled as they stand in records, headers and reports."""

from __future__ import annotations

from enum import StrEnum


class Policy(StrEnum):
    """What a domain's owner asks for mail that fails: the values of `p`, `sp`, `np` (RFC 9989 section 4.7)."""

    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"

    @property
    def one_level_below(self) -> Policy:
        """The policy that `t=y` expects to be applied (RFC 9989 section 4.7, tag `t`)."""
        return Policy.QUARANTINE if self is Policy.REJECT else Policy.NONE

    @property
    def severity(self) -> int:
        """0 for none, 1 for quarantine, 2 for reject."""
        return list(Policy).index(self)


class Alignment(StrEnum):
    """How near an authenticated domain must be to the author's: the values of `adkim`, `aspf` (section 4.4)."""

    RELAXED = "r"
    STRICT = "s"


class Psd(StrEnum):
    """Whether a record's domain is a public suffix: the values of `psd` (section 4.7)."""

    YES = "y"
    NO = "n"
    UNKNOWN = "u"


class Result(StrEnum):
    """The outcome of the DMARC mechanism as Authentication-Results names it (section 9.2)."""

    PASS = "pass"  # noqa: S105 - the word of the standard, no password
    FAIL = "fail"
    NONE = "none"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class PolicyTag(StrEnum):
    """Which tag of the record the applied policy was taken from (section 4.10.1)."""

    P = "p"
    SP = "sp"
    NP = "np"


class OverrideType(StrEnum):
    """Why what was done differs from what the record asks (RFC 9990, policy override reason)."""

    LOCAL_POLICY = "local_policy"
    MAILING_LIST = "mailing_list"
    OTHER = "other"
    POLICY_TEST_MODE = "policy_test_mode"
    TRUSTED_FORWARDER = "trusted_forwarder"
