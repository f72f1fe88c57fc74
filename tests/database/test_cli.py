"""The directory's commands, run in the test's own transaction: what they print, refuse, and never print."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from mailcenter.cli import main
from mailcenter.directory.models import Alias, ApiKey, AuditEntry, Mailbox, User
from tests.database.world import PASSWORD, Tenant

GROUPS = ("organisation", "domain", "mailbox", "alias", "user", "api-key")

pytestmark = pytest.mark.django_db


def run(*arguments: str, stdin: str | None = None, status: int = 0) -> str:
    """Output of a command that must end so; for a refusal its one line."""
    done = CliRunner().invoke(main.app, arguments, input=stdin, prog_name="mailcenter")
    assert done.exit_code == status, f"{arguments}: {done.output}"
    if status == 1:
        assert done.stdout == ""
        assert done.stderr.startswith("error: ")
        assert done.stderr.count("\n") == 1
        return done.stderr
    return done.stdout


def as_json(*arguments: str, stdin: str | None = None) -> Any:
    return json.loads(run(*arguments, "--json", stdin=stdin))


def test_a_customers_life() -> None:
    run("organisation", "add", "Fresh Ltd")
    assert as_json("domain", "add", "Bücher.example")["organisation"] == "Fresh Ltd", "the only one needs no name"
    made = as_json("mailbox", "add", "Max@bücher.example", "--quota", "2G", "--generate-password")
    assert made["quota_bytes"] == 2 * 2**30
    assert User.objects.get(login="max@xn--bcher-kva.example").check_password(made["password"])
    run("alias", "add", "info@bücher.example", "max@bücher.example", "x@elsewhere.test")
    run("user", "add", "boss", "--role", "domain_admin", "--domain", "bücher.example", "--no-password")

    assert as_json("organisation", "show", "fresh ltd")["domains"] == ["xn--bcher-kva.example"]
    assert as_json("domain", "show", "BÜCHER.example")["mailboxes"] == 1
    assert as_json("mailbox", "show", "max@xn--bcher-kva.example")["path"].startswith("mail/main/")
    assert as_json("user", "show", "BOSS")["domains"] == ["xn--bcher-kva.example"]

    assert as_json("organisation", "change", "Fresh Ltd", "--name", "Fresher Ltd")["name"] == "Fresher Ltd"
    assert as_json("domain", "change", "bücher.example", "--catch-all", "info@bücher.example")["catch_all"]
    assert as_json("domain", "change", "bücher.example", "--no-catch-all", "--inactive")["catch_all"] is None
    changed = as_json("mailbox", "change", "max@bücher.example", "--display-name", "Max", "--quota", "0", "--inactive")
    assert (changed["display_name"], changed["quota_bytes"], changed["is_active"]) == ("Max", 0, False)
    changed = as_json(
        "alias", "change", "info@bücher.example", "--drop", "X@elsewhere.test", "--add", "y@elsewhere.test"
    )
    assert changed["destinations"] == ["max@xn--bcher-kva.example", "y@elsewhere.test"]
    assert as_json("alias", "change", "info@bücher.example", "--to", "z@elsewhere.test")["destinations"] == [
        "z@elsewhere.test"
    ]
    assert as_json("user", "change", "boss", "--all-domains", "--language", "de")["domains"] == []

    assert "is removed" in run("alias", "remove", "info@bücher.example")
    assert "kept on disk" in run("mailbox", "remove", "max@bücher.example")
    assert "is removed" in run("domain", "remove", "bücher.example")
    assert "is removed" in run("user", "remove", "boss")
    assert "is removed" in run("organisation", "remove", "Fresher Ltd")
    assert set(AuditEntry.objects.values_list("via", flat=True)) == {"cli"}
    assert not AuditEntry.objects.filter(acting_user__isnull=False).exists()


@pytest.mark.parametrize("group", GROUPS)
def test_lists_for_people_and_for_programs(group: str, ours: Tenant) -> None:
    if group == "api-key":
        run("api-key", "add", "admin-ours", "--name", "backup of ours", "--scope", "domains:read")
    rows = as_json(group, "list")
    assert rows
    assert "ours" in run(group, "list")
    name = {"organisation": "name", "domain": "name", "user": "login", "api-key": "prefix"}.get(group, "address")
    for row in rows:
        assert as_json(group, "show", row[name])["id"] == row["id"]
        assert row[name] in run(group, "show", row[name])


@pytest.mark.parametrize(
    "arguments",
    [
        ("mailbox", "list", "--domain", "ours-second.example"),
        ("alias", "list", "--domain", "ours-second.example"),
        ("user", "list", "--role", "support"),
    ],
)
def test_lists_can_be_narrowed_to_nothing(arguments: tuple[str, ...], ours: Tenant) -> None:
    assert as_json(*arguments) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("organisation add ours", "name: There is already an organisation"),
        ("organisation show nobody", "there is no organisation nobody"),
        ("domain add OURS.example --organisation ours", "name: The domain ours.example is already hosted here"),
        ("domain add x..example --organisation ours", "name: This is not a domain name"),
        ("domain add new.example", "which organisation?"),
        ("domain show new.example", "there is no domain new.example"),
        ("domain remove ours.example", "still has 1 mailbox"),
        ("domain change ours.example --catch-all a@x.test --no-catch-all", "choose one of"),
        ("mailbox add nonsense --no-password", "address: This is not a mail address"),
        ("mailbox add a@unknown.example --no-password", "address: There is no domain unknown.example"),
        ("mailbox add post@ours.example --no-password", "already taken"),
        ("mailbox add a@ours.example --no-password --quota 5X", "quota: '5X' is no size"),
        ("mailbox add a@ours.example", "no terminal to ask for the password"),
        ("mailbox add a@ours.example --generate-password --password-stdin", "choose one of"),
        ("mailbox add a@ours.example --password-stdin", "no password on standard input"),
        ("mailbox list --domain none.example", "there is no domain none.example"),
        ("alias add a@ours.example nobody@ours.example", "destinations: There is no address"),
        ("alias change team@ours.example --drop x@x.test", "x@x.test is no destination"),
        ("alias change team@ours.example --to a@x.test --add b@x.test", "--to sets all"),
        ("user add x --role emperor --no-password", "role: The role must be"),
        ("user add x --role operator --organisation ours --no-password", "belong to no organisation"),
        ("user change admin-ours --domain ours.example --all-domains", "choose one of"),
        ("user remove post@ours.example", "remove the mailbox"),
        ("api-key add admin-ours --name x --scope all", "scopes: Give one or more"),
        ("api-key show 000000000000", "there is no API key"),
    ],
)
def test_errors_are_one_line(arguments: str, said: str, ours: Tenant, theirs: Tenant) -> None:
    assert said in run(*arguments.split(), stdin="", status=1)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_the_same_verbs(group: str) -> None:
    shown = run(group, "--help")
    for verb in ("add", "list", "show", "change", "remove"):
        assert verb in shown


def test_passwords_come_from_stdin_and_are_not_printed(ours: Tenant) -> None:
    printed = run("mailbox", "add", "a@ours.example", "--password-stdin", "--json", stdin=f"{PASSWORD}\n")
    printed += run("mailbox", "change", "post@ours.example", "--password-stdin", stdin=PASSWORD)
    printed += run("user", "add", "op", "--role", "operator", "--password-stdin", stdin=f"{PASSWORD}\r\n")
    printed += run("user", "change", "admin-ours", "--password-stdin", stdin=PASSWORD)
    assert PASSWORD not in printed
    for login in ("a@ours.example", "post@ours.example", "op", "admin-ours"):
        assert User.objects.get(login=login).check_password(PASSWORD)


def test_a_bad_password_changes_nothing_else(ours: Tenant) -> None:
    said = run(
        "mailbox", "change", "post@ours.example", "--display-name", "X", "--password-stdin", stdin="short", status=1
    )
    assert "password: The password must have at least 10" in said
    assert Mailbox.objects.get(pk=ours.mailbox.pk).display_name == ""


def test_a_keys_token_is_printed_once(ours: Tenant) -> None:
    made = as_json("api-key", "add", "admin-ours", "--name", "x", "--scope", "domains:read", "--days", "30")
    assert made["token"].startswith(f"mc_{made['prefix']}_")
    assert made["expires_at"] is not None
    assert "token" not in as_json("api-key", "show", made["token"])
    assert as_json("api-key", "change", made["prefix"], "--name", "y")["name"] == "y"
    assert "is removed" in run("api-key", "remove", made["prefix"])
    assert not ApiKey.objects.exists()


def test_no_password_is_an_argument() -> None:
    """Arguments stand in the process list and the shell's history."""
    for group in ("mailbox", "user"):
        for verb in ("add", "change"):
            help_text = run(group, verb, "--help")
            assert "--password-stdin" in help_text
            assert "--password TEXT" not in help_text


def test_changing_nothing_changes_nothing(ours: Tenant) -> None:
    before = AuditEntry.objects.count()
    run("mailbox", "change", "post@ours.example")
    run("alias", "change", "team@ours.example")
    assert AuditEntry.objects.count() == before
    assert Alias.objects.get().destinations.count() == 1
