"""Every text of code and templates stands in both languages, and every table of words covers what it speaks of."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template import engines
from django.urls import reverse

import mailcenter
from mailcenter.actions.api_keys import SCOPES
from mailcenter.center.templatetags.center import icon_names
from mailcenter.center.web import health, navigation, reasons, rule_words, story, verdicts
from mailcenter.center.web.scope_labels import SCOPE_LABELS
from mailcenter.center.web.texts import OF_THE_MAIL_LAYER
from mailcenter.engines.table import ENGINES
from mailcenter.ledger import story as ledger_story
from mailcenter.policy import table

PACKAGE = Path(mailcenter.__file__).parent
CENTER = PACKAGE / "center"
ROOT = PACKAGE.parent.parent
TEMPLATES = sorted((CENTER / "templates").rglob("*.html"))


def _catalogue(language: str, *options: str) -> str:
    """The entries of a catalogue that have the wanted property, as msgattrib prints them."""
    file = CENTER / "locale" / language / "LC_MESSAGES" / "django.po"
    command = ["msgattrib", "--no-obsolete", *options, str(file)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("property_", ["--untranslated", "--only-fuzzy"])
def test_no_text_is_missing_or_doubtful(language: str, property_: str) -> None:
    assert _catalogue(language, property_) == ""


def test_the_catalogues_hold_exactly_the_texts_of_the_code() -> None:
    done = subprocess.run([ROOT / "tools" / "messages", "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_translations_keep_the_blanks_of_their_texts() -> None:
    file = CENTER / "locale" / "de" / "LC_MESSAGES" / "django.po"
    done = subprocess.run(
        ["msgfmt", "--check-format", "-o", "/dev/null", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def _reasons_of_the_mail_layer() -> Iterator[str]:
    """The texts with which addresses and domains are refused there; one with values in it could not be translated."""
    for file in (PACKAGE / "mail").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                text = node.args[0]
                if node.func.id in ("AddressError", "DomainError") and not isinstance(text, ast.Call):  # another's text
                    yield str(text.value) if isinstance(text, ast.Constant) else ast.unparse(text)


def test_the_reasons_of_the_mail_layer_can_be_translated() -> None:
    assert set(_reasons_of_the_mail_layer()) == set(OF_THE_MAIL_LAYER)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(CENTER / "templates").as_posix())
def test_a_template_is_clean(template: Path) -> None:
    """No text outside the catalogues, nothing that the content policy forbids, only icons that exist."""
    source = template.read_text()
    engines["django"].from_string(source)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|\shx-on", source)
    for name in re.findall(r'{% icon "([^"]+)"', source):
        assert name in icon_names()
    bare = re.sub(r"{% blocktranslate.*?{% endblocktranslate %}", "", source, flags=re.DOTALL)
    bare = re.sub(r"<code.*?</code>|{%.*?%}|{{.*?}}|{#.*?#}", "", bare, flags=re.DOTALL)
    words = re.findall(r">([^<>]*[A-Za-z]{2}[^<>]*)<", bare)
    assert {word.strip() for word in words} <= {"Mailcenter", "HELO", "Message-ID", "ms", "· Mailcenter"}


def test_every_icon_is_used_or_known() -> None:
    entries = {entry.icon for entry in navigation.MENU}
    states = {state.icon for state in verdicts.OUTCOMES.values()} | {icon for icon, _ in verdicts.STEPS.values()}
    in_templates = set(re.findall(r'{% icon "([^"]+)"', "".join(path.read_text() for path in TEMPLATES)))
    assert entries | states | in_templates == icon_names()


def test_the_tables_of_words_cover_what_they_speak_of() -> None:
    assert set(verdicts.OUTCOMES) == set(ledger_story.OUTCOMES)
    assert set(verdicts.STEPS) == set(ledger_story.STEPS)
    assert set(health.PURPOSES) == {engine.name for engine in ENGINES}
    assert set(SCOPE_LABELS) == set(SCOPES)
    assert set(story.SERVICES) == {"mx", "submission", "local"}
    figures = {(rule.name, name): figure for _, rule in table.ALL for name, figure in rule.thresholds.items()}
    assert set(rule_words.FIGURES) == set(figures)
    assert set(rule_words.UNITS) >= {figure.unit for figure in figures.values()}
    assert set(rule_words.STAGES) == set(table.STAGES)
    assert set(reasons.REASONS) == set(table.BY_NAME) | {"memory", "session-ended", "too-many-sessions", "unavailable"}


def test_the_menu_leads_to_pages_of_its_section() -> None:
    for entry in navigation.MENU:
        assert reverse(entry.view).strip("/") == entry.section
