"""Names as the recipient's system will read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailcenter.attachments.extensions import FURTHER_EXTENSIONS, SEED_EXTENSIONS
from mailcenter.attachments.names import match_extension, shown


def test_the_list_of_the_network_policy() -> None:
    assert len(SEED_EXTENSIONS) == 27
    assert {"exe", "js", "do", "xl", "scr"} <= SEED_EXTENSIONS
    assert not SEED_EXTENSIONS & FURTHER_EXTENSIONS
    assert all(extension == extension.lower().strip(".") for extension in SEED_EXTENSIONS | FURTHER_EXTENSIONS)


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("setup.exe", ".exe"),
        ("SETUP.EXE", ".exe"),
        ("invoice.pdf.exe", ".exe (double extension)"),
        ("invoice.pdf              .exe", ".exe (double extension, blanks)"),
        ("setup.exe. . .", ".exe (trailing dots or spaces)"),
        ("setup.exe\u00a0", ".exe (trailing dots or spaces)"),
        ("setup .exe", ".exe"),
        ("setup. exe", ".exe"),
        ("photo\u202egpj.exe", ".exe (right-to-left mark)"),
        ("setup.e\u200bxe", ".exe"),
        ("setup.\uff45\uff58\uff45", ".exe"),
        ("setup.exe\0.txt", ".exe (NUL)"),
        ("setup.e\0xe", ".exe"),
        ("readme.txt:setup.exe", ".exe"),
        ("setup.exe::$DATA", ".exe (alternate stream)"),
        ("setup.exe:Zone.Identifier", ".exe (alternate stream)"),
        ("setup%2Eexe", ".exe (percent encoding)"),
        ("..\\..\\setup.exe", ".exe"),
        ("'setup.exe'", ".exe (trailing dots or spaces)"),
        (".js", ".js"),
        ("a.{3050F4D8-98B5-11CF-BB82-00AA00BDCE0B}", ".{class id} (class identifier)"),
        ("x" * 5_000 + ".exe", ".exe"),
    ],
)
def test_seen_through(name: str, detail: str) -> None:
    match = match_extension(name, SEED_EXTENSIONS)
    assert match is not None
    assert match.detail == detail


@pytest.mark.parametrize(
    "name",
    [
        "",
        "exe",
        "report.pdf",
        "setup.exe.txt",
        "my.exe-cution.doc",
        "a.jsx",
        "exe.",
        "archive.tar.gz",
        "ex.e",
        "10:30.txt",
    ],
)
def test_left_alone(name: str) -> None:
    assert match_extension(name, SEED_EXTENSIONS) is None


def test_shown_names_fit_a_line() -> None:
    assert shown("photo\u202egpj\r\n.exe\0") == "photogpj.exe"
    assert len(shown("x" * 1_000 + ".exe")) == 255
    assert shown("x" * 1_000 + ".exe").endswith(".exe")


@given(st.text(max_size=100))
def test_nothing_makes_the_reader_fail(name: str) -> None:
    match_extension(name, SEED_EXTENSIONS)
    assert shown(name).isprintable() or " " in shown(name) or not shown(name).isascii()


@given(st.text(max_size=50), st.text(alphabet=". \u200b\u202e\u00a0", max_size=10))
def test_what_trails_never_hides(stem: str, trail: str) -> None:
    assert match_extension(stem + ".exe" + trail, SEED_EXTENSIONS) is not None
