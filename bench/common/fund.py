"""A fund of many families in SQLite: made once, the same every time, kept in ``var/bench``.

Each family has two parents with a profile, three children, 24 payments (those of 2024 and 2025,
five lines each) and ten letters, of which seven were read. The rows of a family lie spread over
the tables, as a feed that comes in month by month leaves them.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from app import database

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "var" / "bench"
YEAR = 2025  # the year that is shown: it went by, so the page is the same on any day
SESSIONS = 500

_NUMBERS = """
CREATE TEMP TABLE family AS
WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < :families)
SELECT id,
       17320 + (id % 2) * 1140 AS first, 17320 AS second, 17320 + (id % 3) * 620 AS third,
       1805 + (id / 7 % 4) * 880 AS age, 2500 + (id * 7919 % 41) * 113 AS social,
       'Gezin' || (id * 48271 % 9973) AS family_name
FROM n
"""
_MONTHS = """
CREATE TEMP TABLE month AS
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 23)
SELECT i, date('2023-12-01', '+' || i || ' months') AS period,
       date('2023-12-01', '+' || (i + 1) || ' months', '+' || (4 + i % 4) || ' days') AS pay_date,
       (i + 4) / 12 * 346 AS indexed
FROM n
"""
_LINES = """
CREATE TEMP TABLE line AS
SELECT column1 AS child, column2 AS component, column3 AS amount
FROM (VALUES (0, 'basic', 'first'), (1, 'basic', 'second'), (2, 'basic', 'third'),
             (0, 'age', 'age'), (1, 'social', 'social'))
"""
_LETTERS = """
CREATE TEMP TABLE post AS
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9)
SELECT i, date('2024-02-14', '+' || (i * 67) || ' days') AS day FROM n
"""

_FILL = (
    """
    INSERT INTO office (id, code, name, street, postal_code, city, phone, email, hours)
    VALUES (1, 'GENT', 'Gent', 'Vlierstraat 1', '9000', 'Gent', '09 000 00 00', '', '')
    """,
    """
    INSERT INTO dossier (id, number, state, language, account_masked, account_holder,
                         account_bank, version, digest, office_id)
    SELECT id, printf('D-%07d', id), 'active', 'nl', 'BE68 •••• •••• 7034', 'Houder', 'Bank', 1,
           printf('%064x', id), 1
    FROM family
    """,
    """
    INSERT INTO person (id, number, given_name, family_name)
    SELECT id * 2 - parent, printf('%011d', 70000000000 + id * 2 - parent),
           CASE parent WHEN 1 THEN 'Sofie' ELSE 'Karim' END, family_name
    FROM family, (SELECT 1 AS parent UNION SELECT 0)
    """,
    """
    INSERT INTO party (dossier_id, person_id, role)
    SELECT (id + 1) / 2, id, CASE id % 2 WHEN 1 THEN 'beneficiary' ELSE 'other_parent' END
    FROM person
    """,
    """
    INSERT INTO account (id, issuer, subject, number, given_name, family_name, language, email,
                         wants_alerts, conditions_version, registered_at, created_at)
    SELECT id, 'https://issuer.example', number, number, given_name, family_name, 'nl', '', 0, '1',
           '2024-01-02 09:00:00+00:00', '2024-01-02 09:00:00+00:00'
    FROM person
    """,
    """
    INSERT INTO child (id, dossier_id, "key", given_name, family_name, birth_date, rank, placed)
    SELECT (id - 1) * 3 + column1, id, 'K' || column1, column2, family_name,
           date(column3, '+' || (id % 365) || ' days'), column1, 0
    FROM family, (VALUES (1, 'Emma', '2011-01-01'), (2, 'Noah', '2014-01-01'),
                         (3, 'Lina', '2017-01-01'))
    """,
    """
    INSERT INTO payment (id, reference, kind, period, pay_date, state, reason, total_cents,
                         account_masked, communication, corrects, digest, dossier_id)
    SELECT month.i * :families + family.id, printf('B%02d-%07d', month.i, family.id), 'monthly',
           period, pay_date, 'paid', '', first + second + third + age + social + 5 * indexed,
           'BE68 •••• •••• 7034', '+++123/1234/12328+++', '', printf('%064x', family.id), family.id
    FROM month CROSS JOIN family
    """,
    """
    INSERT INTO payment_line (component, amount_cents, child_id, payment_id)
    SELECT component, indexed + CASE amount WHEN 'first' THEN first WHEN 'second' THEN second
                                WHEN 'third' THEN third WHEN 'age' THEN age ELSE social END,
           (family.id - 1) * 3 + child + 1, month.i * :families + family.id
    FROM month CROSS JOIN family CROSS JOIN line
    """,
    """
    INSERT INTO letter (id, reference, kind, subject, date, body, document, document_size,
                        appeal_body, file_manager, digest, dossier_id)
    SELECT post.i * :families + family.id, printf('L%02d-%07d', post.i, family.id), 'information',
           'Uw kinderbijslag', day, '', printf('%064x', family.id % 1000), 30000, '', '',
           printf('%064x', family.id), family.id
    FROM post CROSS JOIN family
    """,
    """
    INSERT INTO reading (account_id, letter_id, read_at)
    SELECT family.id * 2 - 1, post.i * :families + family.id, '2026-01-02 09:00:00+00:00'
    FROM post CROSS JOIN family WHERE post.i < 7
    """,
)

_SESSION = """
INSERT INTO session (token_hash, level, means, device, provider_session, id_token,
                     authenticated_at, signed_in_at, last_seen_at, account_id)
VALUES (?, 400, 'eid', 'Chromium', '', '', ?, ?, ?, ?)
"""


@dataclass(frozen=True)
class Fund:
    """The file, and who is signed in: the random value of each session with its family."""

    path: Path
    families: int

    @property
    def url(self) -> str:
        """The database as the settings name it."""
        return f"sqlite:///{self.path}"

    def sessions(self) -> list[tuple[str, int]]:
        """The sessions that take part, of families far apart."""
        apart = max(1, self.families // SESSIONS)
        count = min(SESSIONS, self.families)
        return [(f"bench-session-{number}", 1 + number * apart) for number in range(count)]

    def refresh(self) -> None:
        """Have everybody signed in just now, so that no session ends while measuring."""
        now = datetime.now(UTC).isoformat(sep=" ")
        with contextlib.closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute("DELETE FROM session")
            connection.executemany(
                _SESSION,
                [
                    (sha256(token.encode()).hexdigest(), now, now, now, family * 2 - 1)
                    for token, family in self.sessions()
                ],
            )


def ready_fund(families: int) -> Fund:
    """The fund with everybody signed in; made first when it is not there yet."""
    path = FOLDER / f"fund-{families}-{_recipe()}.sqlite3"
    if not path.exists():
        _make(path, families)
    fund = Fund(path, families)
    fund.refresh()
    return fund


def _recipe() -> str:
    """A name for what goes into the file: other tables or other rows make another file."""
    recipe = sha256("".join((_NUMBERS, _MONTHS, _LINES, _LETTERS, *_FILL)).encode())
    for migration in sorted((ROOT / "migrations").glob("0*.py")):
        recipe.update(migration.read_bytes())
    return recipe.hexdigest()[:8]


def _make(path: Path, families: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob(f"fund-{families}-*"):
        old.unlink()
    began = perf_counter()
    print(f"Making a fund of {families:,} families …", flush=True)
    draft = path.with_suffix(".draft")
    asyncio.run(database.migrate(f"sqlite:///{draft}"))
    with contextlib.closing(sqlite3.connect(draft)) as connection:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;")
        with _without_indexes(connection):
            for statement in (_NUMBERS, _MONTHS, _LINES, _LETTERS, *_FILL):
                connection.execute(statement, {"families": families})
            connection.commit()
        connection.execute("PRAGMA journal_mode=WAL")
    draft.rename(path)
    size = path.stat().st_size / 1_000_000
    print(f"… made in {perf_counter() - began:.0f} s, {size:,.0f} MB", flush=True)


@contextlib.contextmanager
def _without_indexes(connection: sqlite3.Connection) -> Iterator[None]:
    """Filling goes faster before the indexes are there than after."""
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, sql in indexes:
        connection.execute(sql)
