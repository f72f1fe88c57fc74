"""What no operation of the API has answered: a problem document in the language asked for, and pages stay pages."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import RequestFactory

from mailcenter.center.api.middleware import ProblemMiddleware
from mailcenter.center.api.problems import CONTENT_TYPE


def _answer(response: HttpResponse, path: str = "/api/v1/x", language: str = "en") -> HttpResponse:
    request = RequestFactory().get(path, headers={"accept-language": language})
    return ProblemMiddleware(lambda _: response)(request)


@pytest.mark.parametrize(
    ("status", "language", "detail"),
    [
        (400, "en", "This request cannot be answered: see the description of the API."),
        (404, "en", "There is nothing at this address."),
        (413, "de", "Die Anfrage ist zu groß."),
        (500, "en", "This failed on our side; please try again later."),
        (503, "de", "Das ist auf unserer Seite gescheitert; bitte versuchen Sie es später wieder."),
    ],
)
def test_a_problem_in_the_language_asked_for(status: int, language: str, detail: str) -> None:
    answer = _answer(HttpResponse("<h1>page</h1>", status=status), language=language)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, CONTENT_TYPE)
    told = json.loads(answer.content)
    assert (told["status"], told["detail"]) == (status, detail)


def test_the_methods_that_are_allowed_are_told() -> None:
    answer = _answer(HttpResponseNotAllowed(["GET", "POST"]))
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("response", "path"),
    [
        (HttpResponse("fine"), "/api/v1/x"),
        (HttpResponse("page", status=404), "/domains"),
        (HttpResponse("{}", status=422, content_type=CONTENT_TYPE), "/api/v1/x"),
    ],
)
def test_what_needs_no_change_stays(response: HttpResponse, path: str) -> None:
    assert _answer(response, path) is response
