"""The tables of the directory, one file per subject."""

from __future__ import annotations

from mailcenter.directory.models.address import Address
from mailcenter.directory.models.alias import Alias, AliasDestination
from mailcenter.directory.models.api_key import ApiKey
from mailcenter.directory.models.app_password import AppPassword, SessionEnd
from mailcenter.directory.models.audit import AuditEntry
from mailcenter.directory.models.ban import Ban, BanCause
from mailcenter.directory.models.domain import Domain, EncryptedArchives
from mailcenter.directory.models.entries import NetworkAction, NetworkEntry, SenderAction, SenderEntry, SenderKind
from mailcenter.directory.models.login import LoginNetwork, LoginRecord, LoginResult, LoginService
from mailcenter.directory.models.mailbox import Mailbox
from mailcenter.directory.models.mailbox_usage import MailboxUsage
from mailcenter.directory.models.organisation import Organisation
from mailcenter.directory.models.password_policy import PasswordPolicy
from mailcenter.directory.models.report import MailState, RefusalReport, ReportStatus
from mailcenter.directory.models.rule_setting import RuleSetting
from mailcenter.directory.models.second_factor import FactorKind, RecoveryCode, SecondFactor
from mailcenter.directory.models.treatment import SpamAction
from mailcenter.directory.models.user import Role, User
from mailcenter.directory.models.web_session import WebSession

__all__ = [
    "Address",
    "Alias",
    "AliasDestination",
    "ApiKey",
    "AppPassword",
    "AuditEntry",
    "Ban",
    "BanCause",
    "Domain",
    "EncryptedArchives",
    "FactorKind",
    "LoginNetwork",
    "LoginRecord",
    "LoginResult",
    "LoginService",
    "MailState",
    "Mailbox",
    "MailboxUsage",
    "NetworkAction",
    "NetworkEntry",
    "Organisation",
    "PasswordPolicy",
    "RecoveryCode",
    "RefusalReport",
    "ReportStatus",
    "Role",
    "RuleSetting",
    "SecondFactor",
    "SenderAction",
    "SenderEntry",
    "SenderKind",
    "SessionEnd",
    "SpamAction",
    "User",
    "WebSession",
]
