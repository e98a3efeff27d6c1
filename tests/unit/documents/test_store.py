from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from app.documents.store import DocumentMissing, DocumentStore

CONTENT = b"%PDF-1.7 a letter"
DIGEST = sha256(CONTENT).hexdigest()

NO_DIGESTS = [
    "",
    "x",
    "a" * 63,
    "A" * 64,
    "a" * 64 + "\n",
    "../" * 20,
    "../../etc/passwd",
    "é" * 64,
]


@pytest.fixture(params=["folder", "object storage"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStore:
    if request.param == "folder":
        return DocumentStore.in_folder(tmp_path / "documents")
    return DocumentStore(MemoryStore())


async def test_a_document_is_kept_under_its_hash(store: DocumentStore) -> None:
    assert await store.put(CONTENT) == DIGEST
    assert await store.get(DIGEST) == CONTENT
    assert await store.has(DIGEST)


async def test_the_same_document_twice_is_one(tmp_path: Path) -> None:
    store = DocumentStore.in_folder(tmp_path)

    assert await store.put(CONTENT) == await store.put(CONTENT)

    kept = [path.name for path in tmp_path.rglob("*") if path.is_file()]  # noqa: ASYNC240 (a test)
    assert kept == [DIGEST]


async def test_an_empty_document_is_one_too(store: DocumentStore) -> None:
    digest = await store.put(b"")

    assert await store.get(digest) == b""


async def test_what_was_never_kept_is_missing(store: DocumentStore) -> None:
    assert not await store.has(DIGEST)
    with pytest.raises(DocumentMissing):
        await store.get(DIGEST)


@pytest.mark.parametrize("digest", NO_DIGESTS)
async def test_what_is_no_hash_is_never_looked_for(store: DocumentStore, digest: str) -> None:
    assert not await store.has(digest)
    with pytest.raises(DocumentMissing):
        await store.get(digest)


async def test_a_folder_that_was_made_before_is_used_again(tmp_path: Path) -> None:
    await DocumentStore.in_folder(tmp_path / "a" / "b").put(CONTENT)

    assert await DocumentStore.in_folder(tmp_path / "a" / "b").get(DIGEST) == CONTENT
