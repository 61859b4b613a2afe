"""Integrations of the cast: each person with an API token, and every answer held against the published description."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tenants.actions import issue_token
from tenants.models import Member
from tests.world import World

Call = Callable[[Member], "Caller"]
HOME = "/o/fjord/api/v1/"


@cache
def description() -> dict[str, Any]:
    """The published OpenAPI description."""
    made: dict[str, Any] = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    return made


def operation(method: str, path: str) -> dict[str, Any] | None:
    """What the description says of this address, None when it knows none."""
    for known, operations in description()["paths"].items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", known), f"/api/v1/{path.partition('?')[0].rstrip('/')}/"):
            return operations.get(method.lower())  # type: ignore[no-any-return]
    return None


def hold_to_description(method: str, path: str, response: Any) -> None:
    """Fails when an answer is not what the description promises: its status, its media type, its shape."""
    described = operation(method, path)
    if described is None:
        assert response.status_code in (404, 405), f"{method} {path} is answered but not described"
        return
    if response.status_code in (304, 405):
        return
    media_type = response["Content-Type"].partition(";")[0]
    content = described["responses"][str(response.status_code)]["content"]
    if "*/*" in content:
        return
    schema = {**content[media_type]["schema"], "components": description()["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(response.json())


class Caller:
    """One integration acting as one member."""

    def __init__(self, key: str) -> None:
        self.client = Client(headers={"authorization": f"Bearer {key}"})

    def get(self, path: str = "", **headers: str) -> Any:
        response = self.client.get(HOME + path, headers=headers)
        if response.streaming:
            content = response.getvalue()
            # Closing the response would end the request, and with it the test's connection: close the file alone.
            for close in response._resource_closers:
                close()
            response.getvalue = lambda: content
        hold_to_description("get", path, response)
        return response

    def post(self, path: str, words: Any = None, **headers: str) -> Any:
        body = "" if words is None else words if isinstance(words, str | bytes) else json.dumps(words)
        response = self.client.post(HOME + path, body, content_type="application/json", headers=headers)
        hold_to_description("post", path, response)
        return response

    def send(self, path: str, **parts: Any) -> Any:
        """As multipart/form-data."""
        response = self.client.post(HOME + path, parts)
        hold_to_description("post", path, response)
        return response


@pytest.fixture
def call(world: World) -> Call:
    """`call(world.ben)` speaks to the API as Ben."""

    def as_(member: Member) -> Caller:
        _, key = issue_token(member=member, name="Test", by=member, at=timezone.now())
        return Caller(key)

    return as_
