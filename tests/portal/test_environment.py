"""Settings from the environment: typed, and loud when wrong."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from portal.environment import DEVELOPMENT_SECRET, ROOT, Unfit, read
from portal.mail_way import Mail, parse_mail

PRODUCTION = {
    "HANDRAIL_ENV": "production",
    "HANDRAIL_SECRET_KEY": "k" * 50,
    "HANDRAIL_HOSTS": "handrail.example.org",
    "HANDRAIL_ADDRESS": "https://handrail.example.org",
    "EMAIL_URL": "smtp://mail.example.org",
}


def problems(**environ: str) -> list[str]:
    with pytest.raises(Unfit) as caught:
        read(environ)
    return caught.value.problems


def test_an_empty_environment_is_development() -> None:
    environment = read({})
    assert (environment.production, environment.debug, environment.demo) == (False, True, True)
    assert environment.address == "http://localhost:8000"
    assert environment.documents_root == ROOT / ".data" / "documents"


def test_values_arrive_with_their_types() -> None:
    environment = read({
        "PORT": "8123",
        "HANDRAIL_DEBUG": "off",
        "HANDRAIL_HOSTS": "a.example, b.example",
        "HANDRAIL_DATA": "/srv/handrail",
        "HANDRAIL_DOCUMENT_LIMIT_BYTES": "1048576",
    })  # fmt: skip
    assert (environment.port, environment.debug) == (8123, False)
    assert environment.hosts == ("a.example", "b.example")
    assert environment.documents_root == Path("/srv/handrail/documents")
    assert environment.document_limit_bytes == 1024 * 1024


def test_every_mistake_is_named_at_once() -> None:
    found = problems(PORT="eighty", HANDRAIL_DEBUG="maybe", HANDRAIL_LOG="xml", HANDRAIL_ADDRESS="example.org")
    assert found == [
        "PORT must be a whole number from 1 to 65535, not 'eighty'.",
        "HANDRAIL_DEBUG must be yes or no, not 'maybe'.",
        "HANDRAIL_ADDRESS must be an address like https://handrail.example.org, not 'example.org'.",
        "HANDRAIL_LOG must be json or text, not 'xml'.",
    ]


def test_a_misspelt_setting_does_not_pass_in_silence() -> None:
    assert problems(HANDRAIL_DEBGU="no") == [
        "HANDRAIL_DEBGU is not a setting of Handrail; did you mean HANDRAIL_DEBUG?"
    ]


def test_a_fit_production_starts() -> None:
    environment = read(PRODUCTION)
    assert (environment.production, environment.debug, environment.demo, environment.log) == (
        True,
        False,
        False,
        "json",
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HANDRAIL_SECRET_KEY", ""),
        ("HANDRAIL_SECRET_KEY", DEVELOPMENT_SECRET),
        ("HANDRAIL_SECRET_KEY", "short"),
        ("HANDRAIL_DEBUG", "yes"),
        ("HANDRAIL_HOSTS", ""),
        ("HANDRAIL_HOSTS", "*"),
        ("HANDRAIL_ADDRESS", "http://handrail.example.org"),
        ("EMAIL_URL", ""),
    ],
)
def test_production_refuses(name: str, value: str) -> None:
    found = problems(**{**PRODUCTION, name: value})
    assert len(found) == 1
    assert found[0].startswith(name)


@pytest.mark.parametrize(
    ("address", "mail"),
    [
        ("smtp://mail.example", Mail("mail.example", 25, "", "", use_tls=False, use_ssl=False)),
        ("smtp+tls://ana:s%40fe@mail.example", Mail("mail.example", 587, "ana", "s@fe", use_tls=True, use_ssl=False)),
        ("smtps://mail.example:4465", Mail("mail.example", 4465, "", "", use_tls=False, use_ssl=True)),
    ],
)
def test_a_mail_server_by_its_address(address: str, mail: Mail) -> None:
    assert parse_mail(address) == mail


def test_any_mail_backend_takes_the_place_of_a_server() -> None:
    environment = read({
        **PRODUCTION,
        "EMAIL_URL": "",
        "HANDRAIL_MAIL_BACKEND": "anymail.backends.mailgun.EmailBackend",
        "HANDRAIL_MAIL_SETTINGS": '{"ANYMAIL": {"MAILGUN_API_KEY": "k"}}',
    })  # fmt: skip
    assert environment.mail_backend == "anymail.backends.mailgun.EmailBackend"
    assert environment.mail_settings == {"ANYMAIL": {"MAILGUN_API_KEY": "k"}}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"HANDRAIL_MAIL_BACKEND": "smtp"}, "the dotted name of a Django mail backend's class"),
        ({"HANDRAIL_MAIL_BACKEND": "a.B", "HANDRAIL_MAIL_SETTINGS": "[]"}, "a JSON object of that backend's settings"),
        ({"HANDRAIL_MAIL_BACKEND": "a.B", "HANDRAIL_MAIL_SETTINGS": '{"key": 1}'}, "their names in capitals"),
        ({"HANDRAIL_MAIL_SETTINGS": '{"KEY": 1}'}, "that HANDRAIL_MAIL_BACKEND names, and none is"),
    ],
)
def test_a_mail_backend_that_cannot_be_right(given: dict[str, str], sentence: str) -> None:
    [found] = problems(**given)
    assert sentence in found


def test_a_mail_backend_sends_and_changes_nothing_of_ours() -> None:
    environ = {**os.environ, "HANDRAIL_MAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    send = [sys.executable, "manage.py", "sendtestemail", "ana@fjord.example"]
    done = subprocess.run(send, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert "To: ana@fjord.example" in done.stdout, done.stderr
    environ["HANDRAIL_MAIL_SETTINGS"] = '{"SECRET_KEY": "known"}'
    done = subprocess.run(send, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert "HANDRAIL_MAIL_SETTINGS cannot change SECRET_KEY" in done.stderr


def test_the_command_line_says_it_in_sentences_and_not_in_a_traceback() -> None:
    environ = {**os.environ, "PORT": "0", "DATABASE_URL": "mysql://a@b/c"}
    done = subprocess.run([sys.executable, "manage.py", "check"], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr == "Handrail cannot start:\n  - PORT must be a whole number from 1 to 65535, not '0'.\n"
