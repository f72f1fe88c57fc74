"""Types of the API's inputs, each bounded, and its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mailcenter.actions import NotFoundError

M = TypeVar("M", bound=Model)

MOST_ROWS = 200
LARGEST_ID = 2**63 - 1

_ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
Line = Annotated[str, StringConstraints(max_length=400, pattern=_ONE_LINE)]
"""One line of text; the actions bound each further."""
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page.")]
After = Annotated[int, Query(ge=0, le=LARGEST_ID, description="`next` of the page before.")]
Wanted = Annotated[str, Query(max_length=400, pattern=_ONE_LINE)]


class Input(BaseModel):
    """A request's body; an unknown name in it is an error, so that a typo never passes silently."""

    model_config = ConfigDict(extra="forbid")


class Done(BaseModel):
    """What a removal did, in words."""

    message: str


def page(rows: QuerySet[M], plain: Callable[[M], dict[str, Any]], *, limit: int, after: int) -> dict[str, Any]:
    """One page by id: `items`, and in `next` what to give as `after` for the one that follows, null at the end."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    shown = found[:limit]
    return {"items": [plain(row) for row in shown], "next": shown[-1].pk if len(found) > limit else None}


def seen(visible: QuerySet[M], row_id: int, name: str) -> M:
    """The object of this id among what the caller sees.

    Raises:
        NotFoundError: there is none, or it is another tenant's.
    """
    row = visible.filter(pk=row_id).first()
    if row is None:
        raise NotFoundError(name, _("There is no such object."))
    return row
