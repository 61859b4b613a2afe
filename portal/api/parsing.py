"""Bodies of requests, read so that nothing in them can become a server error later."""

import json
from collections.abc import Iterator
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.utils.json import strict_constant

from handoffs.definition.fields import is_storable
from portal.api.problems import TooLarge

# Nothing here nests deeper than a handful; how deep Python itself reads depends on who called, so it is no limit.
DEEPEST = 64
TOO_DEEP = "This JSON is nested too deeply."


class XML(BaseParser):
    """A file in XML as it is: whoever reads it knows of its encoding, and of what XML can do to a reader."""

    media_type = "application/xml"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The bytes. Raises `TooLarge` (413)."""
        return _limited(stream)


class JSON(BaseParser):
    """JSON in UTF-8: no larger than Django takes forms, no deeper than `DEEPEST`, only text that can be stored."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """The parsed value. Raises `ParseError` (400) for what cannot be read, `TooLarge` (413)."""
        body = _limited(stream)
        try:
            value = json.loads(body.decode("utf-8"), parse_constant=strict_constant)
        except RecursionError:
            raise ParseError(TOO_DEEP) from None
        except ValueError as error:
            raise ParseError(f"This is not JSON: {error}.") from None
        if _is_deep(value):
            raise ParseError(TOO_DEEP)
        if not all(is_storable(text) for text in _texts(value)):
            raise ParseError("The text in this JSON contains characters that cannot be stored.")
        return value


def _limited(stream: IO[Any]) -> bytes:
    """The body, no larger than Django takes forms."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    body: bytes = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge
    return body


def _is_deep(value: Any) -> bool:
    """Whether lists and objects lie in each other more than `DEEPEST` times, found level by level."""
    level = [value]
    for _ in range(DEEPEST + 1):
        inner = [item.values() if isinstance(item, dict) else item for item in level if isinstance(item, dict | list)]
        level = [item for items in inner for item in items]
    return bool(level)


def _texts(value: Any) -> Iterator[str]:
    """Every text and every key, without recursion."""
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield from item
            todo.extend(item.values())
        elif isinstance(item, list):
            todo.extend(item)
