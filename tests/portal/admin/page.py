"""A page of the admin as a browser would have it: its forms, filled in as they stand."""

from html.parser import HTMLParser
from typing import Any

Fields = dict[str, list[str]]


class _Forms(HTMLParser):
    """Reads what every form of a page would send."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.fields: Fields = {}
        self._select: str | None = None
        self._area: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        name = has.get("name") or ""
        if tag == "input" and name and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            if has.get("type") not in ("submit", "file"):
                self._take(name, has.get("value") or ("on" if "checked" in has else ""))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self._take(self._select, has.get("value") or "")
        elif tag == "textarea":
            self._area, self._text = name, ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._area:
            self._take(self._area, self._text.removeprefix("\r\n").removeprefix("\n"))
            self._area = None

    def handle_data(self, data: str) -> None:
        self._text += data

    def _take(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)


def filled(response: Any) -> Fields:
    """What the page's form would send if its button were pressed now."""
    forms = _Forms()
    forms.feed(response.content.decode())
    return {name: values for name, values in forms.fields.items() if "__prefix__" not in name}


def one_more(fields: Fields, prefix: str, **given: Any) -> Fields:
    """The same with one more row in the inline of this prefix."""
    count = int(fields[f"{prefix}-TOTAL_FORMS"][0])
    rows = {name: value if isinstance(value, list) else [str(value)] for name, value in given.items()}
    added = {f"{prefix}-{count}-{name}": values for name, values in rows.items()}
    return {**fields, **added, f"{prefix}-TOTAL_FORMS": [str(count + 1)]}
