"""XML as plain nodes that know their line, read without what XML can do to its reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax import SAXException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_namespaces

from defusedxml import sax
from defusedxml.common import DefusedXmlException

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DIAGRAM = "http://www.omg.org/spec/BPMN/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
OURS = "urn:handrail:flow:1"
LARGEST, DEEPEST, MOST_NODES = 1_000_000, 40, 20_000


@dataclass(frozen=True)
class Strange:
    """One thing that is not understood: which element, its id and name, its line, and what can be done about it."""

    element: str
    id: str
    name: str
    line: int
    sentence: str

    def as_data(self) -> dict[str, Any]:
        """For the details of a refusal and for the API."""
        place = {"element": self.element, "id": self.id, "name": self.name, "line": self.line}
        return place | {"sentence": self.sentence, "code": "not_understood"}


class NotUnderstood(ValueError):
    """The file says what we have no word for; `strange` lists all of it."""

    def __init__(self, strange: list[Strange]) -> None:
        self.strange = strange
        super().__init__(" ".join(one.sentence for one in strange[:3]))


@dataclass
class Node:
    """One element: namespace and name, attributes by (namespace, name), text, children, line."""

    space: str
    tag: str
    line: int
    attributes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str:
        """An attribute without a namespace; '' when it is not there."""
        return self.attributes.get(("", name), "").strip()

    def all(self, *tags: str) -> Iterator["Node"]:
        """The children of BPMN's own with one of these names."""
        return (child for child in self.children if child.space == BPMN and child.tag in tags)

    def first(self, tag: str) -> "Node | None":
        return next(self.all(tag), None)

    def strange(self, sentence: str) -> Strange:
        """This element, with what is wrong about it."""
        return Strange(self.tag[:60], self.get("id")[:80], self.get("name")[:120], self.line, sentence)


def parsed(text: str | bytes) -> Node:
    """The root of an XML text. Raises `NotUnderstood`, whatever it is given."""
    if len(text) > LARGEST:
        raise _no(0, f"The file has more than {LARGEST:,} characters.")
    reader, builder = sax.make_parser(), _Builder()
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.forbid_dtd = True
    reader.setContentHandler(builder)
    try:
        reader.parse(BytesIO(text if isinstance(text, bytes) else text.encode()))
    except DefusedXmlException:
        raise _no(builder.line, "A document type or entities have no place in this file; leave them out.") from None
    except (SAXException, ValueError, LookupError):
        raise _no(builder.line, "This is no XML that can be read.") from None
    assert builder.root is not None
    return builder.root


def _no(line: int, sentence: str) -> NotUnderstood:
    return NotUnderstood([Strange("", "", "", line, sentence)])


class _Builder(ContentHandler):
    """Builds the nodes while the text is read."""

    def __init__(self) -> None:
        super().__init__()
        self.root: Node | None = None
        self._open: list[Node] = []
        self._locator: Any = None
        self._nodes = 0

    @property
    def line(self) -> int:
        return self._locator.getLineNumber() or 0 if self._locator is not None else 0

    def setDocumentLocator(self, locator: Any) -> None:
        self._locator = locator

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attrs: Any) -> None:
        self._nodes += 1
        if len(self._open) >= DEEPEST or self._nodes > MOST_NODES:
            raise _no(self.line, "The file has more elements, or deeper ones, than any process needs.")
        given = {(space or "", key): value for (space, key), value in attrs.items()}
        node = Node(name[0] or "", name[1], self.line, given)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def endElementNS(self, name: tuple[str | None, str], qname: str | None) -> None:
        self._open.pop()

    def characters(self, content: str) -> None:
        if self._open:
            self._open[-1].text += content
