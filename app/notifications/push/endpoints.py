"""Which addresses may be called: a subscription is an address that a browser made our server call.

Only https, only the standard port, only hosts of known push services, and only when such a host
is at a public address at the very moment of connecting (so that a name cannot change in between).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

MAX_LENGTH = 1000  # FCM uses 190, Windows up to 500

# Nothing that one parser could read differently from another: no user name, no fragment, no
# backslash, no percent sign in the host, no space or control character, ASCII only.
_URL = re.compile(r"https://([a-z0-9.-]{1,253})(?::([0-9]{1,5}))?(/[!-\"$-\[\]-~]*)", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")

# Addresses that carry an IPv4 address inside reach whatever that one reaches.
_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")
_PROTOCOLS = IPv4Network("192.0.0.0/24")  # which Python 3.11 takes for public


class EndpointRefused(Exception):
    """An endpoint that we do not call; the text is a reason for the log, without the address."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that may be called, and whose it is.

    ``service`` is the entry of the list that allowed it (what concurrency is counted by),
    ``origin`` what the VAPID token must be made out to (RFC 8292, section 2).
    """

    url: str
    origin: str
    service: str


class PushServices:
    """The push services that we call.

    ``hosts`` holds names, and ``*.name`` for everything below a name. ``allow_loopback``
    is for tests and for the demo: then this machine itself may be called too, on any port.
    """

    def __init__(self, hosts: Iterable[str], *, allow_loopback: bool = False) -> None:
        names = [host.lower() for host in hosts]
        self._exact = {name for name in names if not name.startswith("*.")}
        self._below = tuple(name[1:] for name in names if name.startswith("*."))
        self._allow_loopback = allow_loopback

    def check(self, url: str) -> Endpoint:
        """The endpoint of a subscription. Raises EndpointRefused."""
        if len(url) > MAX_LENGTH:
            raise EndpointRefused("too_long")
        match = _URL.fullmatch(url)
        if match is None:
            raise EndpointRefused("not_an_https_address")
        host, port = match[1].lower(), int(match[2] or 443)
        if not all(_LABEL.fullmatch(label) for label in host.split(".")):
            raise EndpointRefused("not_a_host_name")
        service = self._service(host)
        if port != 443 and not (service == "loopback" and 0 < port < 65536):
            raise EndpointRefused("other_port")
        origin = f"https://{host}" if port == 443 else f"https://{host}:{port}"
        return Endpoint(f"{origin}{match[3]}", origin, service)

    def _service(self, host: str) -> str:
        if self._allow_loopback and (host in {"localhost", "127.0.0.1"} or _below_localhost(host)):
            return "loopback"
        if host in self._exact:
            return host
        for suffix in self._below:
            if host.endswith(suffix):
                return f"*{suffix}"
        raise EndpointRefused("not_a_push_service")

    def may_connect(self, address: str) -> bool:
        """Whether a connection may be opened to this IP address (asked for every connection)."""
        try:
            ip = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        ip = _embedded(ip)
        if ip.is_loopback:
            return self._allow_loopback
        return is_public(ip)


def is_public(ip: IPv4Address | IPv6Address) -> bool:
    """Whether an address is one of the public internet, and of one receiver."""
    if isinstance(ip, IPv6Address) and (ip.sixtofour or ip.teredo or ip in _NAT64_LOCAL):
        return False  # tunnels: whatever lies behind cannot be judged
    if isinstance(ip, IPv4Address) and ip in _PROTOCOLS:
        return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    if isinstance(ip, IPv6Address):
        if ip.ipv4_mapped is not None:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return IPv4Address(ip.packed[-4:])
    return ip


def _below_localhost(host: str) -> bool:
    return host.endswith(".localhost")
