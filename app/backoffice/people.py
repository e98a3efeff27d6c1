"""People of a round of dossiers: who is known, who is new, who has another number now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.backoffice.bulk import Row
from app.backoffice.intake import Intake


@dataclass(frozen=True, slots=True)
class Someone:
    """A person as a dossier of the feed tells it, with checked numbers."""

    number: str
    previous: str | None
    role: str
    given_name: str
    family_name: str


@dataclass(slots=True)
class _Found:
    ids: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)


async def store_people(intake: Intake, people: list[Someone]) -> dict[str, int]:
    """Bring the people up to date; out: the id of each by number."""
    bulk = intake.bulk
    numbers = {newest(intake, one.number) for one in people}
    previous = {one.previous for one in people if one.previous}
    found = _Found()
    for row in await bulk.select(
        "person", "number, id, given_name, family_name", "number", numbers | previous
    ):
        found.ids[row[0]] = row[1]
        found.names[row[0]] = (row[2], row[3])
    for one in people:
        if one.previous and one.previous != one.number and one.previous in found.ids:
            await _renumber(intake, found, one.previous, one.number)
            intake.renumbered[one.previous] = one.number
    await _add_and_rename(intake, found, people)
    return found.ids


def newest(intake: Intake, number: str) -> str:
    """The number that a person has by now, when this batch gave them another one."""
    for _ in range(len(intake.renumbered)):
        if number not in intake.renumbered:
            break
        number = intake.renumbered[number]
    return number


async def _renumber(intake: Intake, found: _Found, old: str, new: str) -> None:
    """Give a person their new number; when both numbers are known they become one person."""
    bulk = intake.bulk
    old_id = found.ids.pop(old)
    names = found.names.pop(old)
    await _touch(intake, [old_id])
    if new not in found.ids:
        found.ids[new], found.names[new] = old_id, names
        await bulk.update("person", "number", [(new, old_id)])
        return
    new_id = found.ids[new]
    rows = await bulk.select("party", "id, dossier_id, person_id", "person_id", [old_id, new_id])
    taken = {row[1] for row in rows if row[2] == new_id}
    moved = [row for row in rows if row[2] == old_id]
    await bulk.delete("party", "id", [row[0] for row in moved if row[1] in taken])
    await bulk.update("party", "person_id", [(new_id, r[0]) for r in moved if r[1] not in taken])
    letters = await bulk.select("letter", "id", "addressee_id", [old_id])
    await bulk.update("letter", "addressee_id", [(new_id, row[0]) for row in letters])
    await bulk.delete("person", "id", [old_id])


async def _add_and_rename(intake: Intake, found: _Found, people: list[Someone]) -> None:
    bulk = intake.bulk
    names = {  # the last one holds
        newest(intake, one.number): (one.given_name, one.family_name) for one in people
    }
    ids = await bulk.ids("person", len(names.keys() - found.ids.keys()))
    new: list[Row] = []
    renamed: list[Row] = []
    for number, name in names.items():
        if number not in found.ids:
            found.ids[number] = next(ids)
            new.append((found.ids[number], number, *name))
        elif found.names[number] != name:
            renamed.append((*name, found.ids[number]))
    await bulk.insert("person", "id, number, given_name, family_name", new)
    await bulk.update("person", "given_name, family_name", renamed)
    await _touch(intake, [row[-1] for row in renamed])


async def _touch(intake: Intake, person_ids: Iterable[int]) -> None:
    """A person stands in every dossier of theirs: those have changed as well."""
    for row in await intake.bulk.select("party", "dossier_id", "person_id", list(person_ids)):
        intake.touched.add(row[0])
        intake.news.reshaped(row[0])
