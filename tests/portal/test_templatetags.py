"""Icons, times, states, people and hues, as templates use them."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.forms import CharField, CheckboxSelectMultiple, FileField, Form, MultipleChoiceField
from django.template import Context, Template
from django.utils import translation

from handoffs.lifecycle import OfferState, State
from portal import hues
from portal.environment import ROOT
from portal.templatetags import icons, parts, people, states, times

NOW = datetime(2026, 11, 23, 9, 50, tzinfo=UTC)  # a Monday
TALLINN = "Europe/Tallinn"
CSS = ROOT / "portal" / "static" / "handrail" / "css"


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(hours=1, minutes=12), "1 h 12 m"),
        (timedelta(hours=3), "3 h"),
        (timedelta(minutes=-22), "22 m"),
        (timedelta(days=3, hours=4, minutes=50), "3 d 4 h"),
        (timedelta(days=2, minutes=5), "2 d"),
        (40, "40 s"),
        (59.9, "59 s"),
        (60, "1 m"),
        (0, "0 s"),
        (None, ""),
    ],
)
def test_durations_in_words(duration: timedelta | float | None, words: str) -> None:
    assert times.human(duration) == words


@pytest.mark.parametrize(
    ("duration", "words"),
    [(timedelta(hours=1), "1 h left"), (timedelta(0), "0 s left"), (timedelta(minutes=-22), "22 m late"), (None, "")],
)
def test_what_is_left_says_whether_it_is_late(duration: timedelta | None, words: str) -> None:
    assert times.left(duration) == words


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        (datetime(2026, 11, 23, 11, 2, tzinfo=UTC), "today 13:02 Tallinn"),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), "tomorrow 00:30 Tallinn"),
        (datetime(2026, 11, 22, 21, 59, tzinfo=UTC), "yesterday 23:59 Tallinn"),
        (datetime(2026, 11, 27, 7, 0, tzinfo=UTC), "Fri 09:00 Tallinn"),
        (datetime(2026, 11, 30, 7, 0, tzinfo=UTC), "30 Nov 09:00 Tallinn"),
        (datetime(2027, 1, 4, 7, 0, tzinfo=UTC), "4 Jan 2027 09:00 Tallinn"),
    ],
)
def test_an_instant_names_its_day_as_the_reader_sees_it(instant: datetime, words: str) -> None:
    assert times.in_words(instant, TALLINN, NOW) == words


def test_in_brief_leaves_out_the_day_of_today_and_the_place() -> None:
    assert times.in_brief(NOW, TALLINN, NOW) == "11:50"
    assert times.in_brief(NOW - timedelta(days=3), TALLINN, NOW) == "Fri 11:50"


def test_days_speak_the_readers_language() -> None:
    with translation.override("de"):
        assert times.in_brief(NOW - timedelta(days=3), TALLINN, NOW).startswith("Fr")


def test_a_zone_may_be_a_name_a_zone_or_the_one_in_force() -> None:
    zone = ZoneInfo("America/New_York")
    assert times.in_words(NOW, zone, NOW) == times.in_words(NOW, "America/New_York", NOW) == "today 04:50 New York"
    assert times.in_words(NOW, "", NOW) == times.in_words(NOW, None, NOW) == "today 09:50 UTC"


def test_when_is_a_time_element_that_machines_read_in_utc() -> None:
    html = times.when(datetime(2020, 1, 2, 3, 4, tzinfo=UTC), TALLINN)
    assert '<time datetime="2020-01-02T03:04:00+00:00" title="2 January 2020, 05:04 Tallinn">' in html
    assert ">2 Jan 2020 05:04 Tallinn</time>" in html
    assert times.when(None, TALLINN) == times.briefly(None) == ""


@pytest.mark.parametrize("state", [*State, *OfferState, "late", "waiting_for_you"])
def test_every_state_has_a_look_with_an_icon_that_exists(state: str) -> None:
    look = states.look(state)
    assert look.tone in {"quiet", "accent", "warn", "danger", "good"}
    assert "<path" in icons.icon(look.icon)
    assert str(look.word)


def test_a_state_without_a_look_cannot_go_unnoticed() -> None:
    with pytest.raises(KeyError):
        states.look("mislaid")


@pytest.mark.parametrize(
    ("percent", "tone"), [(0, "accent"), (49, "accent"), (50, "warn"), (99, "warn"), (100, "danger")]
)
def test_a_clock_warns_from_half_on(percent: int, tone: str) -> None:
    assert states.clock_tone(percent) == tone


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in icons.icon("inbox")
    named = icons.icon("x", label='Close "it"')
    assert 'role="img" aria-label="Close &quot;it&quot;"' in named
    assert "aria-hidden" not in named


def test_an_icon_carries_no_style_that_the_policy_would_refuse() -> None:
    assert " style=" not in icons.icon("hourglass")
    assert "xmlns" not in icons.icon("hourglass")


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        icons.icon("no-such-drawing")


@pytest.mark.parametrize(
    ("who", "letters"),
    [
        (SimpleNamespace(name="Priya Raman"), "PR"),
        (SimpleNamespace(name="Onboarding"), "ON"),
        ("Ana Maria de la Cruz", "AC"),
        ("Jean-Luc", "JL"),
        ("ö", "Ö"),
        ("-", "?"),
        ("", "?"),
        (None, "?"),
    ],
)
def test_initials(who: object, letters: str) -> None:
    assert people.initials(who) == letters


class Sample(Form):
    line = CharField()
    several = MultipleChoiceField(choices=[("a", "A")], widget=CheckboxSelectMultiple)
    document = FileField()


def test_each_kind_of_control_is_known() -> None:
    form = Sample()
    assert [parts.control(form[name]) for name in ("line", "several", "document")] == ["line", "choices", "file"]


def test_a_document_has_the_icon_of_its_name() -> None:
    assert parts.file_icon("Contract.PDF") == "file-type-pdf"
    assert parts.file_icon("notes") == "file-text"


def test_here_knows_the_page_that_is_shown() -> None:
    template = Template("{% load parts %}{% here address as there %}{{ there }}")
    request = SimpleNamespace(get_full_path=lambda: "/o/fjord/sent/?page=2")
    assert template.render(Context({"request": request, "address": "/o/fjord/sent/"})) == "True"
    assert template.render(Context({"request": request, "address": "/o/fjord/"})) == "False"
    assert template.render(Context({"address": "/o/fjord/"})) == "False"


def test_a_hue_is_the_nearest_of_those_we_have() -> None:
    assert [hues.nearest(hue) for hue in (0, 4, 6, 254, 256, 355, 360)] == [0, 0, 10, 250, 260, 0, 0]
    assert parts.hue(SimpleNamespace(hue=0)) == 0
    assert parts.hue(None) == hues.DEFAULT


def test_the_stylesheet_of_hues_is_the_one_that_is_computed() -> None:
    assert (CSS / "hues.css").read_text() == hues.stylesheet()


def tokens(scheme: int, hue: int) -> dict[str, hues.Colour]:
    """The colours of tokens.css in light (0) or dark (1), as linear sRGB."""
    vivid = (hues.LIGHT, hues.LIGHT_CHROMA) if scheme == 0 else (hues.DARK, hues.DARK_CHROMA)
    values = {"var(--hue)": str(hue), "var(--vivid)": str(hues.strongest(vivid[0], hue, vivid[1]))}
    values["var(--vivid-dark)"] = values["var(--vivid)"]
    found = {}
    for name, *both in re.findall(r"--(\w[\w-]*): light-dark\(oklch\((.+?)\), oklch\((.+?)\)\);", css_text()):
        numbers = both[scheme]
        for variable, value in values.items():
            numbers = numbers.replace(variable, value)
        lightness, chroma, angle = map(float, numbers.split())
        found[name] = hues.linear(lightness, chroma, angle)
    return found


def css_text() -> str:
    return (CSS / "tokens.css").read_text()


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("hue", hues.HUES)
def test_text_can_be_read_in_every_hue(hue: int, scheme: int) -> None:
    colours = tokens(scheme, hue)
    grounds = ("page", "surface", "tint")
    pairs = [(ink, ground) for ink in ("ink", "soft", "accent", "danger") for ground in grounds]
    pairs += [("on-accent", "accent"), ("warn", "surface"), ("good", "surface")]
    faint = {pair: hues.contrast(colours[pair[0]], colours[pair[1]]) for pair in pairs}
    assert not {pair: ratio for pair, ratio in faint.items() if ratio < 4.5}
    assert min(hues.contrast(colours["edge"], colours[ground]) for ground in ("page", "surface")) >= 3
