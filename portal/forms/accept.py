"""Accepting with a read-back: the key facts to confirm, or a field for each to restate."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as said

from handoffs.definition.read_back import Grade
from handoffs.definition.specification import Field
from handoffs.reading_back import ReadBack, asked_of
from portal.forms.specification import SpecifiedForm, known_people, needs_people
from portal.forms.verb import WordsForm
from portal.shown import shown_values
from tenants.models import Member


class AcceptForm(SpecifiedForm, WordsForm):
    """Asks nothing of somebody who held it before: then there is only the button."""

    part = "read_back"
    facts_read = forms.BooleanField(required=False, widget=forms.HiddenInput, initial=True)

    def prepare(self) -> None:
        """By the grade of the template."""
        grade = self.asked.grade
        if grade is not Grade.ONE_TAP:
            del self.fields["facts_read"]
        facts = self.asked.facts if grade is Grade.FULL else ()
        self.specify(facts, self._people(facts))

    @cached_property
    def asked(self) -> ReadBack:
        """What is to be read back."""
        return asked_of(self.handoff, self.member)

    @cached_property
    def confirms(self) -> Sequence[tuple[str, str]]:
        """The key facts to be seen and confirmed: their labels, and what stands there."""
        if self.asked.grade is not Grade.ONE_TAP:
            return []
        pairs = [(fact, self.asked.stands(fact)) for fact in self.asked.facts]
        shown = shown_values(pairs, self.member, timezone.now())
        return [(fact.label, value) for (fact, _), value in zip(pairs, shown, strict=True)]

    @property
    def intro(self) -> str:
        """What is expected of the reader."""
        if self.asked.grade is Grade.FULL:
            return str(said("Say in your own words what you have understood. How you write it does not matter."))
        return str(said("These are the key facts. Read them before you accept.")) if self.confirms else ""

    @property
    def sends(self) -> str:
        """One tap is the button itself."""
        return str(said("I have read this and accept")) if self.confirms else ""

    def words(self) -> dict[str, Any]:
        """What was restated, or that the facts were read."""
        if self.asked.grade is Grade.FULL:
            return {"read_back": self.values()}
        return {"facts_read": self.cleaned_data["facts_read"]} if self.confirms else {}

    def _people(self, facts: Sequence[Field]) -> Sequence[Member]:
        """Those whom the reader knows, and who stands there, or the right answer might not be among them."""
        if not needs_people(facts):
            return []
        known = {member.pk: member for member in known_people(self.member, self.handoff.workspace)}
        named = [self.asked.stands(fact) for fact in facts if fact.type.name == "member"]
        for member in Member.objects.filter(organization_id=self.member.organization_id, id__in=named):
            known[member.pk] = member
        return sorted(known.values(), key=lambda member: member.name)
