"""Whose turn it was while work lay between hands: a client's, or that of the organization's own teams."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import NamedTuple

from handoffs.insight.figures.sums import Lane, Sums
from handoffs.insight.split import Phase

FOR_RECEIVER = (Phase.OFFERED, Phase.WAITING)
FOR_SENDER = (Phase.QUESTIONED, Phase.MENDING)
ZERO = timedelta()


class Sides(NamedTuple):
    """Working time between hands by whom it waited for; the two are all of it."""

    clients: timedelta
    own: timedelta


def sides(lanes: Mapping[Lane, Sums], client_teams: Collection[int]) -> Sides | None:
    """The receiver's turn is to accept and to start, the sender's to answer and to mend.

    None where no lane leads from or to one of these teams: then there is one side only.
    """
    if not any(team in client_teams for lane in lanes for team in lane):
        return None
    clients = own = ZERO
    for lane, each in lanes.items():
        for team, phases in ((lane.to_team, FOR_RECEIVER), (lane.from_team, FOR_SENDER)):
            waited = sum((each.spent(phase).inside for phase in phases), ZERO)
            if team in client_teams:
                clients += waited
            else:
                own += waited
    return Sides(clients, own)
