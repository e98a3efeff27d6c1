"""Sends messages: checks, encrypts, signs and posts them, and says what became of each."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import structlog

from . import payload
from .breaker import Breaker
from .encryption import KeysUnusable, encrypt
from .endpoints import Endpoint, EndpointRefused, PushServices
from .outcomes import Answer, Outcome, Result, judge
from .payload import HANDLING, Kind, Notification
from .transport import Transport
from .vapid import Vapid

AT_ONCE = 200  # messages under way to one push service: 4,000 a second at 50 ms
AHEAD = 1_000  # messages taken from the caller and not yet answered
_BATCH = 16  # messages encrypted before others on this event loop get their turn: 3 ms
_MAX_BREAKERS = 512

_HEADERS = {
    kind: (
        f"TTL: {handling.ttl}",
        f"Urgency: {handling.urgency}",
        "Content-Encoding: aes128gcm",
        "Content-Type: application/octet-stream",
    )
    for kind, handling in HANDLING.items()
}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to one subscription; ``id`` comes back with the outcome.

    ``key_version`` is the key pair that the subscription was made with.
    """

    id: Hashable
    endpoint: str
    p256dh: str
    auth: str
    key_version: str
    kind: Kind
    notification: Notification
    badge: int | None = None


class Sender:
    """Sends through one transport; may be used by several tasks of one event loop at once."""

    def __init__(
        self,
        services: PushServices,
        vapid: Vapid,
        transport: Transport | None = None,
        *,
        at_once: int = AT_ONCE,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._vapid = vapid
        self._transport = transport or Transport(services.may_connect)
        self._at_once = at_once
        self._clock = clock
        self._monotonic = monotonic
        self._under_way: Counter[str] = Counter()
        self._breakers: OrderedDict[str, Breaker] = OrderedDict()
        self._runs: set[_Run] = set()

    async def close(self) -> None:
        """Break off what is under way (its outcome is then "failed") and close the connections."""
        await self._transport.close()

    async def send(self, message: Outgoing) -> Outcome:
        """Send one message."""
        outcomes = [outcome async for outcome in self.send_all([message])]
        return outcomes[0]

    async def send_all(self, messages: Iterable[Outgoing]) -> AsyncGenerator[Outcome, None]:
        """Send messages and give what became of each, in the order in which that becomes known.

        Takes at most AHEAD messages more than it has given outcomes for. Raises nothing on
        account of a message. Whoever stops listening leaves what is under way without an outcome.
        """
        run = _Run(iter(messages))
        self._runs.add(run)
        try:
            while not run.finished:
                more = self._pump(run)
                given = len(run.outcomes)
                for _ in range(given):
                    run.unanswered -= 1
                    yield run.outcomes.popleft()
                if more or given:
                    await asyncio.sleep(0)
                elif not run.finished:
                    await run.changed.wait()
                run.changed.clear()
        finally:
            self._runs.discard(run)

    def paused(self) -> dict[str, float]:
        """The push services that are left alone now, and for how many seconds more."""
        now = self._monotonic()
        waits = ((origin, breaker.wait(now)) for origin, breaker in self._breakers.items())
        return {origin: seconds for origin, seconds in waits if seconds}

    def _pump(self, run: _Run) -> bool:
        """Start some messages; whether more could be started right away."""
        for _ in range(_BATCH):
            ready = self._next(run)
            if ready is None:
                return False
            outcome = self._start(run, *ready)
            if outcome is not None:
                run.outcomes.append(outcome)
        return True

    def _next(self, run: _Run) -> tuple[Outgoing, Endpoint] | None:
        """The next message that may go; one busy push service does not hold up the others."""
        for service, lane in run.waiting.items():
            if lane and self._under_way[service] < self._at_once:
                return lane.popleft()
        while run.unanswered < AHEAD:
            message = next(run.source, None)
            if message is None:
                run.exhausted = True
                break
            run.unanswered += 1
            try:
                endpoint = self._services.check(message.endpoint)
            except EndpointRefused as refusal:
                reason = str(refusal)
                run.outcomes.append(Outcome(message.id, Result.UNSENDABLE, reason=reason))
                continue
            if self._under_way[endpoint.service] < self._at_once:
                return message, endpoint
            run.waiting[endpoint.service].append((message, endpoint))
        return None

    def _start(self, run: _Run, message: Outgoing, endpoint: Endpoint) -> Outcome | None:
        """Send a message on its way, or say why not."""
        breaker = self._breaker(endpoint.origin)
        now = self._monotonic()
        if seconds := breaker.wait(now):
            return Outcome(
                message.id, Result.POSTPONED, retry_after=seconds, reason="service_paused"
            )
        try:
            body = self._body(message, endpoint)
            headers = self._headers(message, endpoint)
        except payload.PayloadTooLarge:
            return Outcome(message.id, Result.TOO_LARGE, reason="before_sending")
        except KeysUnusable:
            return Outcome(message.id, Result.UNSENDABLE, reason="keys_unusable")
        except KeyError:
            return Outcome(message.id, Result.UNSENDABLE, reason="key_version_unknown")
        breaker.take(now)
        self._under_way[endpoint.service] += 1
        done = partial(self._done, run, message.id, endpoint, breaker)
        self._transport.post(endpoint.url, headers, body, done)
        return None

    def _body(self, message: Outgoing, endpoint: Endpoint) -> bytes:
        limit = payload.limit_at(endpoint.origin)
        content = payload.build(message.notification, message.badge, limit)
        return encrypt(content, message.p256dh, message.auth)

    def _headers(self, message: Outgoing, endpoint: Endpoint) -> list[str]:
        token = self._vapid.header(endpoint.origin, message.key_version, self._clock())
        topic = payload.topic(message.notification.tag, message.auth)
        return [*_HEADERS[message.kind], f"Topic: {topic}", f"Authorization: {token}"]

    def _done(
        self, run: _Run, id_: Hashable, endpoint: Endpoint, breaker: Breaker, answer: Answer
    ) -> None:
        self._under_way[endpoint.service] -= 1
        outcome = judge(id_, answer)
        self._judge_service(endpoint, breaker, outcome)
        run.outcomes.append(outcome)
        for one in self._runs:  # another run may wait for the place that came free
            one.changed.set()

    def _judge_service(self, endpoint: Endpoint, breaker: Breaker, outcome: Outcome) -> None:
        now = self._monotonic()
        before = breaker.wait(now)
        if outcome.result in {Result.FAILED, Result.THROTTLED}:
            breaker.failed(now, outcome.retry_after)
        else:
            breaker.succeeded()
        after = breaker.wait(now)
        if after and not before:
            log.warning("push_service_paused", service=endpoint.origin, seconds=round(after))

    def _breaker(self, origin: str) -> Breaker:
        breaker = self._breakers.get(origin)
        if breaker is None:
            breaker = self._breakers[origin] = Breaker()
            if len(self._breakers) > _MAX_BREAKERS:  # hosts below a known name can be made up
                self._breakers.popitem(last=False)
        return breaker


class _Run:
    """The messages of one call, between the caller and the transport."""

    def __init__(self, source: Iterator[Outgoing]) -> None:
        self.source = source
        self.exhausted = False
        self.unanswered = 0  # taken from the caller, outcome not given yet
        self.waiting: defaultdict[str, deque[tuple[Outgoing, Endpoint]]] = defaultdict(deque)
        self.outcomes: deque[Outcome] = deque()
        self.changed = asyncio.Event()

    @property
    def finished(self) -> bool:
        return self.exhausted and not self.unanswered
