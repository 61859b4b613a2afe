"""Settings from the environment: typed, with every mistake named at once in a sentence."""

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .mail_way import Mail, parse_dotted, parse_mail, parse_settings

ROOT = Path(__file__).resolve().parent.parent
# Good enough for one machine and known to everybody who reads this: production refuses it.
DEVELOPMENT_SECRET = "only-for-development-and-tests-never-where-others-can-reach-it"
LOCAL_HOSTS = ("localhost", ".localhost", "127.0.0.1", "[::1]")
MIB = 1024 * 1024
T = TypeVar("T")


class Unfit(Exception):
    """Handrail cannot start like this; each problem is one sentence for the person who starts it."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("Handrail cannot start:\n" + "\n".join(f"  - {problem}" for problem in self.problems))


@dataclass(frozen=True)
class Limits:
    """Beyond which figures the site is not well: seconds that something may wait, and a number of failed tasks."""

    heartbeat: int
    undelivered: int
    alarm: int
    queue: int
    failed: int


@dataclass(frozen=True)
class Environment:
    """All that may differ from one installation to another."""

    production: bool
    test: bool
    test_suffix: str
    debug: bool
    demo: bool
    self_service: bool
    secret_key: str
    hosts: tuple[str, ...]
    address: str
    behind_proxy: bool
    bind: str
    port: int
    database_url: str
    prepare: bool
    data: Path
    documents_root: Path
    document_limit_bytes: int
    mail: Mail | None
    mail_backend: str
    mail_settings: Mapping[str, Any]
    mail_from: str
    mail_timeout_seconds: int
    pushes_per_hour: int
    private_chat: bool
    log: str
    queue_workers: int
    task_seconds: int
    metrics_token: str
    limits: Limits


class Reader:
    """Reads variables of one environment and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []
        self.known: set[str] = set()

    def text(self, name: str, default: str) -> str:
        """The variable without surrounding blanks; unset and empty mean the default."""
        self.known.add(name)
        return self.environ.get(name, "").strip() or default

    def parsed(self, name: str, default: T, parse: Callable[[str], T], wanted: str) -> T:
        """The variable as `parse` reads it; a ValueError becomes a problem that says what was wanted."""
        raw = self.text(name, "")
        if not raw:
            return default
        try:
            return parse(raw)
        except ValueError:
            self.problems.append(f"{name} must be {wanted}, not {raw!r}.")
            return default

    def yes(self, name: str, default: bool) -> bool:
        """A yes-or-no variable."""
        return self.parsed(name, default, parse_yes, "yes or no")

    def number(self, name: str, default: int, least: int, most: int) -> int:
        """A whole number between two bounds, both allowed."""

        def parse(raw: str) -> int:
            number = int(raw)
            if not least <= number <= most:
                raise ValueError(raw)
            return number

        return self.parsed(name, default, parse, f"a whole number from {least} to {most}")

    def choice(self, name: str, default: str, among: tuple[str, ...]) -> str:
        """One of a few words."""

        def parse(raw: str) -> str:
            return among[among.index(raw)]

        return self.parsed(name, default, parse, " or ".join(among))

    def unknown(self) -> list[str]:
        """A sentence for each HANDRAIL_ variable that nobody reads: a misspelt setting must not pass in silence."""
        strangers = sorted(name for name in self.environ if name.startswith("HANDRAIL_") and name not in self.known)
        return [f"{name} is not a setting of Handrail{self._meant(name)}" for name in strangers]

    def _meant(self, name: str) -> str:
        near = get_close_matches(name, self.known, n=1)
        return f"; did you mean {near[0]}?" if near else "."


def parse_yes(raw: str) -> bool:
    """Yes or no in the usual spellings."""
    if raw.lower() in {"1", "yes", "true", "on"}:
        return True
    if raw.lower() in {"0", "no", "false", "off"}:
        return False
    raise ValueError(raw)


def parse_names(raw: str) -> tuple[str, ...]:
    """Names separated by commas."""
    return tuple(name.strip() for name in raw.split(",") if name.strip())


def parse_address(raw: str) -> str:
    """The public address of the site, without a path."""
    parts = urlsplit(raw)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError(raw)
    return f"{parts.scheme}://{parts.netloc}"


def read_limits(reader: Reader) -> Limits:
    """When the site is not well; the defaults leave room for a restart."""
    week = 7 * 24 * 3600
    return Limits(
        heartbeat=reader.number("HANDRAIL_LIMIT_HEARTBEAT_SECONDS", 30, 10, week),
        undelivered=reader.number("HANDRAIL_LIMIT_UNDELIVERED_SECONDS", 300, 1, week),
        alarm=reader.number("HANDRAIL_LIMIT_ALARM_SECONDS", 120, 1, week),
        queue=reader.number("HANDRAIL_LIMIT_QUEUE_SECONDS", 300, 1, week),
        failed=reader.number("HANDRAIL_LIMIT_FAILED_TASKS", 10, 0, 1_000_000),
    )


def read(environ: Mapping[str, str]) -> Environment:
    """The environment as typed settings; raises Unfit with every problem there is."""
    reader = Reader(environ)
    production = reader.choice("HANDRAIL_ENV", "development", ("development", "production")) == "production"
    # pytest announces itself, so tests and all they start use the test server without being told.
    test = reader.yes("HANDRAIL_TEST", "PYTEST_VERSION" in environ)
    port = reader.number("PORT", 8000, 1, 65535)
    data = reader.parsed("HANDRAIL_DATA", ROOT / ".data", lambda raw: Path(raw).absolute(), "a directory")
    environment = Environment(
        production=production,
        test=test,
        test_suffix=reader.text("HANDRAIL_TEST_SUFFIX", ""),
        debug=reader.yes("HANDRAIL_DEBUG", not production and not test),
        demo=reader.yes("HANDRAIL_DEMO", not production),
        self_service=reader.yes("HANDRAIL_SELF_SERVICE", not production),
        secret_key=reader.text("HANDRAIL_SECRET_KEY", DEVELOPMENT_SECRET),
        hosts=reader.parsed(
            "HANDRAIL_HOSTS", () if production else LOCAL_HOSTS, parse_names, "names separated by commas"
        ),
        address=reader.parsed(
            "HANDRAIL_ADDRESS",
            f"http://localhost:{port}",
            parse_address,
            "an address like https://handrail.example.org",
        ),
        behind_proxy=reader.yes("HANDRAIL_BEHIND_PROXY", False),
        bind=reader.text("HANDRAIL_BIND", "127.0.0.1"),
        port=port,
        database_url=reader.text("DATABASE_URL", ""),
        prepare=reader.yes("HANDRAIL_PREPARE", True),
        data=data,
        documents_root=reader.parsed("HANDRAIL_DOCUMENTS_ROOT", data / "documents", Path, "a directory"),
        document_limit_bytes=reader.number("HANDRAIL_DOCUMENT_LIMIT_BYTES", 25 * MIB, 1024, 2048 * MIB),
        mail=reader.parsed("EMAIL_URL", None, parse_mail, "like smtp://user:password@host:port (or smtps, smtp+tls)"),
        mail_backend=reader.parsed(
            "HANDRAIL_MAIL_BACKEND", "", parse_dotted, "the dotted name of a Django mail backend's class"
        ),
        mail_settings=reader.parsed(
            "HANDRAIL_MAIL_SETTINGS",
            {},
            parse_settings,
            "a JSON object of that backend's settings, their names in capitals",
        ),
        mail_from=reader.text("HANDRAIL_MAIL_FROM", "Handrail <handrail@localhost>"),
        mail_timeout_seconds=reader.number("HANDRAIL_MAIL_TIMEOUT_SECONDS", 20, 1, 50),
        pushes_per_hour=reader.number("HANDRAIL_PUSHES_PER_HOUR", 20, 1, 1000),
        private_chat=reader.yes("HANDRAIL_PRIVATE_CHAT", False),
        log=reader.choice("HANDRAIL_LOG", "json" if production else "text", ("json", "text")),
        queue_workers=reader.number("HANDRAIL_QUEUE_WORKERS", 3, 2, 64),
        task_seconds=reader.number("HANDRAIL_TASK_SECONDS", 60, 5, 3600),
        metrics_token=reader.text("HANDRAIL_METRICS_TOKEN", ""),
        limits=read_limits(reader),
    )
    if environment.mail_settings and not environment.mail_backend:
        reader.problems.append(
            "HANDRAIL_MAIL_SETTINGS is for the backend that HANDRAIL_MAIL_BACKEND names, and none is."
        )
    problems = [*reader.problems, *reader.unknown(), *(unfit_for_production(environment) if production else [])]
    if problems:
        raise Unfit(problems)
    return environment


def unfit_for_production(environment: Environment) -> list[str]:
    """What must not be as it is where other people rely on it."""
    wrong = {
        "HANDRAIL_SECRET_KEY must be set in production, to a random text of 50 characters or more.": (
            environment.secret_key == DEVELOPMENT_SECRET or len(environment.secret_key) < 50
        ),
        "HANDRAIL_DEBUG must be off in production: its error pages show settings and data.": environment.debug,
        "HANDRAIL_HOSTS must name the hosts this site answers to in production, without *.": (
            not environment.hosts or "*" in environment.hosts
        ),
        "HANDRAIL_ADDRESS must be the public https address in production: links in mail start with it.": (
            not environment.address.startswith("https://")
        ),
        "EMAIL_URL must name a mail server in production, or HANDRAIL_MAIL_BACKEND another way for mail to go: "
        "alarms and invitations travel by mail.": environment.mail is None and not environment.mail_backend,
        "HANDRAIL_METRICS_TOKEN must be 20 characters or more, or nothing at all.": (
            0 < len(environment.metrics_token) < 20
        ),
    }
    return [sentence for sentence, is_wrong in wrong.items() if is_wrong]


@cache
def current() -> Environment:
    """The environment of this process, read once."""
    return read(os.environ)
