"""With the clients: documents asked for, decisions asked for, and what clients ask of Kestrel."""

from typing import Any

from portal.demo.people import BRIGHTWATER, ONBOARDING, ORCHARD, SALES, SUPPORT
from portal.demo.story import Step, Story, step


def documents(title: str, where: str, by: str, when: str, purpose: str, *then: Step, **more: Any) -> Story:
    """A client is asked for documents."""
    steps = [step(when, by, "draft"), step(when, by, "offer", to_team=where), *then]
    return Story(title, "document_request", where, steps, {"purpose": purpose, "needed_by": "+7d"}, **more)


def decision(
    title: str, where: str, by: str, when: str, subject: str, *then: Step, to: str = "", amount: str = ""
) -> Story:
    """Somebody is asked to decide."""
    steps = [step(when, by, "draft"), step(when, by, "offer", to_team=to or where), *then]
    return Story(title, "approval", where, steps, {"subject": subject, **({"amount": amount} if amount else {})})


def asked(title: str, where: str, by: str, when: str, expected: str, to: str, *then: Step, **more: Any) -> Story:
    """Plainly asked for."""
    steps = [step(when, by, "draft"), step(when, by, "offer", to_team=to), *then]
    return Story(title, "plain", where, steps, {"expected": expected}, **more)


STORIES = [
    documents(
        "Floor plans of the three hotels",
        BRIGHTWATER,
        "dana",
        "16 10:00",
        "We place the check-in terminals on paper before anybody drills.",
        step("15 09:30", "hannah", "view"),
        step("15 09:45", "hannah", "accept"),
        step("14 11:00", "hannah", "attach", name="Hotel Pier, ground floor.pdf", slot="requested"),
        step("14 11:05", "hannah", "attach", name="Hotel Dunes, ground floor.pdf", slot="requested"),
        step("13 16:30", "hannah", "attach", name="Hotel Mill, ground floor.pdf", slot="requested"),
        step("13 16:40", "hannah", "complete", result={"remarks": "Hotel Mill will be rebuilt in autumn."}),
    ),
    documents(
        "List of rooms and rates",
        BRIGHTWATER,
        "grace",
        "8 09:30",
        "The import needs every room once, with its rate in summer and winter.",
        step("7 10:20", "omar", "view"),
        step("7 10:30", "omar", "ask", body="Does a suite with two doors count once or twice?"),
        step("7 09:15", "grace", "answer", body="Once. Please note both numbers in the last column."),
        step("6 09:40", "omar", "accept"),
        step("6 09:45", "omar", "start"),
        step("5 14:00", "omar", "attach", name="Rooms and rates.csv", slot="requested"),
        step("5 15:10", "omar", "attach", name="Rooms and rates.csv", slot="requested"),
        step("5 15:30", "omar", "complete"),
    ),
    documents(
        "Signed data processing agreement",
        ORCHARD,
        "luis",
        "4 10:00",
        "Without it we may not take over any patient's data.",
        step("2 14:00", "luis", "nudge"),
        summary="Their lawyer has it; Elena asked twice already.",
    ),
    documents(
        "Logo and colours",
        ORCHARD,
        "luis",
        "10 11:00",
        "For the patients' pages.",
        step("10 13:30", "noah", "accept"),
        step("9 09:00", "noah", "attach", name="Logo.txt", slot="requested"),
        step("9 09:10", "noah", "complete", result={"remarks": "The green one is the right one."}),
    ),
    documents(
        "Opening hours of the Albany practice",
        ORCHARD,
        "luis",
        "90m",
        "Reminders must not ring at a closed practice.",
    ),
    documents(
        "Staff list for the training days",
        BRIGHTWATER,
        "dana",
        "2 09:30",
        "Who comes on which of the two days.",
        step("1 10:00", "hannah", "view"),
        step("1 10:10", "hannah", "accept"),
        step("1 10:30", "hannah", "start"),
        step("1 16:00", "hannah", "attach", name="Day one.csv", slot="requested"),
    ),
    decision(
        "Wording of the welcome message",
        BRIGHTWATER,
        "dana",
        "14 09:30",
        "“Welcome to Brightwater, your room is ready.” Sent two hours before arrival.",
        step("13 09:20", "hannah", "accept"),
        step(
            "13 11:00",
            "hannah",
            "complete",
            result={"decision": "Approved with changes", "grounds": "Say “your key” instead of “your room”."},
        ),
    ),
    decision(
        "Four more terminals",
        BRIGHTWATER,
        "hannah",
        "7 11:00",
        "Two for each of the larger lobbies.",
        step("7 13:10", "jonas", "accept"),
        step(
            "7 15:00", "jonas", "complete", result={"decision": "Approved", "grounds": "Covered by the frame contract."}
        ),
        to=SALES,
        amount="7600",
    ),
    decision(
        "Texts of the reminders",
        ORCHARD,
        "luis",
        "3h",
        "Three texts: a week before, a day before, and after a missed visit.",
        step("70m", "elena", "view"),
        step("65m", "elena", "accept"),
    ),
    decision(
        "Go-live date for Hotel Pier",
        BRIGHTWATER,
        "dana",
        "110m",
        "The first Monday of next month, before noon.",
        step("80m", "omar", "view"),
        step("75m", "omar", "ask", body="Could it be the Tuesday? Monday is check-out day."),
    ),
    asked(
        "Invoice shows the old address",
        BRIGHTWATER,
        "omar",
        "11 10:00",
        "A corrected invoice for last month.",
        SUPPORT,
        step("10 09:00", "weiling", "view"),
        step("10 09:05", "weiling", "redirect", to_team=SALES, message="Invoices are made by sales."),
        step("10 10:30", "mara", "accept"),
        step("10 15:30", "mara", "complete", result={"outcome": "Corrected and sent on the same day."}),
    ),
    asked(
        "Guests cannot change their arrival time",
        BRIGHTWATER,
        "hannah",
        "5 15:00",
        "They see an empty page after “Change”.",
        SUPPORT,
        step("4 08:50", "weiling", "accept"),
        step("4 09:00", "weiling", "start"),
        step("4 14:00", "weiling", "note", body="Only on older tablets. A fix is being tried.", internal=True),
        step("3 10:00", "weiling", "note", body="We found it and are testing the correction on your tablets."),
        urgent=True,
    ),
    asked(
        "A second login for the front desk",
        ORCHARD,
        "noah",
        "2 10:00",
        "The afternoon shift shares one today.",
        ONBOARDING,
        step("2 10:40", "grace", "accept"),
        step("2 11:00", "grace", "complete", result={"outcome": "Made, and the invitation is in Noah's mailbox."}),
    ),
    asked(
        "Please explain the statistics page",
        ORCHARD,
        "elena",
        "35m",
        "Half an hour on the phone would do.",
        SUPPORT,
    ),
]
