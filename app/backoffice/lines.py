"""A feed as bytes: cut into lines, each line into one JSON object, with little memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any, BinaryIO, NamedTuple

import msgspec

from app.backoffice import schema

LONGEST_LINE = 20_000_000  # bytes: a PDF of 10 MB is 13.4 MB in base64
_PROGRESS_STEP = 1 << 18
_BOM = b"\xef\xbb\xbf"
_NO_FAULTS: list[tuple[str, str]] = []

Progress = Callable[[int], None]


class Line(NamedTuple):
    """A line that is not blank; ``raw`` is None when it is longer than any record may be."""

    number: int
    raw: bytes | None


class Record(NamedTuple):
    """A record that keeps to the schema. ``digest`` names its content, however it is spelled."""

    line: int
    data: dict[str, Any]
    digest: str


class LineError(Exception):
    """A line that is no JSON object of the feed."""


class Reader:
    """Lines of a binary stream, one at a time; one can be put back."""

    def __init__(self, stream: BinaryIO, progress: Progress | None = None) -> None:
        self._stream = stream
        self._progress = progress
        self._unreported = 0
        self._put_back: Line | None = None
        self.number = 0

    def put_back(self, line: Line) -> None:
        """Let ``next`` give this line again."""
        self._put_back = line

    def next(self) -> Line | None:
        """The next line that is not blank, without its line end; None at the end."""
        if self._put_back is not None:
            line, self._put_back = self._put_back, None
            return line
        while raw := self._stream.readline(LONGEST_LINE + 1):
            self.number += 1
            self._unreported += len(raw)
            if self._unreported >= _PROGRESS_STEP:
                self._report()
            if len(raw) > LONGEST_LINE:
                self._skip_rest(raw)
                return Line(self.number, None)
            if self.number == 1:
                raw = raw.removeprefix(_BOM)
            raw = raw.strip(b" \t\r\n")
            if raw:
                return Line(self.number, raw)
        self._report()
        return None

    def _skip_rest(self, raw: bytes) -> None:
        while raw and not raw.endswith(b"\n"):
            raw = self._stream.readline(_PROGRESS_STEP)
            self._unreported += len(raw)
            self._report()

    def _report(self) -> None:
        if self._progress:
            self._progress(self._unreported)
        self._unreported = 0


def _float_as_text(text: str) -> str:
    # The feed has whole numbers only. As text a 12.0 is refused for its type by the schema.
    return text


_decode = msgspec.json.Decoder(float_hook=_float_as_text).decode
_without_blanks = msgspec.json.format
_encode = msgspec.json.Encoder(order="sorted").encode


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object on a line. Raises LineError."""
    try:
        data = _decode(raw)
    except UnicodeDecodeError:
        raise LineError("is not UTF-8 text") from None
    except RecursionError:
        raise LineError("is nested too deeply") from None
    except msgspec.MsgspecError as error:
        reason = str(error).removeprefix("JSON is malformed: ")
        raise LineError(f"is not JSON: {reason}") from None
    if not isinstance(data, dict):
        raise LineError("must be one JSON object")
    return data


def content_digest(data: dict[str, Any]) -> str:
    """SHA-256 of a record, the same for every order of keys and spelling of text."""
    return sha256(_encode(data)).hexdigest()


def digest_and_faults(data: dict[str, Any], raw: bytes) -> tuple[str, list[tuple[str, str]]]:
    """The digest of a valid record, and the keys that its line repeats (the last one would win).

    Without blanks a line is as long as what was read from it, written anew: a repeated key makes
    it longer. So do needless escapes, which is why it is then read again, with all its keys.
    """
    encoded = _encode(data)
    digest = sha256(encoded).hexdigest()
    if len(_without_blanks(raw, indent=-1)) == len(encoded):
        return digest, _NO_FAULTS
    return digest, _repeated_keys(raw)


def _repeated_keys(raw: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []

    def note(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        found.extend(
            (schema.pointer([name]), "stands twice in one object")
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        )
        return dict(pairs)

    try:
        json.loads(raw, object_pairs_hook=note)
    except RecursionError:  # within a value that a later one of the same name replaces
        found.append(("", "is nested too deeply"))
    return found
