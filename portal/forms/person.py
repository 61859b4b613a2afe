"""Somebody named by typing: by e-mail address, or by name where only one is called so.

A list of choices would be as long as the organization is large; this offers a few and takes any.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tenants.models import Member
from tenants.models.member import MemberQuerySet

OFFERED = 200


class PersonInput(forms.TextInput):
    """A line with suggestions."""

    offered: Iterable[Member] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The line, and the list of those it suggests."""
        context = self.get_context(name, value, {**(attrs or {}), "list": f"{name}-people"})
        return render_to_string("administration/person.html", {**context, "people": self.offered})


class PersonField(forms.CharField):
    """One of the members of a queryset; `among` says which."""

    widget = PersonInput

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 254, "help_text": "Their e-mail address, or their name.", **options})
        self.people: MemberQuerySet = Member.objects.none()

    def among(self, people: MemberQuerySet) -> None:
        """Whom it may be; the first few are suggested."""
        self.people = people.select_related("user", "organization")
        line: Any = self.widget
        line.offered = self.people.order_by("name", "id")[:OFFERED]

    def prepare_value(self, value: Any) -> Any:
        """A member is written as their address."""
        return value.user.email if isinstance(value, Member) and value.user else value

    def clean(self, value: Any) -> Any:
        """The member; None for nothing."""
        words = super().clean(value)
        if not words:
            return None
        found = list(self.people.filter(Q(user__email__iexact=words) | Q(name__iexact=words)).order_by("id")[:2])
        if not found:
            raise ValidationError("Nobody who could be chosen here has this name or address.", code="person_unknown")
        if len(found) > 1:
            raise ValidationError("Several people are called so; write the e-mail address.", code="person_unclear")
        return found[0]
