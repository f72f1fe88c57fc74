"""What nginx says by itself where the center cannot be asked: to people in their language, to programs as a problem."""

from __future__ import annotations

import http.client
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.harness.center import Visitor
from tests.harness.clients import HOST, trusting
from tests.harness.platform import Platform

TITLES = {"de": "Bitte gleich noch einmal</h1>", "en": "Please try again in a moment</h1>"}
ASKED = {"fr-FR, de;q=0.8, en;q=0.5": "de", "it, en-GB;q=0.7, de;q=0.3": "en"}
"""What browsers ask for, and the first of it that there is."""
MOST = 200
"""References looked up in a row, of which nginx lets fewer through (`limit_req`)."""


@contextmanager
def center_out_of_reach(platform: Platform) -> Iterator[None]:
    """Its socket has another name meanwhile."""
    socket = platform.paths.center_socket
    elsewhere = socket.with_name("elsewhere.sock")
    socket.rename(elsewhere)
    try:
        yield
    finally:
        elsewhere.rename(socket)


@pytest.mark.parametrize("language", TITLES)
def test_too_many_references_from_one_address(platform: Platform, language: str) -> None:
    source = f"127.{secrets.randbelow(200) + 20}.{secrets.randbelow(256)}.7"
    visitor = Visitor(platform, language=language, source=source)
    for _ in range(MOST):
        page = visitor.get("/r/0000000000000")
        if visitor.status == 429:
            break
    assert visitor.status == 429
    assert TITLES[language] in page


@pytest.mark.parametrize("language", TITLES)
def test_people_are_told_while_the_center_is_away(platform: Platform, language: str) -> None:
    visitor = Visitor(platform, language=language)
    with center_out_of_reach(platform):
        page = visitor.get("/login")
    assert visitor.status == 502
    assert TITLES[language] in page
    visitor.get("/login")
    assert visitor.status == 200


@pytest.mark.parametrize(("asked", "language"), ASKED.items())
def test_the_first_known_language_of_the_browser_counts(platform: Platform, asked: str, language: str) -> None:
    visitor = Visitor(platform, language=asked)
    with center_out_of_reach(platform):
        assert TITLES[language] in visitor.get("/login")


def test_the_language_that_was_switched_to_comes_before_the_browsers(platform: Platform) -> None:
    visitor = Visitor(platform, language="en")
    visitor.post_from("/login", "/language", language="de", next="/login")
    with center_out_of_reach(platform):
        assert TITLES["de"] in visitor.get("/login")


def test_programs_get_a_problem_document_while_the_center_is_away(platform: Platform) -> None:
    connection = http.client.HTTPSConnection(HOST, platform.port("https"), timeout=30, context=trusting(platform))
    with center_out_of_reach(platform):
        connection.request("GET", "/api/v1/me")
        answer = connection.getresponse()
        problem = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert problem["status"] == 503
    connection.close()
