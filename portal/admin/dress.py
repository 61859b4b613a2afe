"""Our own forms in the admin's clothes."""

from typing import TypeVar

from django import forms
from unfold import widgets

Form = TypeVar("Form", bound=forms.BaseForm)

# The first kind that fits; lists of checkboxes are left as the browser draws them.
CLASSES = (
    (forms.CheckboxSelectMultiple, ()),
    (forms.CheckboxInput, widgets.CHECKBOX_CLASSES),
    (forms.Textarea, (*widgets.TEXTAREA_CLASSES, "max-w-2xl")),
    (forms.Select, (*widgets.SELECT_CLASSES, "max-w-2xl")),
    (forms.HiddenInput, ()),
    (forms.Widget, widgets.INPUT_CLASSES),
)


def dressed(form: Form) -> Form:
    """The same form, its controls in the admin's classes."""
    for field in form.fields.values():
        classes = next((names for kind, names in CLASSES if isinstance(field.widget, kind)), ())
        if classes:
            field.widget.attrs["class"] = " ".join(classes)
        if isinstance(field.widget, forms.Select):
            field.widget.template_name = "unfold/widgets/select.html"
    return form
