"""Small components that look the same wherever the same is said: drawn once for each wording, kept by the process."""

from functools import lru_cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def drawn(template: str, **words: str) -> SafeString:
    """The component with these words; in development each time, so that a changed template shows at once."""
    draw = _draw.__wrapped__ if settings.DEBUG else _draw
    # Plain strings only: one marked as safe would be found in place of an equal one that is not.
    return draw(template, get_language(), tuple((name, str.__str__(word)) for name, word in words.items()))


@lru_cache(maxsize=4000)
def _draw(template: str, language: str | None, words: tuple[tuple[str, str], ...]) -> SafeString:
    return render_to_string(template, dict(words))
