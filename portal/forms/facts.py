"""The forms of what joins a handoff: questions, answers, notes, links, documents, ticks."""

import json
from typing import Any

from django import forms

from handoffs.definition.specification import specification
from handoffs.delivery.sight import mentionable
from portal.forms.verb import VerbForm, WordsForm, long_words
from tenants.models import Role

MOST_NAMES = 300  # that travel with the form


class AskForm(WordsForm):
    """A question."""

    question = long_words("Your question")

    def words(self) -> dict[str, Any]:
        """The question is the body."""
        return {"body": self.cleaned_data["question"]}


class AnswerForm(WordsForm):
    """The answer to one question."""

    question = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    answer = long_words("Your answer")

    def words(self) -> dict[str, Any]:
        """Which question, and the body."""
        return {"question": self.cleaned_data["question"], "body": self.cleaned_data["answer"]}


class InternalForm(WordsForm):
    """Something that may be kept from clients; clients are not asked."""

    internal = forms.BooleanField(label="Internal: clients never see it", required=False)

    def prepare(self) -> None:
        """A client cannot put something where they could not see it."""
        if self.member.role == Role.CLIENT:
            del self.fields["internal"]


class NoteForm(InternalForm):
    """A note."""

    note = long_words("Note", help_text="“@” and a name tells that person. Markdown is understood.")
    field_order = ["note", "internal"]

    def prepare(self) -> None:
        """With the names that may be mentioned, for the list that opens below an “@”."""
        super().prepare()
        people = mentionable(self.handoff, self.member, internal=False).order_by("name")
        names = list(people.values_list("name", flat=True)[:MOST_NAMES])
        self.fields["note"].widget.attrs["data-people"] = json.dumps(names)

    def words(self) -> dict[str, Any]:
        """The note is the body."""
        return {"body": self.cleaned_data["note"], "internal": self.cleaned_data.get("internal", False)}


class LinkForm(InternalForm):
    """An address and what to call it."""

    url = forms.CharField(label="Address", max_length=2000, widget=forms.URLInput)
    label = forms.CharField(label="What it is", max_length=200, required=False)
    field_order = ["url", "label", "internal"]


class AttachForm(InternalForm):
    """A file, and for which place it is."""

    names = {"name": "file"}
    file = forms.FileField(label="File", max_length=200, allow_empty_file=True)
    slot = forms.ChoiceField(label="As", required=False)
    field_order = ["file", "slot", "internal"]

    def prepare(self) -> None:
        """The template's places, without the internal ones for a client."""
        super().prepare()
        client = self.member.role == Role.CLIENT
        slots = specification(self.handoff.template_version).slots
        choices = [(slot.key, slot.label) for slot in slots if not (client and slot.internal)]
        if choices:
            self.fields["slot"].choices = [("", "Something else"), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields["slot"]

    def words(self) -> dict[str, Any]:
        """The file under its own name."""
        file = self.cleaned_data["file"]
        return {
            "file": file,
            "name": file.name,
            "slot": self.cleaned_data.get("slot", ""),
            "internal": self.cleaned_data.get("internal", False),
        }


class TickForm(VerbForm):
    """Which item, and whether it is done."""

    item = forms.CharField(max_length=40)
    done = forms.TypedChoiceField(choices=[("1", "done"), ("0", "not done")], coerce=lambda value: value == "1")
