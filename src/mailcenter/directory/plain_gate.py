"""What people decide for the gate as plain data, in the one shape that `--json` and the REST API give."""

from __future__ import annotations

from typing import Any

from mailcenter.directory.models import Ban, Domain, Mailbox, NetworkEntry, RefusalReport, SenderEntry, SenderKind
from mailcenter.directory.plain import Plain, plain_time
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook


def plain_rule(stage: str, rule: Rule[Any], book: RuleBook) -> Plain:
    """A rule with its switch and its figures in force; `stage` is where it objects."""
    return {
        "name": rule.name,
        "stage": stage,
        "description": rule.description,
        "standard": rule.standard,
        "enabled": book.is_on(rule.name),
        "switchable": rule.switchable,
        "reputation": rule.reputation,
        "thresholds": {
            name: {
                "value": book.figure(rule.name, name),
                "default": threshold.default,
                "minimum": threshold.minimum,
                "maximum": threshold.maximum,
                "unit": threshold.unit,
                "description": threshold.description,
            }
            for name, threshold in rule.thresholds.items()
        },
    }


def plain_network(entry: NetworkEntry) -> Plain:
    """A client network on the operators' list."""
    return {
        "id": entry.pk,
        "network": entry.network,
        "action": entry.action,
        "note": entry.note,
        "created_at": plain_time(entry.created_at),
    }


def plain_ban(ban: Ban) -> Plain:
    """A ban; `ended_at` is null while it is in force."""
    return {
        "id": ban.pk,
        "network": ban.network,
        "cause": ban.cause,
        "offences": ban.offences,
        "turned_away": ban.turned_away,
        "note": ban.note,
        "started_at": plain_time(ban.started_at),
        "ends_at": plain_time(ban.ends_at),
        "ended_at": plain_time(ban.ended_at),
    }


def plain_sender(entry: SenderEntry) -> Plain:
    """An entry of a list of senders; `domain` and `mailbox` both null: the platform's."""
    return {
        "id": entry.pk,
        "sender": f"*.{entry.pattern}" if entry.kind == SenderKind.SUBDOMAINS else entry.pattern,
        "kind": entry.kind,
        "action": entry.action,
        "domain": entry.domain.name if entry.domain else None,
        "domain_id": entry.domain_id,
        "mailbox": entry.mailbox.address if entry.mailbox else None,
        "mailbox_id": entry.mailbox_id,
        "note": entry.note,
        "created_at": plain_time(entry.created_at),
    }


def plain_treatment(place: Domain | Mailbox) -> Plain:
    """How suspicious mail is treated; null: as stands above. Attachments are a domain's matter."""
    own: Plain = {
        "junk_score": None if place.junk_score is None else float(place.junk_score),
        "refuse_score": None if place.refuse_score is None else float(place.refuse_score),
        "spam_action": place.spam_action,
        "spam_forward_to": place.spam_forward_to,
        "notices": place.notices,
    }
    if isinstance(place, Domain):
        own |= {"blocked_extensions": place.blocked_extensions, "encrypted_archives": place.encrypted_archives}
    return own


def plain_report(report: RefusalReport) -> Plain:
    """A postmaster's report that a mail was refused wrongly."""
    return {
        "id": report.pk,
        "reference": report.reference,
        "started_at": plain_time(report.started_at),
        "reporter_name": report.reporter_name,
        "reporter_email": report.reporter_email,
        "message": report.message,
        "language": report.language,
        "status": report.status,
        "answer": report.answer,
        "handled_by": report.handled_by.login if report.handled_by else None,
        "created_at": plain_time(report.created_at),
        "handled_at": plain_time(report.handled_at),
        "mail_state": report.mail_state,
        "mail_said": report.mail_said,
    }
