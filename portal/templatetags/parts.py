"""Components that wrap a body, and the small facts that components need."""

from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from portal import hues
from portal.drawing import drawn

register = template.Library()


@register.simple_block_tag
def card(content: str, title: str, **facts: Any) -> SafeString:
    """components/card.html around a body: {% card "Summary" %}…{% endcard %}."""
    return render_to_string("components/card.html", {"title": title, "body": content, **facts})


@register.simple_block_tag
def dialog(content: str, id: str, title: str, **facts: Any) -> SafeString:
    """components/dialog.html around a body: {% dialog "return" "Return this handoff" %}…{% enddialog %}."""
    return render_to_string("components/dialog.html", {"id": id, "title": title, "body": content, **facts})


@register.simple_block_tag
def more(content: str, id: str = "more") -> SafeString:
    """components/more.html around the verbs that are not at hand: {% more %}…{% endmore %}."""
    return render_to_string("components/more.html", {"id": id, "body": content})


@register.simple_tag
def badge(state: str, word: str = "") -> SafeString:
    """components/badge.html, for lists."""
    return drawn("components/badge.html", state=str(state), word=str(word))


@register.simple_tag
def one_row(**facts: Any) -> list[dict[str, Any]]:
    """A single row for components/rows.html, which draws many at once."""
    return [{**facts, "who": getattr(facts["who"], "name", facts["who"])}]


@register.filter
def hue(organization: Any) -> int:
    """The accent hue to put on <html data-hue>; the product's own where no organization is known."""
    return hues.nearest(getattr(organization, "hue", hues.DEFAULT))


@register.filter
def control(field: BoundField) -> str:
    """What kind of control a form field draws: checkbox, file, choices (several inputs under one legend) or line."""
    kind = getattr(field.field.widget, "input_type", "")
    return "choices" if field.use_fieldset else kind if kind in {"checkbox", "file"} else "line"


@register.filter
def part(form: BaseForm, name: str) -> BoundField | None:
    """The field of this name, None where the form has none."""
    return form[name] if name in form.fields else None


@register.filter
def words(text: str) -> list[str]:
    """A list written with spaces: {% for name in "label kind"|words %}."""
    return text.split()


FILE_ICONS = {
    "pdf": "file-type-pdf",
    "csv": "file-spreadsheet",
    "ods": "file-spreadsheet",
    "xls": "file-spreadsheet",
    "xlsx": "file-spreadsheet",
    "zip": "file-zip",
    "gif": "photo",
    "jpg": "photo",
    "jpeg": "photo",
    "png": "photo",
    "webp": "photo",
}


@register.filter
def file_icon(name: str) -> str:
    """The icon for a document of this name; only a picture, its type is decided by its content elsewhere."""
    return FILE_ICONS.get(name.rpartition(".")[2].lower(), "file-text")


@register.simple_tag(takes_context=True)
def here(context: Context, address: str, below: bool = False) -> bool:
    """Whether the page being shown is the one at this address, or `below` it."""
    request = context.get("request")
    path = request.get_full_path().partition("?")[0] if request else ""
    return bool(path and address and (path.startswith(address) if below else path == address))


MESSAGE_TONES = {"success": "good", "info": "accent", "debug": "accent", "warning": "warn", "error": "danger"}


@register.filter
def tone_of(level: str) -> str:
    """The tone of a message by Django's name for its level."""
    return MESSAGE_TONES.get(level, "accent")
