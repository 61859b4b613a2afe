"""The mailbox of development: what Django keeps is shown, and nothing in a mail gets out of its frame."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client

from portal.environment import current, parse_mail
from portal.mailbox.reading import newest
from portal.mailbox.urls import addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "EMAIL_FILE_PATH", tmp_path / "mail")
    return tmp_path / "mail"


def keep(*subjects: str, html: str = "<p>Please <b>accept</b></p>", text: str = "Please accept", to: str = "") -> None:
    """Keeps mails as the running product does; several at once share a file."""
    mails = []
    for subject in subjects:
        mail = EmailMultiAlternatives(subject, text, to=[to or "Ben Å. <ben@fjord.example>"])
        if html:
            mail.attach_alternative(html, "text/html")
        mails.append(mail)
    backend = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=settings.EMAIL_FILE_PATH)
    assert backend.send_messages(mails) == len(mails)


def test_an_empty_mailbox_says_so(client: Client) -> None:
    page = client.get("/dev/mail/")
    assert page.status_code == 200
    assert b"No mail yet" in page.content


def test_the_newest_is_first_whichever_file_it_is_in(client: Client, directory: Path) -> None:
    keep("First", "Second")
    keep("Third")
    assert [mail.subject for mail in newest(directory, 10)] == ["Third", "Second", "First"]
    assert [mail.subject for mail in newest(directory, 2)] == ["Third", "Second"]
    page = client.get("/dev/mail/").content.decode()
    assert page.index("Third") < page.index("Second") < page.index("First")
    assert "ben@fjord.example" in page


def test_one_mail_shows_its_headers_its_text_and_its_html(client: Client, directory: Path) -> None:
    keep("Für Ben", text="See http://localhost:8000/o/fjord/ <now>\n")
    [kept] = newest(directory, 10)
    assert kept.reader == "Ben Å."
    page = client.get(f"/dev/mail/{kept.key}/").content.decode()
    assert "Für Ben" in page
    assert "Ben Å." in page
    assert '<a href="http://localhost:8000/o/fjord/"' in page
    assert "&lt;now&gt;" in page
    assert f'src="/dev/mail/{kept.key}/html/"' in page
    body = client.get(f"/dev/mail/{kept.key}/html/")
    assert "Please <b>accept</b>" in body.content.decode()


def test_a_mail_is_caged(client: Client, directory: Path) -> None:
    keep("<script>alert(1)</script>", html="<html><head></head><script>alert(2)</script></html>")
    [kept] = newest(directory, 10)
    page = client.get(f"/dev/mail/{kept.key}/")
    assert b"<script>alert" not in page.content
    body = client.get(f"/dev/mail/{kept.key}/html/")
    policy = body.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "script" not in policy
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert b'<head><base target="_top">' in body.content


def test_a_mail_without_html_has_no_frame(client: Client, directory: Path) -> None:
    keep("Plain", html="")
    [kept] = newest(directory, 10)
    assert b"<iframe" not in client.get(f"/dev/mail/{kept.key}/").content
    assert client.get(f"/dev/mail/{kept.key}/html/").status_code == 404


@pytest.mark.parametrize(
    "key",
    ["20260101-000000-1.0", "20260101-000000-1.9999", "..", "..%2fsecret.0", "%00", "20260101-000000-1", "x" * 300],
)
def test_a_key_finds_mails_and_nothing_else(client: Client, directory: Path, key: str) -> None:
    keep("Here")
    (directory.parent / "secret.log").write_bytes(b"Subject: secret\n\nsecret")
    for address in (f"/dev/mail/{key}/", f"/dev/mail/{key}/html/"):
        assert client.get(address).status_code == 404


def test_it_only_reads(client: Client, directory: Path) -> None:
    keep("Here")
    [kept] = newest(directory, 10)
    for address in ("/dev/mail/", f"/dev/mail/{kept.key}/", f"/dev/mail/{kept.key}/html/"):
        assert client.post(address).status_code == 405


def test_there_is_none_where_other_people_rely_on_it() -> None:
    here = current()
    assert addresses(replace(here, production=False, mail=None))
    assert addresses(replace(here, production=True, mail=None)) == []
    assert addresses(replace(here, production=False, mail=parse_mail("smtp://mail.fjord.example"))) == []
