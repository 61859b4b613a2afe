"""The two sides of a handoff, as definitions and what travels know them."""

from django.db import models


class Side(models.TextChoices):
    """Who must provide it: the sender before offering, the receiver before completing."""

    SENDER = "sender", "Sender, before offering"
    RECEIVER = "receiver", "Receiver, before completing"
