"""Bytes kept under their SHA-256: the same document is stored once, a changed one is another."""

from __future__ import annotations

import errno
import os
import re
from hashlib import sha256
from pathlib import Path

from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore

_HASH = re.compile(r"[0-9a-f]{64}")


class DocumentMissing(Exception):
    """No document is kept under that hash."""


class FolderUnusable(Exception):
    """The folder for documents cannot be made or written to; the text is the system's reason."""


class DocumentStore:
    """Keeps and gives documents by content hash."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def in_folder(cls, folder: Path) -> DocumentStore:
        """A store in a folder of this machine, made when it is not there.

        Raises FolderUnusable when that is not possible.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return cls(LocalStore(folder))
        except OSError as error:
            raise FolderUnusable(error.strerror or type(error).__name__) from error

    async def put(self, content: bytes) -> str:
        """Keep ``content``; out: its SHA-256 in hexadecimal, the name to ask for it by."""
        digest = sha256(content).hexdigest()
        await self._store.put_async(_path(digest), content)
        return digest

    async def get(self, digest: str) -> bytes:
        """The document under a hash. Raises DocumentMissing."""
        if not _HASH.fullmatch(digest):
            raise DocumentMissing(digest)
        try:
            result = await self._store.get_async(_path(digest))
        except (NotFoundError, FileNotFoundError):
            raise DocumentMissing(digest) from None
        return bytes(await result.bytes_async())

    async def has(self, digest: str) -> bool:
        """Whether a document is kept under a hash, without reading it."""
        if not _HASH.fullmatch(digest):
            return False
        try:
            await self._store.head_async(_path(digest))
        except (NotFoundError, FileNotFoundError):
            return False
        return True


def _path(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
