"""Mentions: “@Name” in a note, found among the people whom its writer may mention. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

# At the beginning of a word: an address like ana@fjord.example mentions nobody.
_AT = re.compile(r"(?<![\w@.])@(?=\w)")


def mentioned(words: str, people: Iterable[tuple[int, str]]) -> list[int]:
    """The ids of those whose name follows an “@” in these words, in the order in which they come, each once.

    The longest name that fits counts, in any case; the first name is enough where only one has it. Who shares a name
    is mentioned with everybody who has it.
    """
    places = [found.end() for found in _AT.finditer(words)]
    if not places:
        return []
    called = _by_name(people)
    longest_first = sorted(called, key=len, reverse=True)
    low = words.casefold()
    found: dict[int, None] = {}
    for place in places:
        name = next((name for name in longest_first if _stands(name, low, place)), None)
        found |= dict.fromkeys(called[name]) if name else {}
    return list(found)


def _stands(name: str, low: str, place: int) -> bool:
    """Whether this name stands there, and no longer word."""
    end = place + len(name)
    return low.startswith(name, place) and not (low[end : end + 1].isalnum() and name[-1:].isalnum())


def _by_name(people: Iterable[tuple[int, str]]) -> Mapping[str, list[int]]:
    everybody = [(id, " ".join(name.split()).casefold()) for id, name in people if name.strip()]
    called: dict[str, list[int]] = {}
    for id, name in everybody:
        called.setdefault(name, []).append(id)
    firsts = Counter(name.partition(" ")[0] for _, name in everybody)
    for id, name in everybody:
        first = name.partition(" ")[0]
        if firsts[first] == 1:
            called.setdefault(first, [id])
    return called
