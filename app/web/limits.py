"""How often a visitor may knock: whom a limit counts, and where the counts are kept."""

from __future__ import annotations

from datetime import datetime
from ipaddress import IPv6Address, ip_address

from quart import request
from quart_rate_limiter.store import RateLimiterStoreABC

from app.clock import now

IPV6_NETWORK = 64  # bits: what one visitor is given, and could knock from with any address of it
CLEAN_FROM = 1_000  # counts kept before those whose time has passed are dropped


def visitor_network(address: str) -> str:
    """Whom a limit counts: an IPv4 address, or the /64 that an IPv6 address is in."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    host_bits = 128 - IPV6_NETWORK
    return f"{IPv6Address(int(found) >> host_bits << host_bits)}/{IPV6_NETWORK}"


async def key_of_visitor() -> str:
    """The key that quart-rate-limiter counts this request under."""
    return visitor_network(request.remote_addr or "")


class ForgetfulStore(RateLimiterStoreABC):
    """Counts in memory, of this process; those whose time has passed are dropped now and then."""

    def __init__(self, clean_from: int = CLEAN_FROM) -> None:
        self._tats: dict[str, datetime] = {}
        self._smallest = clean_from
        self._clean_from = clean_from

    async def get(self, key: str, default: datetime) -> datetime:
        """When the visitor has been quiet long enough (the theoretical arrival time)."""
        return self._tats.get(key, default)

    async def set(self, key: str, tat: datetime) -> None:
        """Keep that time, and drop what has passed when there is much."""
        self._tats[key] = tat
        if len(self._tats) >= self._clean_from:
            present = now()
            self._tats = {known: time for known, time in self._tats.items() if time > present}
            self._clean_from = max(self._smallest, 2 * len(self._tats))

    def __len__(self) -> int:
        return len(self._tats)

    async def before_serving(self) -> None:
        """Nothing to open."""

    async def after_serving(self) -> None:
        """Nothing to close."""
