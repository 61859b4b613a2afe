"""From sales to onboarding: what was promised reaches the people who have to keep it."""

from typing import Any

from portal.demo.people import PROJECTS, SUPPORT
from portal.demo.story import Step, Story, step


def signed(client: str, by: str, day: int, value: str, billing: str, promises: str, *then: Step, **more: Any) -> Story:
    """A client signed `day` working days ago; everything that must travel is there, and onboarding is offered it."""
    context = {"contract_value": value, "start_date": "+14d", "billing_contact": billing, "promises": promises}
    ready = [
        step(f"{day} 14:10", by, "draft"),
        step(f"{day} 14:20", by, "tick", item="scope_agreed"),
        step(f"{day} 14:22", by, "tick", item="billing_confirmed"),
        step(f"{day} 14:30", by, "attach", name="Signed contract.pdf", slot="contract"),
        step(f"{day} 15:05", by, "offer", message=f"{client} is looking forward to meeting you."),
    ]
    return Story(
        f"{client}: signed, ready for onboarding", "sales_onboarding", PROJECTS, [*ready, *then], context, **more
    )


def taken(day: int, who: str = "dana") -> list[Step]:
    """Seen, accepted and begun within the hour."""
    return [
        step(f"{day} 10:20", who, "view"),
        step("+12m", who, "accept"),
        step(f"{day} 11:30", who, "start"),
    ]


def kicked_off(day: int, who: str) -> list[Step]:
    """Welcomed, met, done."""
    return [
        step(f"{day} 10:00", who, "tick", item="welcome_sent"),
        step(f"{day} 10:20", who, "complete", result={"kickoff_at": "+2d 10:00"}),
    ]


STORIES = [
    signed(
        "Brightwater Hotels",
        "jonas",
        19,
        "48000",
        "accounts@brightwater.example",
        "Two training days on site, and the migration of the old bookings by the end of the quarter.",
        *taken(19),
        step("18 11:00", "dana", "note", body="Hannah prefers calls in the afternoon.", internal=True),
        *kicked_off(17, "dana"),
    ),
    signed(
        "Orchard Dental",
        "mara",
        18,
        "21500",
        "office@orchard.example",
        "A named contact in New York. Reminders to patients by text message from the first day.",
        step("18 10:30", "luis", "view"),
        step(
            "+15m",
            "luis",
            "return",
            reason="Which of the three practices starts first? It is not in the contract.",
            reason_code="missing_information",
        ),
        step(
            "17 10:05",
            "mara",
            "edit",
            context={
                "promises": "A named contact in New York. Text reminders from the first day. Albany starts.",
            },
        ),
        step("17 14:40", "mara", "offer", message="Albany first, the other two in spring."),
        step("+55m", "luis", "accept"),
        step("+2h", "luis", "start"),
        *kicked_off(15, "luis"),
    ),
    signed(
        "Fenwick Logistics",
        "jonas",
        12,
        "64000",
        "finance@fenwick.example",
        "Integration with their dispatch system within six weeks.",
        *taken(12, "grace"),
        step("11 09:30", "grace", "ask", body="Who at Fenwick can give us access to the dispatch system?"),
        step("10 10:15", "jonas", "answer", body="Peter Hale, their head of IT. He expects your call."),
        *kicked_off(9, "grace"),
        step("6 11:20", "jonas", "reopen", reason="Fenwick moved the kick-off; the new date has to be confirmed."),
        step("+70m", "grace", "accept"),
        step("5 09:40", "grace", "complete", result={"kickoff_at": "+6d 15:00"}),
    ),
    signed(
        "Larkspur Museums",
        "mara",
        9,
        "17200",
        "treasurer@larkspur.example",
        "Ticket scanning at four entrances before the summer.",
        *taken(9),
        step("6 10:00", "dana", "note", body="They still look for the list of devices."),
        summary="Small team on their side: one person does everything.",
    ),
    signed(
        "Hollis & Wray",
        "jonas",
        3,
        "33000",
        "ap@holliswray.example",
        "Single sign-on from the first day.",
        *taken(3, "grace"),
        step("2 10:30", "grace", "hold", reason="Their IT is moving offices and back next week.", until="+4d"),
    ),
    signed(
        "Tidewater Ferries",
        "jonas",
        1,
        "52000",
        "billing@tidewater.example",
        "Timetables in three languages. No change on weekends.",
        *taken(1, "luis"),
        step("1 15:10", "luis", "attach", name="Kick-off agenda.txt"),
        step("3h", "luis", "pass_on", to_team=SUPPORT, message="They run at night: your morning is their evening."),
        urgent=True,
    ),
    signed(
        "Pinecrest School",
        "mara",
        1,
        "9800",
        "office@pinecrest.example",
        "Free for the first term.",
        step("1 11:30", "dana", "view"),
        step(
            "1 14:30",
            "dana",
            "return",
            reason="The contract says two terms, the handoff says one. Which is it?",
            reason_code="wrong_information",
        ),
    ),
    Story(
        "Cobalt Insurance: signed, ready for onboarding",
        "sales_onboarding",
        PROJECTS,
        [
            step("4h", "jonas", "draft"),
            step("4h", "jonas", "tick", item="scope_agreed"),
            step("3h", "jonas", "note", body="The signed contract comes with tonight's mail.", internal=True),
        ],
        {"contract_value": "71000", "start_date": "+20d", "promises": "Data stays in Frankfurt."},
    ),
    signed(
        "Bellweather Farms",
        "jonas",
        2,
        "12400",
        "farm@bellweather.example",
        "Works offline in the barns.",
        *taken(2, "grace"),
        step(
            "3h",
            "grace",
            "hand_back",
            reason="This is a custom build, not an onboarding. Sales has to agree on it.",
        ),
        step("55m", "jonas", "view"),
    ),
    signed(
        "Quillfeather Press",
        "mara",
        11,
        "15800",
        "rights@quillfeather.example",
        "A trial until the end of the month.",
        step("10 11:00", "mara", "cancel", reason="They signed with somebody else after all."),
    ),
]
