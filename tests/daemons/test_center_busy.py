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

TITLES = {"de": "<h1>Bitte gleich noch einmal</h1>", "en": "<h1>Please try again in a moment</h1>"}
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


def test_programs_get_a_problem_document_while_the_center_is_away(platform: Platform) -> None:
    connection = http.client.HTTPSConnection(HOST, platform.port("https"), timeout=30, context=trusting(platform))
    with center_out_of_reach(platform):
        connection.request("GET", "/api/v1/me")
        answer = connection.getresponse()
        problem = json.loads(answer.read())
    assert (answer.status, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert problem["status"] == 503
    connection.close()
