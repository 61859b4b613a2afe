"""What is wrong with a flow: a sentence at its place. No Django in here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    `place` is a path into the document such as `steps/2/after/0/when` ('' is the whole), `code` is stable. An error
    keeps the flow from being published, a warning does not.
    """

    place: str
    sentence: str
    code: str
    is_error: bool = True

    def as_data(self) -> dict[str, Any]:
        """For the details of a refusal and for the API."""
        severity = "error" if self.is_error else "warning"
        return {"place": self.place, "sentence": self.sentence, "code": self.code, "severity": severity}


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those that keep a flow from being published."""
    return [problem for problem in problems if problem.is_error]
