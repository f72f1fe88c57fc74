"""The form of a rule: its switch and its figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mailcenter.center.web.forms.base import Form
from mailcenter.center.web.rule_words import FIGURES, UNITS, YES_OR_NO
from mailcenter.center.web.texts import lazy_format
from mailcenter.policy.rule import Rule
from mailcenter.policy.rulebook import RuleBook, Threshold


class RuleForm(Form):
    """One field per figure; an empty one stands for the default."""

    def __init__(self, *args: Any, rule: Rule[Any], book: RuleBook, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._rule = rule
        if rule.switchable:
            self.fields["enabled"] = forms.BooleanField(
                label=_("The rule is on"), required=False, initial=book.is_on(rule.name)
            )
        for name, threshold in rule.thresholds.items():
            self.fields[name] = _field(rule, name, threshold, book.figure(rule.name, name))
        for field in self.fields.values():
            kind = "form-check-input" if isinstance(field, forms.BooleanField) else "form-control"
            field.widget.attrs["class"] = kind

    def clean(self) -> dict[str, Any]:
        """As the action wants it."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        figures = {name: _figure(values.pop(name, None)) for name in self._rule.thresholds if name in values}
        return {**values, **({"thresholds": figures} if figures else {})}


def _field(rule: Rule[Any], name: str, threshold: Threshold, value: float) -> forms.Field:
    label = lazy_format("%(text)s", text=FIGURES.get((rule.name, name), threshold.description))
    if threshold.unit == YES_OR_NO:
        return forms.BooleanField(label=label, required=False, initial=bool(value))
    unit = UNITS.get(threshold.unit, threshold.unit)
    hint = gettext("%(minimum)s to %(maximum)s %(unit)s; default %(default)s") % {
        "minimum": f"{threshold.minimum:g}",
        "maximum": f"{threshold.maximum:.10g}",
        "default": f"{threshold.default:g}",
        "unit": unit,
    }
    return forms.FloatField(
        label=label,
        required=False,
        initial=float(f"{value:.10g}"),
        min_value=threshold.minimum,
        max_value=threshold.maximum,
        help_text=hint,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )


def _figure(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type] # a float or a switch
