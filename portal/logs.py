"""Logging: lines for people in development, one JSON object a line in production."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

from .environment import Environment


class JsonLines(logging.Formatter):
    """Formats each record as one JSON object, so that a machine can read the log of a whole installation."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON with time, level, logger, message and, if there was one, the traceback."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def configuration(environment: Environment) -> dict[str, Any]:
    """The logging set-up of Django for this environment."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "text": {"format": "{asctime} {levelname:<7} {name}: {message}", "datefmt": "%H:%M:%S", "style": "{"},
            "json": {"()": "portal.logs.JsonLines"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": environment.log}},
        "root": {"handlers": ["console"], "level": "INFO"},
        "loggers": {
            "django": {"level": "INFO"},
            "django-q": {"level": "WARNING", "handlers": ["console"], "propagate": False},
        },
    }
