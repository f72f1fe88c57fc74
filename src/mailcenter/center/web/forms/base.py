"""The look of all forms, and the bridge from an action's refusal to the field it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.forms.renderers import DjangoTemplates

from mailcenter.actions import ActionError

T = TypeVar("T")

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "form-check-input"),
    (forms.RadioSelect, "form-check-input"),
    (forms.CheckboxInput, "form-check-input"),
    (forms.Select, "form-select"),
    (forms.Textarea, "form-control"),
    (forms.widgets.Input, "form-control"),
)


class Renderer(DjangoTemplates):
    """Fields as Tabler draws them: label, control, error at the field, hint."""

    form_template_name = "center/form/form.html"
    field_template_name = "center/form/field.html"


class Form(forms.Form):
    """A form whose errors stand at the field and are announced with it."""

    default_renderer = Renderer
    use_required_attribute = False  # our own messages, in the language of the screen and readable by all
    error_fields: ClassVar[dict[str, str]] = {}
    """Arguments of the action whose field in the form has another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            extra = next((classes for kind, classes in _CLASSES if isinstance(field.widget, kind)), "")
            field.widget.attrs["class"] = f"{field.widget.attrs.get('class', '')} {extra}".strip()

    def run(self, deed: Callable[[dict[str, Any]], T]) -> T | None:
        """Let an action do what a valid form asks for; None when one refuses, with the errors in the form."""
        if not self.is_valid():
            return None
        try:
            return deed(self.cleaned_data)
        except ActionError as error:
            field = self.error_fields.get(error.field, error.field)
            self.add_error(field if field in self.fields else None, error.message)
            return None
