"""`everyone()` opens the wall, so the modules that may call it are listed here, each with its reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

ALLOWED = {
    "tenants.scope": "defines it",
    "tenants.arrival": "finds who is asking, and where they have places, before an organization is in force",
    "tenants.actions.join": "finds an invitation by its secret, before its organization is known",
    "handoffs.jobs": "one sweep fires and raises what is due anywhere; what it leaves is raised in its own scope",
    "portal.status": "ages and counts over all organizations for who operates them; no row of anybody is shown",
    "portal.metrics": "as above, for Prometheus",
    "handoffs.migrations.0012_search": "writes the words of what was written before, once, for all organizations",
    "handoffs.migrations.0020_lighter_figures": "counts anew what was counted before, once, for all organizations",
    "handoffs.schedule": "one sweep finds what the queue lost anywhere, and queues it with its organization",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the product, by name."""
    for package in ("tenants", "handoffs", "portal"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            yield name, ast.parse(path.read_text())


def mentions(tree: ast.Module, word: str) -> bool:
    """Whether code, not prose, names this."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == word:
            return True
        if isinstance(node, ast.Attribute) and node.attr == word:
            return True
        if isinstance(node, ast.alias) and node.name.rpartition(".")[2] == word:
            return True
        if isinstance(node, ast.FunctionDef) and node.name == word:
            return True
    return False


def test_only_these_open_the_wall() -> None:
    assert {name for name, tree in modules() if mentions(tree, "everyone")} == set(ALLOWED)


def test_only_the_address_arrives() -> None:
    """`arriving()` opens the wall too, until it is told whose rows are to be seen."""
    assert {name for name, tree in modules() if mentions(tree, "arriving")} == {"tenants.scope", "tenants.address"}


def test_only_scope_speaks_of_the_settings() -> None:
    """Whoever sets them by hand goes around the list above."""
    speaking = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and "set_config" in node.value
        and "handrail." in node.value + "handrail." * ("set_config(%s" in node.value)
    }
    assert speaking == {"tenants.scope"}


def test_the_search_finds_what_it_looks_for() -> None:
    for code in ("from tenants.scope import everyone", "scope.everyone()", "with everyone(): pass"):
        assert mentions(ast.parse(code), "everyone")
    assert not mentions(ast.parse('"""everyone"""\nname = "everyone"'), "everyone")
