"""bin/bench payday [--messages N] [--at-once N]: how fast, and at what cost, a fund is told.

Every message is encrypted for a device, signed for and delivered over TLS to a push service in
another process that takes 30 ms for each. The same for what others send with, in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.payday import service
from tests import nodejs

FAMILIES = 300_000


@dataclass(frozen=True)
class Taken:
    """What sending took."""

    messages: int
    seconds: float
    cpu: float

    @property
    def each(self) -> float:
        """Processor time of a message, in microseconds."""
        return self.cpu / self.messages * 1e6

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds


@dataclass(frozen=True)
class Peer:
    """Another way of sending, on how many messages, and how many times better we mean to be."""

    name: str
    title: str
    messages: int
    goal: float


PEERS = (
    Peer("loop", "(a) pywebpush.webpush() in a loop", 300, 12.0),
    Peer("session", "(b) webpush_async, one session", 4_000, 1.6),
    Peer("web-push", "(c) npm web-push, keep-alive", 4_000, 3.0),
)


class Bench:
    """Runs one way after the other against the same service."""

    def __init__(self, origin: str, certificate: Path, at_once: int) -> None:
        self._origin = origin
        self._certificate = certificate
        self._at_once = at_once

    def run(self, name: str, messages: int) -> Taken:
        """Send ``messages`` in one way, in a process of its own."""
        start = [sys.executable, "-m", "bench.payday.sending", name]
        environment = dict(os.environ)
        if name == "web-push":
            start = [str(nodejs.NODE), str(Path(__file__).with_name("web-push.cjs"))]
            environment["NODE_PATH"] = str(nodejs.packages())
        command = [*start, self._origin, str(self._certificate), str(messages), str(self._at_once)]
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return Taken(**json.loads(done.stdout))


def show(ours: Taken, bare: Taken, alone: Taken) -> None:
    """Say what the portal took, and where it went."""
    print(f"{'the portal':<36}{ours.rate:9,.0f}{ours.each:12,.0f}")
    print(f"{'    encryption':<45}{ours.each - bare.each:12,.0f}")
    print(f"{'    HTTP':<45}{bare.each - alone.each:12,.0f}")
    print(f"{'    the rest':<45}{alone.each:12,.0f}")


def main() -> int:
    """Measure and compare; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="bin/bench payday", description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--at-once", type=int, default=200)
    chosen = parser.parse_args()
    missed = 0
    with tempfile.TemporaryDirectory() as folder, service.running(Path(folder)) as where:
        bench = Bench(*where, chosen.at_once)
        print(f"{chosen.messages:,} messages, {chosen.at_once} at once, 30 ms each")
        print(f"{'':<36}{'messages/s':>9}{'CPU µs each':>12}{'ours is':>10}{'goal':>8}")
        ours = bench.run("ours", chosen.messages)
        part = min(chosen.messages, 20_000)
        show(ours, bench.run("ours_unencrypted", part), bench.run("ours_alone", part))
        for peer in PEERS:
            taken = bench.run(peer.name, min(peer.messages, chosen.messages))
            times = taken.each / ours.each
            missed += times < peer.goal
            figures = f"{taken.rate:9,.0f}{taken.each:12,.0f}{times:9.1f}×{peer.goal:7.1f}×"
            print(f"{peer.title:<36}{figures}", flush=True)
    minutes = FAMILIES / ours.rate / 60
    print(f"A fund of {FAMILIES:,} families: {minutes:.1f} minutes (goal: 5).")
    return int(missed > 0 or minutes > 5)


if __name__ == "__main__":
    sys.exit(main())
