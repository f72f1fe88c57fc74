"""Every operation of the API, read from its own description: other customers' things, missing scopes, bad keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mailcenter.actions.api_keys import SCOPES
from mailcenter.directory.models import ApiKey, User
from mailcenter.mail.reference import normalise_reference
from tests.database.api_client import Operation, Program, add_to_ledger, operations
from tests.database.world import Tenant, snapshot, token_for

OPERATIONS = list(operations())
OUR_REFERENCE = "0123456789abc"
THEIR_REFERENCE = "0123456789abd"
QUERIES = [
    "name=theirs.example",
    "name=theirs",
    "address=post@theirs.example",
    "domain=theirs.example",
    "login=post@theirs.example",
    "text=post@theirs.example",
    f"text={THEIR_REFERENCE}",
    "text=Secret",
]
each_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
each_role = pytest.mark.parametrize("role", ["reseller", "admin", "restricted", "owner"])


def test_the_description_holds_all_deeds() -> None:
    assert len({str(operation) for operation in OPERATIONS}) == len(OPERATIONS) >= 30
    named = {operation.scope for operation in OPERATIONS}
    assert named == set(SCOPES) | {""}
    assert [str(operation) for operation in OPERATIONS if not operation.scope] == ["get /me"]


@each_role
@each_operation
def test_another_customers_things(operation: Operation, role: str, ours: Tenant, theirs: Tenant) -> None:
    """Not found where an id is in the path; elsewhere nothing of theirs is shown, and never is anything changed."""
    add_to_ledger(theirs, THEIR_REFERENCE)
    program = Program(token_for(ours.users[role]))
    before = snapshot()
    answer = program(*operation.request_for(theirs, THEIR_REFERENCE))
    assert snapshot() == before
    assert answer.status < 500
    if operation.parameters:
        assert (answer.status, answer.media_type) == (404, "application/problem+json")
    elif operation.method != "get":
        assert answer.status in (403, 404)
    else:
        assert answer.status == 200
    shown = answer.text.replace("no domain theirs.example here", "")
    assert "theirs" not in shown


@each_role
@pytest.mark.parametrize("query", QUERIES)
def test_asking_by_name_finds_nothing_of_others(query: str, role: str, ours: Tenant, theirs: Tenant) -> None:
    add_to_ledger(theirs, THEIR_REFERENCE)
    program = Program(token_for(ours.users[role]))
    for operation in OPERATIONS:
        if operation.method == "get" and not operation.parameters and operation.path != "/me":
            answer = program("get", f"{operation.path}?{query}")
            assert answer.status == 200
            assert "theirs" not in answer.text


@each_operation
def test_an_id_of_others_and_one_of_nobody_look_the_same(operation: Operation, ours: Tenant, theirs: Tenant) -> None:
    if operation.parameters in ([], ["rule_name"]):  # rules are nobody's
        return
    add_to_ledger(theirs, THEIR_REFERENCE)
    program = Program(token_for(ours.reseller))
    method, path, body = operation.request_for(theirs, THEIR_REFERENCE)
    parameter = next(part for part in path.split("/") if any(sign.isdigit() for sign in part))
    nobodys = path.replace(parameter, "9" * len(parameter) if parameter != THEIR_REFERENCE else "zzzzzzzzzzzzz")
    assert program(method, path, body) == program(method, nobodys, body)


@each_operation
def test_a_scope_is_needed_and_enough(operation: Operation, ours: Tenant, operator: User) -> None:
    """With all scopes but its own an operation is refused and changes nothing; with its own alone it is not."""
    add_to_ledger(ours, OUR_REFERENCE)
    request = operation.request_for(ours, OUR_REFERENCE)
    if operation.scope:
        others = [scope for scope in SCOPES if scope != operation.scope]
        lacking = Program(token_for(operator, *others))
        before = snapshot()
        answer = lacking(*request)
        assert (answer.status, answer.media_type) == (403, "application/problem+json")
        assert operation.scope in answer.body["detail"]
        assert snapshot() == before
    enough = Program(token_for(operator, operation.scope or SCOPES[0]))
    assert enough(*request).status not in (401, 403, 404)


@each_operation
def test_a_reading_scope_changes_nothing(operation: Operation, ours: Tenant, operator: User) -> None:
    if operation.method == "get":
        return
    program = Program(token_for(operator, *[scope for scope in SCOPES if scope.endswith(":read")]))
    before = snapshot()
    assert program(*operation.request_for(ours, OUR_REFERENCE)).status == 403
    assert snapshot() == before


@each_operation
def test_no_operation_without_a_valid_key(operation: Operation, ours: Tenant, operator: User) -> None:
    token = token_for(operator)
    ended, of_inactive = token_for(operator), token_for(ours.admin)
    ApiKey.objects.filter(prefix=ended.split("_")[1]).update(expires_at=timezone.now() - timedelta(seconds=1))
    User.objects.filter(pk=ours.admin.pk).update(is_active=False)
    wrong_secret = token[:-1] + ("0" if token[-1] != "0" else "1")
    bad = [None, "", "x", "mc_", "mc__", token.replace("mc_", ""), token + "0", wrong_secret, token.upper(), ended]
    bad += [of_inactive, "mc_" + "9" * 12 + "_" + "0" * 64, "mc_\u00e9_x", "mc_" + "x" * 100_000]
    request = operation.request_for(ours, OUR_REFERENCE)
    before = snapshot()
    for value in bad:
        answer = Program(value)(*request)
        assert (answer.status, answer.media_type) == (401, "application/problem+json"), value
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert snapshot() == before


@each_operation
def test_support_reads_all_and_changes_nothing(operation: Operation, ours: Tenant, support: User) -> None:
    add_to_ledger(ours, OUR_REFERENCE)
    program = Program(token_for(support))
    before = snapshot()
    answer = program(*operation.request_for(ours, OUR_REFERENCE))
    if operation.path.startswith("/lockouts"):  # what support does as well
        assert answer.status in (200, 201, 422)
        return
    assert answer.status == (200 if operation.method == "get" else 403)
    assert snapshot() == before


def test_the_references_of_these_tests_are_references() -> None:
    assert normalise_reference(OUR_REFERENCE) == OUR_REFERENCE
    assert normalise_reference(THEIR_REFERENCE) == THEIR_REFERENCE
