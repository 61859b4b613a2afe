"""Words that people wrote in Markdown, made safe to show."""

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

_reader = MarkdownIt("commonmark", {"html": False}).enable("table")
TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "table", "thead"}
TAGS |= {"tbody", "tr", "th", "td", "hr"}


@register.filter
def markdown(words: str) -> SafeString:
    """Markdown as HTML, cleaned of everything that could run or load something."""
    clean = nh3.clean(
        _reader.render(words), tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}
    )
    return mark_safe(clean)
