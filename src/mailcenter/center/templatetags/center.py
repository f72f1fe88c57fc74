"""Small parts that many templates use: icons, times, sizes, verdicts."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.templatetags.static import static
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mailcenter.center.web import reasons, verdicts
from mailcenter.center.web.scope_labels import SCOPE_LABELS
from mailcenter.directory.models import Mailbox

register = template.Library()
_ICONS = Path(__file__).resolve().parent.parent / "icons.txt"


@cache
def icon_names() -> frozenset[str]:
    """The icons that `tools/assets` puts into the sprite."""
    return frozenset(_ICONS.read_text("utf-8").split())


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """An icon beside a text; screen readers skip it.

    Raises:
        ValueError: the icon is not listed in icons.txt and so not in the sprite.
    """
    if name not in icon_names():
        raise ValueError(f"icon {name!r} is not listed in {_ICONS.name}")
    return format_html(
        '<svg class="icon {}" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"></use></svg>',
        classes,
        static("vendor/icons.svg"),
        name,
    )


@register.simple_tag
def when(value: datetime | None, style: str = "both") -> SafeString:
    """A moment: written in UTC, turned by center.js into the reader's own zone.

    `style`: `both` (date and time with "5 minutes ago"), `relative`, `time` (with seconds, for a sequence of moments).
    """
    if value is None:
        return SafeString("–")
    moment = timezone.localtime(value, timezone=timezone.get_fixed_timezone(0))
    text = formats.date_format(moment, "SHORT_DATE_FORMAT") + moment.strftime(
        " %H:%M:%S UTC" if style == "time" else " %H:%M UTC"
    )
    return format_html('<time datetime="{}" data-when="{}">{}</time>', moment.isoformat(), style, text)


@register.filter
def size(value: int | None) -> str:
    """Bytes for people: `4.2 MB`."""
    return "–" if value is None else filesizeformat(value)


@register.filter
def room(mailbox: Mailbox) -> str:
    """The room of a mailbox, and how much of it is taken where that is known."""
    if not mailbox.quota_bytes:
        return gettext("unlimited")
    whole = filesizeformat(mailbox.quota_bytes)
    if mailbox.used_bytes is None:
        return whole
    return gettext("%(used)s of %(room)s used") % {"used": filesizeformat(mailbox.used_bytes), "room": whole}


@register.filter
def address(value: str) -> SafeString:
    """An address that a narrow column may break before the @ sign rather than within a word."""
    local_part, at, domain = value.rpartition("@")
    return format_html("{}<wbr>{}{}", local_part, at, domain) if at else format_html("{}", value)


@register.filter
def scope_label(scope: str) -> str:
    """A right of an API key in plain words."""
    return str(SCOPE_LABELS.get(scope, scope))


@register.simple_tag(takes_context=True)
def public_url(context: dict[str, Any], view: str, *args: str) -> str:
    """The address of another page for strangers, in the language that the present address names."""
    chosen = context["request"].GET.get("lang", "")
    address = reverse(view, args=args)
    return f"{address}?lang={chosen}" if chosen in dict(settings.LANGUAGES) else address


register.filter("reason", reasons.reason)
register.filter("filed_as_junk", verdicts.filed_as_junk)


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The present query string with some values changed; empty ones are left out."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for name, value in changes.items():
        values[name] = "" if value is None else str(value)
    for name in [name for name in values if not values[name]]:
        del values[name]
    return "?" + values.urlencode()
