"""BPMN 2.0 XML: the common core comes in as a plan, and a plan goes out as a process. No Django in here.

Tasks are handoffs, lanes are roles, timers are waits, an event in between that throws nothing is a milestone. Gateways
are no steps: they become the conditions of the links. What BPMN has no word for travels in elements of our own, which
its schema leaves room for, so that what goes out comes in as the same.
"""

from handoffs.flows.bpmn.reading import Taken, read
from handoffs.flows.bpmn.writing import written
from handoffs.flows.bpmn.xml import NotUnderstood, Strange

__all__ = ["NotUnderstood", "Strange", "Taken", "read", "written"]
