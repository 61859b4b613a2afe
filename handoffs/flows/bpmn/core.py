"""The common core: which elements are understood, with which attributes and within which others."""

from collections.abc import Iterator, Mapping

from handoffs.flows.bpmn.xml import BPMN, DIAGRAM, OURS, XSI, Node, Strange

TASKS = ("userTask", "task", "manualTask")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
WAIT, MILESTONE, CALL, START, END = (
    "intermediateCatchEvent",
    "intermediateThrowEvent",
    "callActivity",
    "startEvent",
    "endEvent",
)
NODES = (*TASKS, *GATEWAYS, WAIT, MILESTONE, CALL, START, END)

_NAMED = {"id", "name"}
_IN_ALL = {"documentation", "extensionElements"}
_OF_A_NODE = {"incoming", "outgoing", *_IN_ALL}
_EXPRESSION = {"id", "language", "evaluatesToTypeRef"}
_NODE = (_NAMED | {"default"}, _OF_A_NODE)
# Element → its attributes, and the elements within it.
UNDERSTOOD: Mapping[str, tuple[set[str], set[str]]] = {
    "definitions": (
        _NAMED | {"targetNamespace", "exporter", "exporterVersion", "expressionLanguage", "typeLanguage"},
        {"process", "collaboration", *_IN_ALL},
    ),
    "collaboration": (_NAMED | {"isClosed"}, {"participant", *_IN_ALL}),
    "participant": (_NAMED | {"processRef"}, _IN_ALL),
    "process": (
        _NAMED | {"isExecutable", "processType", "isClosed"},
        {"laneSet", "sequenceFlow", *NODES, *_IN_ALL},
    ),
    "laneSet": (_NAMED, {"lane", *_IN_ALL}),
    "lane": (_NAMED, {"flowNodeRef", *_IN_ALL}),
    **{task: (_NODE[0] | {"implementation"}, _OF_A_NODE) for task in TASKS},
    **{gateway: (_NODE[0] | {"gatewayDirection"}, _OF_A_NODE) for gateway in GATEWAYS},
    CALL: (_NODE[0] | {"calledElement"}, _OF_A_NODE),
    WAIT: (_NAMED, {*_OF_A_NODE, "timerEventDefinition"}),
    MILESTONE: (_NAMED, _OF_A_NODE),
    START: (_NAMED | {"isInterrupting"}, _OF_A_NODE),
    END: (_NAMED, _OF_A_NODE),
    "timerEventDefinition": (_NAMED, {"timeDuration", "timeDate", *_IN_ALL}),
    "sequenceFlow": (_NAMED | {"sourceRef", "targetRef", "isImmediate"}, {"conditionExpression", *_IN_ALL}),
    "conditionExpression": (_EXPRESSION, _IN_ALL),
    "timeDuration": (_EXPRESSION, _IN_ALL),
    "timeDate": (_EXPRESSION, _IN_ALL),
    "documentation": (_EXPRESSION | {"textFormat"}, set()),
    "extensionElements": (set(), set()),
    "flowNodeRef": (set(), set()),
    "incoming": (set(), set()),
    "outgoing": (set(), set()),
}
OUR_ELEMENTS = {"lane": "role", "sequenceFlow": "link"}  # in all others it is called “step”


def strange_in(node: Node, path: tuple[str, ...] = ()) -> Iterator[Strange]:
    """Everything within an element that is not understood, deepest last."""
    attributes, within = UNDERSTOOD[node.tag]
    for space, name in node.attributes:
        if not (space == XSI or (space == "" and name in attributes)):
            yield node.strange(f"The attribute “{name[:60]}” is not understood; leave it out.")
    for child in node.children:
        if child.space == DIAGRAM:
            continue  # how it was drawn; it is drawn anew here
        if node.tag == "extensionElements":
            if child.space != OURS or child.children or child.attributes:
                yield child.strange("Extensions of other products are not understood; leave them out.")
        elif child.space != BPMN or child.tag not in within:
            yield child.strange(f"“{child.tag[:60]}” is not understood here.")
        else:
            yield from strange_in(child, (*path, node.tag))
