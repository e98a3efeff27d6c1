"""What a batch brings that people must be told, handed to the outbox in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.backoffice.idset import IdSet
from app.notifications import announce

if TYPE_CHECKING:
    from app.backoffice.intake import Surroundings

# So many payments are looked up one by one. A larger batch first asks which dossiers have anybody
# to tell, so that a fund where few are registered pays next to nothing for the others.
_FEW = 4_000


class News:
    """The news of one batch: gathered by round, announced round by round."""

    def __init__(self, place: Surroundings) -> None:
        self._place = place
        self.since: Any = place.bulk.date(announce.fresh_since(place.now).isoformat())
        self._payments: list[tuple[int, int]] = []
        self._letters: list[int] = []
        self._looked_up = 0
        self._anybody: bool | None = None
        self._audience: IdSet | None = None
        self._reshaped = IdSet()  # dossiers whose parties this batch may have changed

    def reshaped(self, dossier_id: int) -> None:
        """A dossier was told anew: whoever was no party may be one now."""
        self._reshaped.add(dossier_id)

    def payment(self, payment_id: int, dossier_id: int) -> None:
        """A payment that is news."""
        self._payments.append((payment_id, dossier_id))

    def letter(self, letter_id: int) -> None:
        """A letter or message that is news."""
        self._letters.append(letter_id)

    async def announce(self) -> None:
        """Write the rows for what was gathered, which itself has been written."""
        payments, self._payments = self._payments, []
        letters, self._letters = self._letters, []
        if not (payments or letters) or not await self._anybody_listens():
            return
        bulk, now = self._place.bulk, self._place.now
        await announce.announce(bulk, "payment", await self._heard(payments), now)
        await announce.announce(bulk, "letter", letters, now)

    async def withdrawn(self, table: str, ids: list[int]) -> None:
        """Take back what was not yet told about payments or letters."""
        await announce.cancel(self._place.bulk, table, ids)

    async def _anybody_listens(self) -> bool:
        if self._anybody is None:
            self._anybody = await announce.anybody_listens(self._place.bulk)
        return self._anybody

    async def _heard(self, payments: list[tuple[int, int]]) -> list[int]:
        """Ids of the payments of dossiers that may have somebody to tell."""
        self._looked_up += len(payments)
        if self._looked_up <= _FEW:
            return [payment_id for payment_id, _ in payments]
        if self._audience is None:
            self._audience = IdSet()
            for dossier_id in await announce.audience(self._place.bulk):
                self._audience.add(dossier_id)
        heard, new = self._audience, self._reshaped
        return [one for one, dossier in payments if dossier in heard or dossier in new]
