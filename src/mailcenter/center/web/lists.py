"""Lists: searched, and cut into pages so that none grows with the number of customers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from mailcenter.directory.models import Domain

PAGE = 50
LONGEST_SEARCH = 200
"""Characters of a search text that are used."""


def count_of(rows: QuerySet[Any], column: str) -> Coalesce:
    """An annotation: how many of `rows` point at the row with `column`. Asked per row shown, it joins nothing."""
    counted = rows.filter(**{column: OuterRef("pk")}).order_by().values(column).annotate(number=Count("pk"))
    return Coalesce(Subquery(counted.values("number")), 0)


def search_text(request: HttpRequest) -> str:
    """What is searched for: the parameter `q`."""
    return request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_SEARCH]


def paged(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """The page asked for by the parameter `page`; a number that is none or too large gives the nearest one.

    The keys alone are sorted and cut; only what is shown is joined with all that belongs to it.
    """
    page: Page[Any] = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    keys = list(rows.values_list("pk", flat=True)[start : start + PAGE])
    shown = {row.pk: row for row in rows.filter(pk__in=keys)}
    page.object_list = [shown[key] for key in keys if key in shown]
    return page


def with_address(rows: QuerySet[Any], text: str, *further: str) -> QuerySet[Any]:
    """Rows of a local part in a domain whose address, in either spelling, or a further column holds the text."""
    if not text:
        return rows
    condition = Q(ascii_address__icontains=text) | Q(people_address__icontains=text)
    for column in further:
        condition |= Q(**{f"{column}__icontains": text})
    found: QuerySet[Any] = rows.annotate(
        ascii_address=Concat("local_part", Value("@"), "domain__name"),
        people_address=Concat("local_part", Value("@"), "domain__unicode_name"),
    ).filter(condition)
    return found


def chosen_domain(request: HttpRequest, visible: QuerySet[Domain]) -> Domain | None:
    """The domain that a list is narrowed to by the parameter `domain`.

    Raises:
        Http404: there is no such domain among the visible ones.
    """
    wanted = request.GET.get("domain", "")
    if not wanted:
        return None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 19):  # a bigint has up to 19 digits
        raise Http404
    return get_object_or_404(visible, pk=int(wanted))
