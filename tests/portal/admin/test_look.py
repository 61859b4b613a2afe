"""How the admin looks: the organization's hue, down to the mark."""

import re
from urllib.parse import unquote

from portal.admin.look import PLAIN
from tests.portal.admin.conftest import Visitor
from tests.world import World


def mark(visitor: Visitor) -> str:
    """The picture beside the name."""
    found = re.search(r'<img src="data:image/svg\+xml,([^"]+)"', visitor.get().content.decode())
    assert found
    return unquote(found[1])


def test_the_mark_wears_the_organizations_hue(world: World, olga: Visitor) -> None:
    before = mark(olga)
    assert before.startswith("<svg ")
    assert PLAIN not in before
    world.organization.hue = (world.organization.hue + 90) % 360
    world.organization.save(update_fields=["hue"])
    assert mark(olga) != before
    assert f" {round(world.organization.hue / 10) * 10})" in mark(olga)
    assert "img-src 'self' data:" in olga.get()["Content-Security-Policy"]
