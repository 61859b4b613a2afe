"""Words that a verb needs: present, storable, not endless."""

from handoffs.definition.fields import LONG_TEXT_LIMIT, is_storable
from handoffs.refusals import Invalid, needs_words


def required(verb: str, what: str, words: str, *, limit: int = LONG_TEXT_LIMIT) -> str:
    """The trimmed words; raises `Invalid` when there are none."""
    given = optional(what, words, limit=limit)
    if not given:
        raise needs_words(verb, what)
    return given


def optional(what: str, words: str, *, limit: int = LONG_TEXT_LIMIT) -> str:
    """The trimmed words, possibly none; raises `Invalid` for what cannot be stored or is too long."""
    if not is_storable(words):
        raise Invalid(
            f"The {what} contains characters that cannot be stored.", code="not_storable", details={"field": what}
        )
    if len(words.strip()) > limit:
        raise Invalid(
            f"The {what} is longer than {limit} characters; shorten it.", code="too_long", details={"field": what}
        )
    return words.strip()
