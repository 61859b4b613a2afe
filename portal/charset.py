"""A charset that is no text encoding (base64, rot13) is refused at the door, where Django would fall over it."""

import codecs
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

SENTENCE = "The charset of your request is not a text encoding; send UTF-8."


def polite(application: Application) -> Application:
    """The application, which never hears of a charset that could not decode text; such a request gets a 415."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if is_text(environ.get("CONTENT_TYPE", "")):
            return application(environ, start_response)
        start_response("415 Unsupported Media Type", [("Content-Type", "text/plain; charset=utf-8")])
        return [SENTENCE.encode()]

    return answer


def is_text(content_type: str) -> bool:
    """Whether the charset it names, if any, is one that Django would either ignore or can decode text with."""
    message = Message()
    message["Content-Type"] = content_type.replace("\r", "").replace("\n", "")
    charset = message.get_param("charset", "")
    if not isinstance(charset, str) or not charset:
        return True
    try:
        return bool(codecs.lookup(charset)._is_text_encoding)
    except (LookupError, ValueError):
        return True
