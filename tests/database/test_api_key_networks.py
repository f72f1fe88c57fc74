"""A key that is for some networks only."""

from __future__ import annotations

import pytest
from django.test import Client

from mailcenter.actions.api_keys import MOST_NETWORKS, create_api_key, may_be_used_from
from mailcenter.directory.models import ApiKey
from tests.database.world import ROOT, Tenant, refused


def _ask(token: str, address: str) -> int:
    client = Client(headers={"authorization": f"Bearer {token}", "x-real-ip": address})
    return client.get("/api/v1/domains").status_code


def test_it_opens_from_there_and_from_nowhere_else(ours: Tenant) -> None:
    networks = ["192.0.2.7/24", "2001:db8::/64", "198.51.100.9"]
    key, token = create_api_key(actor=ROOT, user=ours.admin, name="backup", scopes=["domains:read"], networks=networks)
    assert key.networks == ["192.0.2.0/24", "2001:db8::/64", "198.51.100.9/32"]
    for address in ("192.0.2.200", "2001:db8::1", "198.51.100.9"):
        assert _ask(token, address) == 200
        assert ApiKey.objects.get(pk=key.pk).last_used_from == address
    for address in ("192.0.3.1", "2001:db8:0:1::1", "198.51.100.10", "", "localhost"):
        assert _ask(token, address) == 403
    assert ApiKey.objects.get(pk=key.pk).last_used_from == "198.51.100.9", "a refusal is no use"


def test_an_address_within_ipv6_is_the_same_address() -> None:
    assert may_be_used_from(ApiKey(networks=["192.0.2.0/24"]), "::ffff:192.0.2.1")


def test_a_key_without_networks_opens_from_everywhere(ours: Tenant) -> None:
    _key, token = create_api_key(actor=ROOT, user=ours.admin, name="backup", scopes=["domains:read"])
    assert _ask(token, "203.0.113.77") == 200


@pytest.mark.parametrize("text", ["nowhere", "192.0.2.0/33", "", "300.1.1.1", "192.0.2.1 192.0.2.2"])
def test_what_is_no_network_is_refused(ours: Tenant, text: str) -> None:
    with refused("networks", "no address"):
        create_api_key(actor=ROOT, user=ours.admin, name="x", scopes=["domains:read"], networks=[text])


def test_there_are_not_thousands(ours: Tenant) -> None:
    with refused("networks", "At most"):
        create_api_key(
            actor=ROOT,
            user=ours.admin,
            name="x",
            scopes=["domains:read"],
            networks=[f"192.0.2.{number}" for number in range(MOST_NETWORKS + 1)],
        )


def test_the_form_takes_a_network_a_line(ours: Tenant) -> None:
    client = Client()
    client.force_login(ours.admin)
    entry = {"name": "backup", "scopes": ["domains:read"], "days": "30", "networks": "192.0.2.0/24\r\n2001:db8::1\r\n"}
    assert client.post("/api-keys/add", {**entry, "networks": "nonsense"}).context["form"].errors["networks"]
    assert client.post("/api-keys/add", entry).context["secret"].startswith("mc_")
    assert ApiKey.objects.get().networks == ["192.0.2.0/24", "2001:db8::1/128"]
    assert "192.0.2.0/24" in client.get("/api-keys").content.decode()
