"""The ways of sending that are compared; each runs in a process of its own.

``python -m bench.payday.sending NAME ORIGIN CERTIFICATE MESSAGES AT_ONCE`` prints one line of
JSON: messages, seconds and processor seconds (of the sending alone, not of the start).
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import ssl
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02
from pywebpush import webpush, webpush_async

from app.notifications.push import sender as sending
from app.notifications.push.encryption import encrypt
from app.notifications.push.endpoints import PushServices
from app.notifications.push.outcomes import Answer, Result
from app.notifications.push.payload import Kind, Notification, build
from app.notifications.push.transport import Done, Transport
from app.notifications.push.vapid import KeyPair, Vapid
from tests.push_service import Device

DEVICES = 1_000  # different keys; every message has an address of its own
SUBJECT = "mailto:push@fonds.example"
TTL = 7 * 86_400
PAID = Notification(
    title="Er is een nieuwe betaling",
    body="Open Mijn Kinderbijslag om ze te bekijken.",
    lang="nl",
    tag="payment",
    navigate="https://portaal.example.be/betalingen",
)


@dataclass(frozen=True)
class Job:
    """What is to be sent, to where, and how many at once."""

    origin: str
    certificate: Path
    messages: int
    at_once: int


class Meter:
    """Counts seconds and processor seconds of this process while the block runs."""

    def __enter__(self) -> Meter:
        self._seconds, self._cpu = time.perf_counter(), _cpu()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds = time.perf_counter() - self._seconds
        self.cpu = _cpu() - self._cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _devices(job: Job) -> list[Device]:
    return [Device(job.origin) for _ in range(min(DEVICES, job.messages))]


def _endpoint(job: Job, number: int) -> str:
    return f"{job.origin}/fcm/send/{number:07d}{'x' * 150}"


# The portal


def ours(job: Job) -> Meter:
    """The portal's own sender."""
    return asyncio.run(_send(job))


def ours_unencrypted(job: Job) -> Meter:
    """The same without encryption: shows what that costs."""
    ready = encrypt(build(PAID), _devices(job)[0].p256dh, "BTBZMqHH6r4Tts7J_aSIgg")
    sending.__dict__["encrypt"] = lambda *_: ready
    return asyncio.run(_send(job))


def ours_alone(job: Job) -> Meter:
    """The same without encryption and without HTTP: what is left is our own work."""
    sending.__dict__["encrypt"] = lambda *_: b"x"
    return asyncio.run(_send(job, _Nowhere()))


class _Nowhere(Transport):
    """Answers at once that all is well."""

    def __init__(self) -> None:
        super().__init__(lambda _: False)

    def post(self, url: str, headers: Sequence[str], body: bytes, done: Done) -> None:
        asyncio.get_running_loop().call_soon(done, Answer(201))


async def _send(job: Job, transport: Transport | None = None) -> Meter:
    services = PushServices([], allow_loopback=True)
    key = KeyPair.of(ec.generate_private_key(ec.SECP256R1()))
    transport = transport or Transport(services.may_connect, roots=job.certificate)
    sender = sending.Sender(services, Vapid([key], SUBJECT), transport, at_once=job.at_once)
    devices = _devices(job)

    def messages() -> Iterator[sending.Outgoing]:
        for number in range(job.messages):
            device = devices[number % len(devices)]
            yield sending.Outgoing(
                number,
                _endpoint(job, number),
                device.p256dh,
                device.auth,
                key.version,
                Kind.PAYMENT,
                PAID,
            )

    with Meter() as meter:
        results = Counter([outcome.result async for outcome in sender.send_all(messages())])
    await sender.close()
    if results != {Result.DELIVERED: job.messages}:
        raise RuntimeError(f"not everything was delivered: {results}")
    return meter


# Its peers, each as its own documentation shows


def loop(job: Job) -> Meter:
    """``pywebpush.webpush()``, one message after another."""
    os.environ["REQUESTS_CA_BUNDLE"] = str(job.certificate)
    vapid, devices, text = _vapid(), _devices(job), build(PAID).decode()
    with Meter() as meter:
        for number in range(job.messages):
            webpush(
                _subscription(job, number, devices),
                text,
                vapid_private_key=vapid,
                vapid_claims={"sub": SUBJECT},
                ttl=TTL,
                timeout=30,
            )
    return meter


def session(job: Job) -> Meter:
    """``webpush_async`` with one aiohttp session, many at once."""
    return asyncio.run(_session(job))


async def _session(job: Job) -> Meter:
    vapid, devices, text = _vapid(), _devices(job), build(PAID).decode()
    trust = ssl.create_default_context(cafile=str(job.certificate))
    connector = aiohttp.TCPConnector(ssl=trust, limit=job.at_once)
    numbers = iter(range(job.messages))

    async def work(client: aiohttp.ClientSession) -> None:
        for number in numbers:
            await webpush_async(
                _subscription(job, number, devices),
                text,
                vapid_private_key=vapid,
                vapid_claims={"sub": SUBJECT},
                ttl=TTL,
                timeout=aiohttp.ClientTimeout(30),
                aiohttp_session=client,
            )

    async with aiohttp.ClientSession(connector=connector) as client:
        workers: list[Awaitable[None]] = [work(client) for _ in range(job.at_once)]
        with Meter() as meter:
            await asyncio.gather(*workers)
    return meter


def _vapid() -> Vapid02:
    return Vapid02(ec.generate_private_key(ec.SECP256R1()))


def _subscription(job: Job, number: int, devices: list[Device]) -> dict[str, object]:
    device = devices[number % len(devices)]
    keys = {"p256dh": device.p256dh, "auth": device.auth}
    return {"endpoint": _endpoint(job, number), "keys": keys}


WAYS: dict[str, Callable[[Job], Meter]] = {
    function.__name__: function for function in (ours, ours_unencrypted, ours_alone, loop, session)
}


def main(name: str, origin: str, certificate: str, messages: str, at_once: str) -> None:
    """Send in one way and print what it took."""
    job = Job(origin, Path(certificate), int(messages), int(at_once))
    meter = WAYS[name](job)
    print(json.dumps({"messages": job.messages, "seconds": meter.seconds, "cpu": meter.cpu}))


if __name__ == "__main__":
    main(*sys.argv[1:])
