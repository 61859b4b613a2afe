"""The second factor: how its secrets are kept, and what a passkey is bound to."""

from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from portal.post import seal_text, unseal_text


class Adapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Keeps the secrets of authenticator apps and recovery codes sealed: a copy of the database signs nobody in."""

    def encrypt(self, text: str) -> str:
        """Sealed with the site's secret key."""
        return seal_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        """As it was."""
        return unseal_text(encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        """The site as a passkey knows it: by the host of its address."""
        return {"id": urlsplit(settings.HANDRAIL_ADDRESS).hostname or "localhost", "name": "Handrail"}
