"""A stranger follows the link of a refusal and reports it; the operator answers, and the answer arrives."""

from __future__ import annotations

import re
import smtplib
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import NARROW, WIDE, Visitor, Visitors
from tests.harness.clients import mail, send_from_outside, unique
from tests.harness.platform import Platform
from tests.harness.remote import REMOTE_DOMAIN, RemoteSite
from tests.harness.wait import until

GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\r\n"
WINDOWS = [
    pytest.param({"language": "en", "width": WIDE, "dark": False}, id="en-wide-light"),
    pytest.param({"language": "de", "width": NARROW, "dark": True}, id="de-narrow-dark"),
]
WORDS = {
    "en": {
        "title": "The mail looks like spam",
        "report": "Report a wrong refusal",
        "send": "Send the report",
        "arrived": "Your report has arrived",
        "allow": "Allow the sender",
        "subject": "Your report about reference",
        "answer": "You are right",
    },
    "de": {
        "title": "Die E-Mail sieht wie Spam aus",
        "report": "Irrtümliche Abweisung melden",
        "send": "Meldung absenden",
        "arrived": "Ihre Meldung ist angekommen",
        "allow": "Absender erlauben",
        "subject": "Ihre Meldung zur Referenz",
        "answer": "Sie haben recht",
    },
}


def _refused(platform: Platform, sender: str) -> str:
    """The link at the end of a refusal."""
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send_from_outside(platform, mail(unique("Prize"), body=GTUBE), ["alice@demo.example"], sender=sender)
    said = refusal.value.smtp_error
    assert isinstance(said, bytes)
    link = re.search(r"\] (https://\S+)\Z", said.decode())
    assert link, said
    return link[1]


def _page_of(platform: Platform, visitor: Visitor, link: str) -> Page:
    """The page that the link leads to, as soon as the ledger knows the mail."""

    reference = link.rpartition("/")[2]
    trace = ("trace", reference, "--json")
    until(lambda: reference in platform.mailcenter(*trace, check=False).stdout, f"the ledger to know {reference}")
    visitor.page.goto(link)
    return visitor.page


def _fault(visitor: Visitor) -> list[str]:
    return [*visitor.barriers(), *(["too wide"] if visitor.overflow() else [])]


def _write(page: Page, language: str, address: str, text: str) -> None:
    page.get_by_role("link", name=WORDS[language]["report"]).click()
    page.locator("[name=reporter_name]").fill("P. Master")
    page.locator("[name=reporter_email]").fill(address)
    page.locator("[name=message]").fill(text)


@pytest.mark.parametrize("window", WINDOWS)
def test_a_report_and_its_answer(
    visitors: Visitors, platform: Platform, remote: RemoteSite, window: dict[str, object]
) -> None:
    words, language = WORDS[str(window["language"])], str(window["language"])
    sender = f"{unique('news').replace(' ', '-')}@other.example"
    stranger = visitors.open(**window)  # type: ignore[arg-type] # the options of a window
    page = _page_of(platform, stranger, _refused(platform, sender))
    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    stranger.picture("refusal")
    assert not _fault(stranger)
    assert page.context.cookies() == []

    text = unique("It was an honest mail")
    _write(page, language, f"postmaster@{REMOTE_DOMAIN}", text)
    stranger.picture("report form")
    assert not _fault(stranger)
    page.get_by_role("button", name=words["send"]).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words["arrived"])
    stranger.picture("report arrived")
    assert not _fault(stranger)

    operator = visitors.signed_in("operator", **window)
    operator.go("/reports")
    operator.picture("reports open")
    operator.page.get_by_role("link", name=text).click()
    expect(operator.page.locator("[name=sender]")).to_have_value(sender)
    operator.picture("report open")
    assert not _fault(operator)
    operator.page.get_by_role("button", name=words["allow"]).click()
    expect(operator.page.locator(".alert-success")).to_be_visible()
    operator.picture("report answered")
    assert not _fault(operator)

    def arrived() -> str:
        texts = [one.message.get_content() for one in remote.received if words["subject"] in one.message["subject"]]
        return next((one for one in texts if words["answer"] in one), "")

    assert "https://" in until(arrived, "the answer at the remote site")
    (mail_from,) = {one.mail_from for one in remote.received if words["subject"] in one.message["subject"]}
    assert mail_from == f"postmaster@{platform.settings.host_name}"


def test_without_javascript_a_person_adds_two_numbers(visitors: Visitors, platform: Platform) -> None:
    stranger = visitors.open(java_script=False)
    page = _page_of(platform, stranger, _refused(platform, "news@other.example"))
    _write(page, "en", f"postmaster@{REMOTE_DOMAIN}", unique("By head"))
    opened = time.monotonic()
    question = page.locator("[data-field=total] label").inner_text()
    first, second = (int(number) for number in re.findall(r"\d+", question))
    page.locator("[name=total]").fill(str(first + second))
    send = page.get_by_role("button", name=WORDS["en"]["send"])
    send.click()
    expect(page.locator("[role=alert]")).to_contain_text("very quick")
    stranger.picture("report form too quick")
    until(lambda: time.monotonic() - opened > 11, "the least time between opening and sending the form")
    send.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(WORDS["en"]["arrived"])


def test_the_general_pages(visitors: Visitors) -> None:
    stranger = visitors.open(width=NARROW)
    page = stranger.go("/replies/")
    page.get_by_role("link", name="There is no such recipient").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("There is no such recipient")
    page.get_by_role("link", name="Deutsch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Diesen Empfänger gibt es nicht")
    page.get_by_role("link", name="Alle Fehlermeldungen").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fehlermeldungen dieses Mailservers")
    assert not _fault(stranger)
    assert page.context.cookies() == []
