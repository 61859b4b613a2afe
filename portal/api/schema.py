"""The OpenAPI description: components from the shapes, and the last touches on what drf-spectacular makes."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict
from uuid import UUID

from django.urls import get_script_prefix
from drf_spectacular.utils import OpenApiResponse

from portal.api import case_shapes, shapes
from portal.api.problems import MEDIA_TYPE, TITLES

ROOT = "/api/v1/"
_PLAIN: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    UUID: {"type": "string", "format": "uuid"},
    NoneType: {"type": "null"},
    Any: {},
}
Answers = dict[Any, OpenApiResponse]


def ref(shape: type) -> dict[str, str]:
    """A reference to the component of a shape."""
    return {"$ref": f"#/components/schemas/{shape.__name__}"}


def says(shape: type, description: str, *problems: int, status: int = 200) -> Answers:
    """The answers of one address: the good one, and the problems that are its own beside the usual ones."""
    return {status: OpenApiResponse(ref(shape), description=description)} | _problems(*problems)


def lists(shape: type, description: str, *problems: int) -> Answers:
    """The answers of an address that lists: one page, and where the next one is."""
    page = {
        "type": "object",
        "description": "One page; `next` is the address of the one after it, null on the last.",
        "properties": {
            "results": {"type": "array", "items": ref(shape)},
            "next": {"anyOf": [{"type": "string", "format": "uri"}, {"type": "null"}]},
        },
        "required": ["results", "next"],
        "additionalProperties": False,
    }
    return {200: OpenApiResponse(page, description=description)} | _problems(422, *problems)


def download(description: str) -> Answers:
    """The answers of an address that gives a file."""
    return {(200, "*/*"): OpenApiResponse({"type": "string", "format": "binary"}, description=description)} | _problems(
        404
    )


def _problems(*statuses: int) -> Answers:
    return {
        (status, MEDIA_TYPE): OpenApiResponse(ref(shapes.Problem), description=TITLES[status])
        for status in sorted({401, *statuses})
    }


def own_addresses_only(endpoints: Sequence[tuple[str, str, str, Any]], **_: Any) -> list[tuple[str, str, str, Any]]:
    """Leaves out what is not this API, and the second spelling of each address without its last slash."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(ROOT) and endpoint[0].endswith("/")]


def finish(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Adds every shape as a component, the organization's own address as the server, and either way in as enough."""
    components = result.setdefault("components", {}).setdefault("schemas", {})
    for words in components.values():
        if words.get("type") == "object":
            words["additionalProperties"] = False
    for shape in (*vars(shapes).values(), *vars(case_shapes).values()):
        if is_typeddict(shape):
            components[shape.__name__] = _object(shape)
    # A refusal brings members of its own: holder, missing, fields, …
    components["Problem"]["additionalProperties"] = True
    for operation in (operation for path in result["paths"].values() for operation in path.values()):
        operation["security"] = [{scheme: []} for scheme in ("token", "session")]
    result["servers"] = [{"url": get_script_prefix().rstrip("/") or "/"}]
    return result


def _object(shape: type) -> dict[str, Any]:
    hints = get_type_hints(shape)
    return {
        "type": "object",
        "description": inspect.getdoc(shape) or "",
        "properties": {name: _schema(hint) for name, hint in hints.items()},
        "required": [name for name in hints if name in shape.__required_keys__],  # type: ignore[attr-defined]
        "additionalProperties": False,
    }


def _schema(hint: Any) -> dict[str, Any]:
    """JSON Schema of one type."""
    origin, inside = get_origin(hint), get_args(hint)
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    if is_typeddict(hint):
        return ref(hint)
    if inspect.isclass(hint) and issubclass(hint, Enum):
        return {"type": "string", "enum": [item.value for item in hint]}
    made: Mapping[Any, Callable[[], dict[str, Any]]] = {
        Literal: lambda: {"type": "string", "enum": list(inside)},
        list: lambda: {"type": "array", "items": _schema(inside[0])},
        dict: lambda: {"type": "object", "additionalProperties": _schema(inside[1]) or True},
        Union: lambda: {"anyOf": [_schema(part) for part in inside]},
        UnionType: lambda: {"anyOf": [_schema(part) for part in inside]},
    }
    return made[origin]()
