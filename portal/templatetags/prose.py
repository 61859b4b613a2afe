"""Words that people wrote in Markdown, made safe to show."""

import nh3
from django import template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

register = template.Library()

_reader = MarkdownIt("commonmark", {"html": False}).enable("table")
# In a note a new line is meant as one.
_listener = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
TAGS = {"p", "br", "strong", "em", "code", "pre", "ul", "ol", "li", "a", "blockquote", "h3", "h4", "table", "thead"}
TAGS |= {"tbody", "tr", "th", "td", "hr"}


@register.filter
def markdown(words: str) -> SafeString:
    """Markdown as HTML, cleaned of everything that could run or load something."""
    return _cleaned(_reader.render(words))


@register.filter
def as_said(words: str) -> SafeString:
    """The same of what somebody said: each line stays one."""
    return _cleaned(_listener.render(words))


def _cleaned(html: str) -> SafeString:
    return mark_safe(nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"}))
