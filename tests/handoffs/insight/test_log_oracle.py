"""The count that replays are compared with, on cases small enough to count by hand."""

import gzip
from pathlib import Path

import pytest

from tests.handoffs.insight.log_oracle import count

# Each step: name, resource, group; one minute apart.
Q, A, C = "Queued", "Accepted", "Completed"


def written(path: Path, *cases: list[tuple[str, str, str]]) -> str:
    def event(minute: int, name: str, resource: str, group: str) -> str:
        values = {"concept:name": name, "time:timestamp": f"2012-05-05T07:{minute:02}:00+02:00"}
        values |= {key: text for key, text in (("org:resource", resource), ("org:group", group)) if text}
        return "<event>" + "".join(f'<string key="{key}" value="{text}"/>' for key, text in values.items()) + "</event>"

    traces = (
        "<trace>" + "".join(event(minute, *step) for minute, step in enumerate(case)) + "</trace>" for case in cases
    )
    path.write_bytes(gzip.compress(f"<log>{''.join(traces)}</log>".encode()))
    return str(path)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(Q, "", "V5")], {"offers": 1, "open": 1}),  # the first event's group has the offer already
        ([(A, "Åse", "V5")], {"offers": 1, "accepted": 1}),
        ([(A, "", "")], {"offers": 1, "accepted": 1}),  # by “-” in “everyone”
        ([(A, "", ""), (A, "-", "everyone")], {"offers": 1, "accepted": 1}),
        ([(Q, "", "V5"), (Q, "", "V5")], {"offers": 1, "open": 1}),
        ([(Q, "", "V5"), (Q, "", "V6")], {"offers": 2, "superseded": 1, "open": 1}),
        ([(Q, "", "V5"), (A, "Åse", "V6")], {"offers": 2, "superseded": 1, "accepted": 1}),
        ([(A, "Åse", "V5"), (A, "Åse", "V6")], {"offers": 1, "accepted": 1}),  # the holder, in another group
        ([(A, "Åse", "V5"), (A, "Bo", "V5")], {"offers": 2, "accepted": 2}),
        ([(A, "Åse", "V5"), (Q, "Åse", "V6")], {"offers": 2, "accepted": 1, "open": 1}),
        ([(A, "Åse", "V5"), (Q, "Åse", "V6"), (A, "Åse", "V6")], {"offers": 2, "accepted": 1, "withdrawn": 1}),
        (
            [(A, "Åse", "V5"), (Q, "Åse", "V6"), (A, "Åse", "V5")],
            {"offers": 3, "accepted": 1, "superseded": 1, "withdrawn": 1},
        ),
        ([(C, "Åse", "V5")], {"offers": 1, "accepted": 1, "completed": 1}),
        ([(C, "Åse", "V5"), (C, "Bo", "V6")], {"offers": 1, "accepted": 1, "completed": 1}),
        ([(C, "Åse", "V5"), (A, "Åse", "V5")], {"offers": 2, "accepted": 2, "reopened": 1}),
        ([(C, "Åse", "V5"), (A, "Bo", "V5")], {"offers": 3, "accepted": 2, "superseded": 1, "reopened": 1}),
        ([(C, "Åse", "V5"), (Q, "Åse", "V6")], {"offers": 3, "accepted": 2, "open": 1, "reopened": 1}),
        (
            [(C, "Åse", "V5"), (Q, "", "V6")],  # “-” takes it back, and puts it into the queue
            {"offers": 4, "accepted": 2, "superseded": 1, "open": 1, "reopened": 1},
        ),
        (
            [(C, "Åse", "V5"), (A, "Åse", "V5"), (C, "Bo", "V5")],
            {"offers": 3, "accepted": 3, "reopened": 1, "completed": 1},
        ),
    ],
)
def test_one_case(tmp_path: Path, steps: list[tuple[str, str, str]], expected: dict[str, int]) -> None:
    nothing = dict.fromkeys(
        ("offers", "accepted", "returned", "withdrawn", "superseded", "open", "completed", "reopened"), 0
    )
    transfers = {"custody_transfers": expected.get("accepted", 0)}
    assert (
        count(written(tmp_path / "log.xes.gz", steps))
        == {"cases": 1, "events": len(steps)} | nothing | expected | transfers
    )


def test_the_first_cases_only(tmp_path: Path) -> None:
    path = written(tmp_path / "log.xes.gz", [(A, "Åse", "V5")], [(C, "Bo", "V6")], [(Q, "", "V7")])
    assert [count(path, first)["offers"] for first in (None, 2, 1)] == [3, 2, 1]
    assert [count(path, first)["completed"] for first in (None, 2, 1)] == [1, 1, 0]
