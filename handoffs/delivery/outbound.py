"""Outbound requests to addresses that people typed in reach public hosts only, whatever a name resolves to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings

# Public as addresses go, but they carry another one inside, or nobody in particular.
_DISGUISES = tuple(ip_network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96"))
_guarding: ContextVar[list[str] | None] = ContextVar("handrail_outbound", default=None)


class Unreachable(OSError):
    """The host is not one that we call."""


def is_public(address: str) -> bool:
    """Whether this IP address is one that anybody on the internet could reach."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    hidden = isinstance(ip, IPv6Address) and any(ip in net for net in _DISGUISES)
    return ip.is_global and not ip.is_multicast and not hidden


@contextmanager
def only_public() -> Iterator[list[str]]:
    """In the block, connections of `requests` are made to public addresses only; yields the hosts that were refused.

    Each connection resolves its host once and connects to the very address that was judged, so a name that answers
    otherwise the second time, or a redirect, gains nothing.
    """
    _install()
    refused: list[str] = []
    token = _guarding.set(None if settings.HANDRAIL_PRIVATE_CHAT else refused)
    try:
        yield refused
    finally:
        _guarding.reset(token)


@cache
def _install() -> None:
    """Puts the guard between urllib3 and the network, once; outside of `only_public` it is not felt."""
    from urllib3.util import connection

    original = connection.create_connection

    def guarded(address: tuple[str, int], *rest: Any, **options: Any) -> Any:
        refused = _guarding.get()
        if refused is None:
            return original(address, *rest, **options)
        host, port = address
        found = {info[4][0] for info in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)}
        public = sorted(str(ip) for ip in found if is_public(str(ip)))
        # One private answer among public ones is a trick, not a round robin.
        if len(public) < len(found):
            refused.append(host)
            raise Unreachable(f"{host} is not a public address")
        return original((public[0], port), *rest, **options)

    connection.create_connection = guarded
