"""Around the clock: incidents between support and the people on call, shifts handed over, pages answered."""

from typing import Any

from portal.demo.firm import PAGE
from portal.demo.people import ON_CALL, ONBOARDING, PROJECTS, SUPPORT
from portal.demo.story import Step, Story, step


def report(title: str, by: str, when: str, to: str, told: tuple[str, str, str, str], *then: Step, **more: Any) -> Story:
    """Situation, background, assessment, recommendation."""
    context = dict(zip(("situation", "background", "assessment", "recommendation"), told, strict=True))
    steps = [step(when, by, "draft"), step(when, by, "offer", to_team=to), *then]
    return Story(title, "sbar", PROJECTS, steps, context, **more)


def shift(name: str, by: str, when: str, incidents: str, quiet: bool, *then: Step, watch: str = "") -> Story:
    """What the next shift must know."""
    context = {"open_incidents": incidents, "quiet": quiet, **({"watch": watch} if watch else {})}
    steps = [step(when, by, "draft"), step(when, by, "tick", item="pager_tested"), step(when, by, "offer"), *then]
    return Story(f"On-call shift: {name}", "on_call", PROJECTS, steps, context)


STORIES = [
    report(
        "Bookings arrive twice",
        "weiling",
        "13 09:00",
        ON_CALL,
        (
            "Every tenth booking of Brightwater is there twice.",
            "Since last night's release.",
            "The queue delivers again after a time-out.",
            "Make the import ignore what it has seen, today.",
        ),
        step("13 09:12", "arjun", "view"),
        step("13 09:15", "arjun", "accept"),
        step("13 09:20", "arjun", "start"),
        step("13 09:30", "arjun", "share", to="tom"),
        step("13 09:31", "arjun", "share", to=ONBOARDING),
        step("13 12:40", "arjun", "link", url="https://status.kestrel.example/incidents/118", label="Incident 118"),
        step("13 14:05", "arjun", "unshare", to="tom"),
        step("13 14:10", "arjun", "complete", result={"action": "The import ignores repeated bookings; 41 removed."}),
        urgent=True,
    ),
    report(
        "Certificates end on Friday",
        "arjun",
        "8 10:00",
        ON_CALL,
        (
            "Two certificates end on Friday.",
            "Their renewal failed silently.",
            "Nobody is affected yet.",
            "Renew by hand, then repair the renewal.",
        ),
        step("8 10:20", "weiling", "accept"),
        step(
            "8 10:30", "weiling", "pass_on", to_team=ONBOARDING, to_member="luis", message="The keys are in New York."
        ),
        step("8 09:05", "luis", "accept"),
        step("8 09:30", "luis", "start"),
        step("7 10:00", "luis", "complete", result={"action": "Renewed; the renewal now tells when it fails."}),
    ),
    report(
        "Slow searches in the afternoon",
        "grace",
        "6 15:00",
        SUPPORT,
        (
            "Searches take up to nine seconds.",
            "Every day from three to four, New York time.",
            "A nightly job of Singapore runs then.",
            "Move the job by four hours.",
        ),
        step("5 08:40", "arjun", "accept"),
        step("5 09:00", "arjun", "start"),
        step("4 10:00", "weiling", "take_over", reason="Arjun is away until Monday."),
        step("3 09:15", "weiling", "hold", reason="Waiting for the next maintenance window.", until="+3d"),
    ),
    report(
        "Export for the auditors is empty",
        "mara",
        "1 09:30",
        SUPPORT,
        (
            "The yearly export contains no rows.",
            "The auditors come next week.",
            "Perhaps the new filter.",
            "Look today; tell Tom when it is repaired.",
        ),
        summary="Late on purpose: look at its timeline to see the alarms and where they went.",
        urgent=True,
    ),
    report(
        "Text messages to Canada are refused",
        "luis",
        "50m",
        SUPPORT,
        (
            "All text messages to Canada fail.",
            "The provider changed its rules this morning.",
            "A registration is missing.",
            "Register, and send mail meanwhile.",
        ),
    ),
    shift(
        "Singapore to New York",
        "arjun",
        "12 17:10",
        "None.",
        True,
        step("+4m", "luis", "view"),
        step("+2m", "luis", "accept"),
        step("+8h", "luis", "complete"),
    ),
    shift(
        "New York to Singapore",
        "luis",
        "12 17:25",
        "Bookings of Brightwater are watched until tomorrow.",
        True,
        step("+5m", "weiling", "accept"),
        step("+9h", "weiling", "complete"),
    ),
    shift(
        "Singapore to Berlin",
        "weiling",
        "5 16:50",
        "Slow searches, see the report.",
        False,
        step("+6m", "jonas", "accept"),
        step("+8h", "jonas", "complete"),
        watch="The disk of the reporting server is at 81 %.",
    ),
    shift(
        "Berlin to Singapore",
        "jonas",
        "4 17:05",
        "Slow searches, with Wei Ling.",
        True,
        step("+19m", "arjun", "accept"),
        step("+9h", "arjun", "complete"),
    ),
    shift(
        "New York to Singapore, the latest",
        "luis",
        "1 17:20",
        "Export for the auditors.",
        False,
        step("+6m", "arjun", "accept"),
        watch="Tidewater runs through the night.",
    ),
    Story(
        "Check-in terminals of Hotel Pier are dark",
        PAGE,
        PROJECTS,
        [
            step("10 11:00", "jonas", "draft"),
            step("10 11:00", "jonas", "offer"),
            step("+3m", "arjun", "accept"),
            step("+40m", "arjun", "complete", result={"cause": "A power cut in the street."}),
        ],
        {"what": "All six terminals", "seen": "Screens dark since eleven."},
        urgent=True,
    ),
    Story(
        "Sign-in answers with an error",
        PAGE,
        PROJECTS,
        [
            step("2 14:00", "mara", "draft"),
            step("2 14:00", "mara", "offer"),
            step(
                "+0m",
                "jonas",
                "return",
                reason="Already repaired: a release was rolled back.",
                reason_code="duplicate",
            ),
            step("+20m", "mara", "cancel", reason="Repaired before the page went out."),
        ],
        {"what": "The sign-in page"},
    ),
]
