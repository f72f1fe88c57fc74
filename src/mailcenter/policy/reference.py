"""The pages docs/rules.md and docs/replies.md, generated from the tables."""

from __future__ import annotations

from collections.abc import Iterator

from mailcenter.policy import replies, table

_RULES: str = """\
# Rules of the gate

Generated from `src/mailcenter/policy/table.py` by `make generate`; do not change by hand.

In the order in which they are asked; the first objection counts. Operators switch rules off and change their figures
while the platform runs: `mailcenter gate rules`, `mailcenter gate rule set`, the screens, or the REST API. A rule about
reputation spares mail to postmaster and abuse of our domains, and clients that the operators always let through.

| rule | objects at | what it wants | by | switch | reputation |
|---|---|---|---|---|---|
"""
_FIGURES: str = """
## Figures

| rule | figure | default | from | to | unit | meaning |
|---|---|---|---|---|---|---|
"""
_REPLIES: str = """\
# Replies of the gate

Generated from `src/mailcenter/policy/replies.py` by `make generate`; do not change by hand.

Every refusal ends with the reference of the transaction in brackets and a link to the page that explains it.
Names in braces are filled in.

| name | code | enhanced code | text |
|---|---|---|---|
"""


def rules_page() -> str:
    """All rules with their figures, as Markdown."""
    return _RULES + "".join(_rule_lines()) + _FIGURES + "".join(_figure_lines())


def replies_page() -> str:
    """All replies as Markdown."""
    return _REPLIES + "".join(
        f"| `{name}` | {reply.code} | {reply.enhanced} | {_cell(reply.text)} |\n" for name, reply in replies.ALL.items()
    )


def _rule_lines() -> Iterator[str]:
    for stage, rule in table.ALL:
        switch = "yes" if rule.switchable else "always on"
        reputation = "yes" if rule.reputation else ""
        wanted = f"{_cell(rule.description)} | {_cell(rule.standard)}"
        yield f"| `{rule.name}` | {stage} | {wanted} | {switch} | {reputation} |\n"


def _figure_lines() -> Iterator[str]:
    for _, rule in table.ALL:
        for name, figure in rule.thresholds.items():
            bounds = f"{figure.default:g} | {figure.minimum:g} | {figure.maximum:g}"
            yield f"| `{rule.name}` | `{name}` | {bounds} | {figure.unit} | {_cell(figure.description)} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
