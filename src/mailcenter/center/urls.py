"""Every address of the control center."""

from __future__ import annotations

from django.urls import path

from mailcenter.center.api import api
from mailcenter.center.web import (
    aliases,
    api_keys,
    domains,
    gate,
    health,
    language,
    ledger,
    login,
    mailboxes,
    networks,
    organisations,
    profile,
    refusals,
    replies,
    report_form,
    reports,
    start,
    story,
    users,
)

urlpatterns = [
    path("", start.show, name="start"),
    path("login", login.log_in, name="login"),
    path("logout", login.log_out, name="logout"),
    path("language", language.switch, name="language"),
    path("r/<str:reference>", refusals.show, name="refusal"),
    path("r/<str:reference>/report", report_form.write, name="refusal-report"),
    path("r/<str:reference>/reported", report_form.thanks, name="refusal-reported"),
    path("replies/", replies.index, name="replies"),
    path("replies/<str:key>", replies.show, name="reply"),
    path("healthz", health.healthz, name="healthz"),
    path("ledger", ledger.index, name="ledger"),
    path("ledger/<str:key>", story.show, name="story"),
    path("organisations", organisations.index, name="organisations"),
    path("organisations/add", organisations.add, name="organisation-add"),
    path("organisations/<int:pk>", organisations.show, name="organisation"),
    path("organisations/<int:pk>/remove", organisations.remove, name="organisation-remove"),
    path("domains", domains.index, name="domains"),
    path("domains/add", domains.add, name="domain-add"),
    path("domains/<int:pk>", domains.show, name="domain"),
    path("domains/<int:pk>/remove", domains.remove, name="domain-remove"),
    path("mailboxes", mailboxes.index, name="mailboxes"),
    path("mailboxes/add", mailboxes.add, name="mailbox-add"),
    path("mailboxes/<int:pk>", mailboxes.show, name="mailbox"),
    path("mailboxes/<int:pk>/password", mailboxes.password, name="mailbox-password"),
    path("mailboxes/<int:pk>/remove", mailboxes.remove, name="mailbox-remove"),
    path("aliases", aliases.index, name="aliases"),
    path("aliases/add", aliases.add, name="alias-add"),
    path("aliases/<int:pk>", aliases.show, name="alias"),
    path("aliases/<int:pk>/remove", aliases.remove, name="alias-remove"),
    path("users", users.index, name="users"),
    path("users/add", users.add, name="user-add"),
    path("users/<int:pk>", users.show, name="user"),
    path("users/<int:pk>/password", users.password, name="user-password"),
    path("users/<int:pk>/remove", users.remove, name="user-remove"),
    path("profile", profile.show, name="profile"),
    path("profile/password", profile.password, name="profile-password"),
    path("api-keys", api_keys.index, name="api-keys"),
    path("api-keys/add", api_keys.add, name="api-key-add"),
    path("api-keys/<int:pk>/remove", api_keys.remove, name="api-key-remove"),
    path("gate", gate.index, name="gate"),
    path("gate/rules/<str:name>", gate.show, name="rule"),
    path("gate/networks", networks.index, name="networks"),
    path("gate/networks/add", networks.add, name="network-add"),
    path("gate/networks/<int:pk>", networks.show, name="network"),
    path("gate/networks/<int:pk>/remove", networks.remove, name="network-remove"),
    path("reports", reports.index, name="reports"),
    path("reports/<int:pk>", reports.show, name="report"),
    path("health", health.index, name="health"),
    path("api/v1/", api.urls),
]

handler403 = "mailcenter.center.web.errors.forbidden"
handler404 = "mailcenter.center.web.errors.not_found"
handler500 = "mailcenter.center.web.errors.server_error"
