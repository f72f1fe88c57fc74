"""Where mail programs ask for their settings. Strangers ask: the answer depends on the domain, never on the mailbox."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from mailcenter.center.discovery import autoconfig, autodiscover
from mailcenter.center.discovery.autodiscover import BadRequestError
from mailcenter.directory.barrier import beyond_barrier
from mailcenter.directory.models import Domain
from mailcenter.mail.address import Address, AddressError, parse_address
from mailcenter.mail.domain import DomainError, normalise_domain
from mailcenter.settings.addresses import public_url

XML = "application/xml; charset=utf-8"
HOST_HEADER = "X-Mail-Host"
"""Which name of ours was asked, as nginx saw it: `autoconfig.DOMAIN`, or the domain itself."""
_LONGEST = 320


@require_safe
def mozilla(request: HttpRequest) -> HttpResponse:
    """Autoconfig: for the domain of the address that is given, else for that of the name under which we were asked."""
    address = request.GET.get("emailaddress", "")
    found = _ours(address) if address else None
    domain = found.domain if found else None if address else _domain_asked(request)
    if domain is None:
        return HttpResponseNotFound("No mail domain of ours.\n", content_type="text/plain; charset=utf-8")
    page = f"{public_url(settings.MAILCENTER)}{reverse('programs')}"
    return HttpResponse(autoconfig.client_config(settings.MAILCENTER, domain, page), content_type=XML)


@csrf_exempt  # programs have no session, and nothing is changed
@require_http_methods(["GET", "HEAD", "POST"])
def outlook(request: HttpRequest) -> HttpResponse:
    """Autodiscover in XML. Its errors are XML with status 200 too: Outlook reads no other."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > autodiscover.LARGEST_REQUEST:
            raise BadRequestError("Invalid Request: too long")
        address = autodiscover.asked_address(request.body)
        found = _ours(address)
        if found is None:
            raise BadRequestError("Provider is not available", "601")
        content = autodiscover.answer(settings.MAILCENTER, found.key)
    except BadRequestError as error:
        content = autodiscover.refusal(error, timezone.now())
    return HttpResponse(content, content_type=XML)


@require_safe
def outlook_json(request: HttpRequest, address: str = "") -> HttpResponse:
    """Autodiscover version 2, which says where the XML is."""
    given = {name.lower(): value for name, value in request.GET.items()}
    if _ours(address or str(given.get("email", ""))) is None:
        return JsonResponse({"ErrorCode": "UserNotFound", "ErrorMessage": "No mail domain of ours."}, status=404)
    status, content = autodiscover.json_answer(
        str(given.get("protocol", "")), f"{public_url(settings.MAILCENTER)}{reverse('autodiscover')}"
    )
    return JsonResponse(content, status=status)


def _ours(address: str) -> Address | None:
    """The address where we host its domain, whatever its local part."""
    if len(address) > _LONGEST:
        return None
    try:
        parsed = parse_address(address)
    except AddressError:
        return None
    return parsed if _is_hosted(parsed.domain) else None


def _domain_asked(request: HttpRequest) -> str | None:
    """The domain whose name, or `autoconfig.` before it, was asked."""
    host = request.GET.get("host", "") or request.headers.get(HOST_HEADER, "")
    name = host[:_LONGEST].lower().partition(":")[0].removeprefix("autoconfig.")
    try:
        domain = normalise_domain(name)
    except DomainError:
        return None
    return domain if _is_hosted(domain) else None


def _is_hosted(domain: str) -> bool:
    with beyond_barrier():
        return Domain.objects.filter(name=domain, is_active=True).exists()
