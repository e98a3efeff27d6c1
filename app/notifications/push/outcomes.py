"""What became of a message, in the words that the outbox acts on."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """What became of a message, and thereby what to do with it and with the subscription."""

    DELIVERED = "delivered"  # the push service has it: done
    GONE = "gone"  # the subscription ended: remove it
    TOO_LARGE = "too_large"  # mend the text: trying again does not help
    THROTTLED = "throttled"  # too many: again after retry_after seconds
    REFUSED = "refused"  # our token or request is wrong: alarm, keep the subscription
    FAILED = "failed"  # trouble on their side or on the way: again later
    POSTPONED = "postponed"  # not tried: the service is down; again after retry_after seconds
    UNSENDABLE = "unsendable"  # not tried: the subscription cannot be used by us


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the message ``id``; ``reason`` is a word for the log, never personal."""

    id: Hashable
    result: Result
    status: int = 0
    retry_after: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a request: a status, or 0 and why there was none."""

    status: int
    retry_after: float | None = None
    body: bytes = b""
    trouble: str = ""


_GONE = {404, 410}  # RFC 8030, sections 7.3 and 8.1
_DONE = {200, 201, 202, 204}
_AGAIN = {408, 425}
_REASON = re.compile(rb'"(?:reason|error|code|errno)"\s*:\s*"?([A-Za-z0-9_ -]{1,40})')


def judge(id_: Hashable, answer: Answer) -> Outcome:
    """Turn an answer into what became of the message."""
    status = answer.status
    if not status:
        return Outcome(id_, Result.FAILED, reason=answer.trouble)
    if status in _DONE:
        return Outcome(id_, Result.DELIVERED, status)
    reason = _reason(answer.body)
    return Outcome(id_, _result(status), status, answer.retry_after, reason)


def _result(status: int) -> Result:
    if status in _GONE:
        return Result.GONE
    if status == 413:
        return Result.TOO_LARGE
    if status == 429:
        return Result.THROTTLED
    if 400 <= status < 500 and status not in _AGAIN:
        return Result.REFUSED
    return Result.FAILED  # 5xx; and 3xx, for we follow no redirect


def _reason(body: bytes) -> str:
    """The word in which push services give their reason, such as BadJwtToken; nothing else."""
    match = _REASON.search(body)
    return match[1].decode("ascii") if match else ""
