"""The payments page beside the same page in Django and in Quart with hand-written SQL.

``bin/bench pages [--families 100000] [--rounds 7] [--seconds 5] [--quick]``: 16 keep-alive
connections, as 500 families in turn; one process each, on the same SQLite file, in alternating
rounds. Before anything is measured the three pages are compared. Nothing is compressed.
"""

from __future__ import annotations

import asyncio
import re
from argparse import ArgumentParser
from dataclasses import dataclass, field
from statistics import median

from bench.common.fund import Fund, ready_fund
from bench.common.load import Round, fetch, run_round
from bench.common.process import keep_load_apart

from .peers import DJANGO_SERVERS, Peer, django, makers

WARM_UP = 3.0  # seconds
COMPARED = 20  # families
_HEAD = f"{'':12}{'requests/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'CPU ms':>9}{'MB':>7}"


class NotTheSamePage(Exception):
    """Two servers show other figures, so comparing their speed means nothing."""


@dataclass
class Measured:
    """The rounds of one server, and the processor's time for each of its requests."""

    rounds: list[Round] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """The median of the rounds."""
        return median(one.per_second for one in self.rounds)

    @property
    def p50(self) -> float:
        """The median of the rounds, in milliseconds."""
        return median(one.p50 for one in self.rounds)

    @property
    def p99(self) -> float:
        """The median of the rounds, in milliseconds."""
        return median(one.p99 for one in self.rounds)


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="bin/bench pages", description=__doc__)
    parser.add_argument("--families", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--quick", action="store_true", help="2,000 families, 3 rounds of 2 s")
    parser.add_argument("--django", choices=sorted(DJANGO_SERVERS), help="else the fastest")
    options = parser.parse_args()
    if options.quick:
        options.families, options.rounds, options.seconds = 2_000, 3, 2.0
    fund = ready_fund(options.families)
    keep_load_apart()
    served_by = options.django or _fastest_django(fund, options.seconds)
    peers: dict[str, Peer] = {}
    try:
        for name, make in makers(served_by).items():
            peers[name] = make(fund)
        asyncio.run(_compare(peers))
        _report(_measure(peers, options.rounds, options.seconds), peers, options.families)
    finally:
        for peer in peers.values():
            peer.server.stop()


def _fastest_django(fund: Fund, seconds: float) -> str:
    """Which server suits Django best on this machine."""
    rates = {}
    for name in DJANGO_SERVERS:
        peer = django(fund, name)
        try:
            _round(peer, WARM_UP)
            rates[name] = _round(peer, seconds).per_second
        finally:
            peer.server.stop()
        print(f"Django on {name:9}{rates[name]:7.0f} requests/s", flush=True)
    return max(rates, key=lambda name: rates[name])


def _round(peer: Peer, seconds: float) -> Round:
    return run_round(peer.server.port, peer.requests, seconds)


async def _compare(peers: dict[str, Peer]) -> None:
    """Raise NotTheSamePage when a server shows a family other payments, sums or bars."""
    for number in range(0, len(peers["ours"].requests), COMPARED):
        seen = {
            name: figures(await fetch(peer.server.port, peer.requests[number]))
            for name, peer in peers.items()
        }
        for name, found in seen.items():
            if found != seen["ours"] or len(found) < 50:
                differ = [pair for pair in zip(seen["ours"], found, strict=False)]
                first = next((pair for pair in differ if pair[0] != pair[1]), "one is shorter")
                raise NotTheSamePage(f"ours and {name}: {first}")


def figures(html: str) -> list[str]:
    """Every amount, link to a payment, state and bar of a page, in order."""
    return re.findall(
        r"€.[\d.,]+|/betaling/\d+|tag-\w+|<rect x=[^>]*>|<li><svg.*?</span>|ongelezen|"
        r'data-unread="\d+"|<text [^>]*>\d+',
        html,
    )


def _measure(peers: dict[str, Peer], rounds: int, seconds: float) -> dict[str, Measured]:
    measured = {name: Measured() for name in peers}
    for peer in peers.values():
        _round(peer, WARM_UP)
    for number in range(rounds):
        names = list(peers)
        for name in names[number % 3 :] + names[: number % 3]:
            before = peers[name].server.cpu_seconds()
            done = _round(peers[name], seconds)
            used = peers[name].server.cpu_seconds() - before
            measured[name].rounds.append(done)
            measured[name].cpu.append(used * 1000 / (done.per_second * seconds))
    return measured


def _report(measured: dict[str, Measured], peers: dict[str, Peer], families: int) -> None:
    ours = measured["ours"]
    print(f"{families:,} families, medians of {len(ours.rounds)} rounds\n{_HEAD}")
    for name, one in measured.items():
        print(
            f"{name:12}{one.per_second:12.0f}{one.p50:9.1f}{one.p99:9.1f}"
            f"{median(one.cpu):9.2f}{peers[name].server.megabytes():7.0f}"
        )
    for name, goal in (("Django", 2.5), ("Quart+SQL", 0.8)):
        other = measured[name]
        ratios = [
            a.per_second / b.per_second for a, b in zip(ours.rounds, other.rounds, strict=True)
        ]
        cpu = median(other.cpu) / median(ours.cpu) if median(ours.cpu) else 0
        print(
            f"ours / {name}: {median(ratios):.2f} (goal ≥ {goal}); "
            f"rounds {min(ratios):.2f} to {max(ratios):.2f}; by processor time {cpu:.2f}"
        )
    print(f"p99 ours {ours.p99:.1f} ms, Django {measured['Django'].p99:.1f} ms (goal: no worse)")


if __name__ == "__main__":
    main()
