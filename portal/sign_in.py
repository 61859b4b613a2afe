"""How people sign in: django-allauth, bent to a site that one joins by invitation."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """Closes the public sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people join an organization by its invitation."""
        return False
