"""The form of an action: its words, and where a refusal's sentence belongs."""

from collections.abc import Mapping
from typing import Any

from django import forms

from tenants.refusals import Refusal


class ActionForm(forms.Form):
    """A form whose cleaned words go to one action, and which takes that action's refusal back."""

    # The server says what is missing, in the same words as for the API; the browser's own bubbles would come first.
    use_required_attribute = False
    # Where a refusal names a field that this form calls otherwise.
    names: Mapping[str, str] = {}
    refusal: Refusal | None = None

    def words(self) -> dict[str, Any]:
        """The arguments for the action."""
        return dict(self.cleaned_data)

    def refuse(self, refusal: Refusal) -> None:
        """Puts the sentence at the field it is about; else it stands on top, with the list of what is missing."""
        field = self.field_of(refusal)
        if field is not None:
            self.add_error(field, refusal.sentence)
            return
        wrong = {self.names.get(name, name): said for name, said in (refusal.details.get("fields") or {}).items()}
        if wrong and wrong.keys() <= self.fields.keys():
            for name, sentences in wrong.items():
                self.add_error(name, list(sentences))
            return
        elsewhere = [lack for lack in refusal.details.get("missing", []) if not self._placed(lack)]
        if elsewhere or not refusal.details.get("missing"):
            self.refusal = refusal
            self.missing = [lack["sentence"] for lack in elsewhere]

    @property
    def told(self) -> str:
        """The sentence that stands on top; only that something is missing where the list of it stands below."""
        if self.refusal is None:
            return ""
        headline = getattr(self.refusal, "headline", "") if self.missing else ""
        return headline or self.refusal.sentence

    @property
    def sentence(self) -> str:
        """Why it was refused or what is wrong, in one paragraph."""
        faults = [str(fault) for sentences in self.errors.values() for fault in sentences]
        return " ".join(filter(None, [self.told, *faults]))

    def field_of(self, refusal: Refusal) -> str | None:
        """The name of the field the refusal is about, if this form has it."""
        named = str(refusal.details.get("field", ""))
        name = self.names.get(named, named)
        return name if name in self.fields else None

    def _placed(self, lack: Mapping[str, str]) -> bool:
        """Whether this lack could be put at a field of this form."""
        name = f"{lack['part']}-{lack['key']}"
        if name in self.fields:
            self.add_error(name, lack["sentence"])
        return name in self.fields

    missing: list[str] = []
