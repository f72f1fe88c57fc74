"""The one table of the API's parts."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.openapi.docs import Swagger

from mailcenter.center.api import (
    aliases,
    app_passwords,
    audit,
    bans,
    domains,
    explain,
    gate,
    ledger,
    lists,
    logins,
    mailboxes,
    me,
    organisations,
    password_policy,
    reports,
    treatment,
    users,
)
from mailcenter.center.api.problems import handle_problems

_DESCRIPTION = """\
Every request carries a key: `Authorization: Bearer mc_PREFIX_SECRET`. A key acts with the rights of its user, within
its scopes; each operation names the scope that it needs. What belongs to another customer is not found (404).

Lists come in pages: follow `next` as `after` (the ledger: `before`) until it is null. Errors are problem details
(RFC 9457); `errors` names each field at fault.
"""

api = NinjaAPI(
    title="Mailcenter",
    version="1",
    description=_DESCRIPTION,
    urls_namespace="api-v1",
    docs=Swagger(settings={"defaultModelsExpandDepth": 0, "docExpansion": "list"}),
)
handle_problems(api)

api.add_router("/me", me.router, tags=["Key"])
api.add_router("/organisations", organisations.router, tags=["Organisations"])
api.add_router("/domains", domains.router, tags=["Domains"])
api.add_router("/mailboxes", mailboxes.router, tags=["Mailboxes"])
api.add_router("", app_passwords.router, tags=["Mailboxes"])
api.add_router("", treatment.router, tags=["Treatment of suspicious mail"])
api.add_router("", lists.router, tags=["Lists of senders"])
api.add_router("/aliases", aliases.router, tags=["Aliases"])
api.add_router("/users", users.router, tags=["Users"])
api.add_router("/gate", gate.router, tags=["Gate"])
api.add_router("/gate/bans", bans.router, tags=["Gate"])
api.add_router("/gate", explain.router, tags=["Gate"])
api.add_router("", logins.router, tags=["Sign-ins"])
api.add_router("", password_policy.router, tags=["Sign-ins"])
api.add_router("/reports", reports.router, tags=["Reports"])
api.add_router("/ledger", ledger.router, tags=["Ledger"])
api.add_router("/audit", audit.router, tags=["Audit"])
