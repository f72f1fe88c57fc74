"""Countries by address, from a small database of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from mailcenter.serve.guard.countries import Countries


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("countries") / "countries.mmdb"
    writer = MMDBWriter(4)
    writer.insert_network(IPSet(["192.0.2.0/24"]), {"country": {"iso_code": "DE"}})
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"country": "odd"})
    writer.to_db_file(str(file))
    return file


@pytest.mark.parametrize(
    ("address", "country"),
    [("192.0.2.7", "DE"), ("203.0.113.1", ""), ("198.51.100.1", ""), ("2001:db8::1", ""), ("nonsense", "")],
)
def test_the_country_of_an_address(database: Path, address: str, country: str) -> None:
    assert Countries(database).of(address) == country


def test_without_a_database_there_are_no_countries(tmp_path: Path) -> None:
    (tmp_path / "broken.mmdb").write_bytes(b"nonsense")
    for file in (None, tmp_path / "missing.mmdb", tmp_path / "broken.mmdb"):
        assert Countries(file).of("192.0.2.7") == ""
