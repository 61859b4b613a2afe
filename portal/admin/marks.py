"""The library's decorators for columns and buttons, with types."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from unfold.decorators import action as unfold_action
from unfold.decorators import display as unfold_display
from unfold.enums import ActionVariant

F = TypeVar("F", bound=Callable[..., Any])


def column(
    description: str, *, ordering: str | None = None, label: Mapping[str, str] | None = None
) -> Callable[[F], F]:
    """A computed column; `label` gives values a tone, the value being (key, text)."""
    return cast("Callable[[F], F]", unfold_display(description=description, ordering=ordering, label=label))


def button(
    description: str,
    path: str,
    *,
    icon: str,
    danger: bool = False,
    primary: bool = False,
    harmless: bool = False,
    needs: str = "arrange",
) -> Callable[[F], F]:
    """A button on a thing's page, that leads to a page of its own at `path`; nothing happens on the way there.

    It is for those who run the organization, unless it is `harmless`, only a way to somewhere else, or `needs` a
    permission of the section that others have too.
    """
    permissions = () if harmless else (needs,)
    variant = ActionVariant.DANGER if danger else ActionVariant.PRIMARY if primary else ActionVariant.DEFAULT
    return cast(
        "Callable[[F], F]",
        unfold_action(description=description, url_path=path, icon=icon, variant=variant, permissions=permissions),
    )
