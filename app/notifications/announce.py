"""Announcing: outbox rows written in the transaction that made the fact, by SQL on whole sets.

What is announced:

- a payment the first time that it is announced or paid, once, and again when it is returned or
  corrected, each also once. A repeated or changed record announces nothing twice;
- a letter or message to those it is addressed to, once;
- only what is new to the parent: a fund that loads its history (a pay date or letter date more
  than ``FRESH_DAYS`` ago) announces nothing of it;
- nothing that is withdrawn: rows not yet sent are cancelled, and come back when it is sent again.

Payments and letters are rooms on a floor above this one, so their tables are named here in SQL
alone: a fact is a table and ids.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from app.clock import BRUSSELS
from app.notifications.models import Channel, Kind
from app.notifications.sql import AMONG, BELL, MOMENT, PortalStatements, Statements, listed, moment

FRESH_DAYS = 30
FORMER_ADDRESS = -1  # the target of a row that goes to an address which is no longer theirs

# One event for announced and paid: the parent hears of a payment once, whichever came first.
PAYMENT_EVENTS = {
    "announced": "new",
    "paid": "new",
    "returned": "returned",
    "corrected": "corrected",
}


def fresh_since(now: datetime) -> date:
    """The first date of what is still news."""
    return now.astimezone(BRUSSELS).date() - timedelta(days=FRESH_DAYS)


_INSERT = """INSERT INTO outbox (account_id, channel, subscription_id, target, address, kind,
    subject, subject_id, event, state, due_at, attempts, created_at, last_error)"""
# What was withdrawn and comes back is told after all, when it had not been told before. It keeps
# its bundle: an attempt of which nobody knows the outcome may have arrived.
_AGAIN = """ON CONFLICT (subject_id, subject, event, account_id, target) DO UPDATE
    SET state = 'pending', due_at = excluded.due_at, attempts = 0, claim = NULL,
        last_error = ''
    WHERE outbox.state = 'cancelled' AND outbox.last_error = 'withdrawn'"""
# An address counts when it is verified and was not refused for good since.
REACHABLE = """a.email <> '' AND a.email_verified_at IS NOT NULL
    AND (c.email_failed_at IS NULL OR c.email_failed_at < a.email_verified_at)"""

_FROM_FACT = """FROM {table} f
    JOIN party t ON t.dossier_id = f.dossier_id {addressed}
    JOIN person n ON n.id = t.person_id
    JOIN account a ON a.number = n.number AND a.registered_at IS NOT NULL"""

# Whoever was told of it by any channel is not told again, on a device that came later either.
_FACTS = """{insert}
SELECT a.id, 'push', s.id, s.id, '', {kind}, '{table}', f.id, {event}, 'pending', {moment}, 0,
    {moment}, ''
{source}
    JOIN subscription s ON s.account_id = a.id
    LEFT JOIN preference c ON c.account_id = a.id
WHERE f.id {among} AND f.withdrawn_at IS NULL AND {push} AND {not_told}
UNION ALL
SELECT a.id, 'email', NULL, 0, '', {kind}, '{table}', f.id, {event}, 'pending', {moment}, 0,
    {moment}, ''
{source}
    LEFT JOIN preference c ON c.account_id = a.id
WHERE f.id {among} AND f.withdrawn_at IS NULL AND a.wants_alerts AND {email} AND {reachable}
    AND {not_told}
{again}"""
# As a subquery with a limit, which PostgreSQL looks up row by row: it would rather read all of an
# outbox that it believes to be small.
_NOT_TOLD = """(SELECT o.id FROM outbox o WHERE o.subject_id = f.id
        AND o.subject = '{table}' AND o.event = {event} AND o.account_id = a.id
        AND NOT (o.state = 'cancelled' AND o.last_error = 'withdrawn') LIMIT 1) IS NULL"""

_ADDRESSED = "AND (f.addressee_id IS NULL OR f.addressee_id = t.person_id)"
_PAYMENT_EVENT = "CASE WHEN f.state IN ('returned', 'corrected') THEN f.state ELSE 'new' END"

_FOLLOW_UPS = """INSERT INTO follow_up (letter_id, account_id, step, announced_at, due_at)
SELECT f.id, a.id, 0, {moment}, {moment}
{source}
WHERE f.id {among} AND f.withdrawn_at IS NULL AND f.kind IN ('decision', 'request')
ON CONFLICT (letter_id, account_id) DO NOTHING"""


def wanted(kind: str, channel: str) -> str:
    """SQL for «this kind may go by this channel», on for who chose nothing."""
    return f"coalesce(c.{kind}_{channel}, TRUE)"


def _wanted_by(table: str, channel: str) -> str:
    if table == "payment":
        return wanted("payment", channel)
    message, letter = wanted("message", channel), wanted("letter", channel)
    return f"CASE WHEN f.kind = 'message' THEN {message} ELSE {letter} END"


def _facts(dialect: str, table: str) -> str:
    letters = table == "letter"
    event = "'new'" if letters else _PAYMENT_EVENT
    return _FACTS.format(
        insert=_INSERT,
        table=table,
        kind="CASE WHEN f.kind = 'message' THEN 'message' ELSE 'letter' END"
        if letters
        else "'payment'",
        event=event,
        source=_FROM_FACT.format(table=table, addressed=_ADDRESSED if letters else ""),
        moment=MOMENT[dialect].format("$2"),
        among=AMONG[dialect],
        push=_wanted_by(table, "push"),
        email=_wanted_by(table, "email"),
        reachable=REACHABLE,
        not_told=_NOT_TOLD.format(table=table, event=event),
        again=_AGAIN,
    )


_SQL = {
    (dialect, table): _facts(dialect, table) for dialect in AMONG for table in ("payment", "letter")
}


async def announce(statements: Statements, table: str, ids: Collection[int], now: datetime) -> int:
    """Write a row for every target of these payments or letters; out: how many rows.

    ``table``: ``payment`` or ``letter`` (messages are letters too). ``ids``: the rows that are
    news. Letters that must be read are followed up from here on.
    """
    if not ids:
        return 0
    dialect = statements.dialect
    values = (listed(dialect, ids), moment(dialect, now))
    written = await statements.run(_SQL[dialect, table], values)
    if table == "letter":
        source = _FROM_FACT.format(table="letter", addressed=_ADDRESSED)
        place = MOMENT[dialect].format("$2")
        sql = _FOLLOW_UPS.format(source=source, among=AMONG[dialect], moment=place)
        await statements.run(sql, values)
    if written:
        await _ring(statements)
    return written


_CANCEL = {
    "sqlite": """UPDATE outbox SET state = 'cancelled', last_error = 'withdrawn'
        WHERE subject_id {among} AND subject = $2 AND state = 'pending'""",
    # A row that a worker is just claiming is left to it: it looks at the fact before it sends.
    "postgres": """UPDATE outbox SET state = 'cancelled', last_error = 'withdrawn'
        WHERE id IN (SELECT id FROM outbox WHERE subject_id {among} AND subject = $2
            AND state = 'pending' FOR UPDATE SKIP LOCKED)""",
}


async def cancel(statements: Statements, table: str, ids: Collection[int]) -> int:
    """Take back what was not yet sent about payments or letters; out: how many rows."""
    if not ids:
        return 0
    dialect = statements.dialect
    sql = _CANCEL[dialect].format(among=AMONG[dialect])
    return await statements.run(sql, (listed(dialect, ids), table))


_ANYBODY = "SELECT 1 FROM account WHERE registered_at IS NOT NULL LIMIT 1"
_AUDIENCE = """SELECT DISTINCT t.dossier_id FROM account a
    JOIN person n ON n.number = a.number
    JOIN party t ON t.person_id = n.id
WHERE a.registered_at IS NOT NULL AND ((a.email <> '' AND a.email_verified_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM subscription s WHERE s.account_id = a.id))"""


async def anybody_listens(statements: Statements) -> bool:
    """Whether there is a registered account; else nothing need be announced."""
    return bool(await statements.fetch(_ANYBODY, ()))


async def audience(statements: Statements) -> list[int]:
    """The dossiers of which somebody can be told anything."""
    return [row[0] for row in await statements.fetch(_AUDIENCE, ())]


_PERSONAL = """{insert}
SELECT a.id, 'push', s.id, s.id, '', '{kind}', $2, {number}, $4, 'pending', {moment}, 0,
    {moment}, ''
FROM account a
    JOIN subscription s ON s.account_id = a.id
    LEFT JOIN preference c ON c.account_id = a.id
WHERE a.id {among} AND {push}
UNION ALL
SELECT a.id, 'email', NULL, 0, '', '{kind}', $2, {number}, $4, 'pending', {moment}, 0,
    {moment}, ''
FROM account a
    LEFT JOIN preference c ON c.account_id = a.id
WHERE a.id {among} AND {reachable} AND {email}
{again}"""
_FORMER = """{insert}
SELECT a.id, 'email', NULL, -1, $6, 'security', $2, {number}, $4, 'pending', {moment}, 0,
    {moment}, ''
FROM account a WHERE a.id {among}
ON CONFLICT (subject_id, subject, event, account_id, target) DO NOTHING"""
# Security finds a way: who wants it by push only, and has no device, gets it by e-mail.
_NO_DEVICE = "NOT EXISTS (SELECT 1 FROM subscription x WHERE x.account_id = a.id)"
_SECURITY_EMAIL = f"({wanted('security', 'email')} OR {_NO_DEVICE})"


async def announce_security(
    account_id: int,
    event: str,
    now: datetime,
    *,
    fact: int | None = None,
    former_address: str = "",
    statements: Statements | None = None,
) -> int:
    """Tell a person that something of their profile or money changed; out: how many rows.

    In: what happened (``new_device``, ``email_changed``, ``account_changed`` …) and the id of the
    fact, which is told once (None: this very moment). ``former_address`` is told besides, on its
    own. To be called in the transaction that makes the change.
    """
    statements = statements or PortalStatements()
    number = int(now.timestamp() * 1_000_000) if fact is None else fact
    values = _values(statements, [account_id], ("account", number, event), now)
    push = wanted("security", "push")
    sql = _personal(statements.dialect, Kind.SECURITY, push, _SECURITY_EMAIL)
    written = await statements.run(sql, values)
    if former_address:
        written += await statements.run(_former(statements.dialect), [*values, former_address])
    await _ring(statements)
    return written


async def announce_form(
    account_ids: Collection[int],
    form_id: int,
    event: str,
    now: datetime,
    *,
    statements: Statements | None = None,
) -> int:
    """Tell people that a form of theirs came further; out: how many rows.

    To be called in the transaction that stores the new state.
    """
    statements = statements or PortalStatements()
    values = _values(statements, account_ids, ("form", form_id, event), now)
    email = f"a.wants_alerts AND {wanted('form', 'email')}"
    sql = _personal(statements.dialect, Kind.FORM, wanted("form", "push"), email)
    written = await statements.run(sql, values)
    await _ring(statements)
    return written


async def remind(
    account_id: int,
    letter_id: int,
    event: str,
    now: datetime,
    *,
    first: Channel,
    statements: Statements | None = None,
) -> int:
    """Tell somebody again of a letter that they must read; out: how many rows.

    By the ``first`` channel, else by the other: whatever reaches them, also when alerts about
    letters are off there, for a term may be running.
    """
    statements = statements or PortalStatements()
    values = _values(statements, [account_id], ("letter", letter_id, event), now)
    push, email = ("TRUE", _NO_DEVICE) if first is Channel.PUSH else (f"NOT ({REACHABLE})", "TRUE")
    written = await statements.run(_personal(statements.dialect, Kind.LETTER, push, email), values)
    await _ring(statements)
    return written


def _values(
    statements: Statements, ids: Collection[int], fact: tuple[str, int, str], now: datetime
) -> list[object]:
    dialect = statements.dialect
    return [listed(dialect, ids), *fact, moment(dialect, now)]


def _personal(dialect: str, kind: Kind, push: str, email: str) -> str:
    return _typed(dialect, _PERSONAL).format(
        insert=_INSERT,
        kind=kind,
        number=_BIG[dialect],
        moment=MOMENT[dialect].format("$5"),
        among=AMONG[dialect],
        push=push,
        email=email,
        reachable=REACHABLE,
        again=_AGAIN,
    )


def _former(dialect: str) -> str:
    return _typed(dialect, _FORMER).format(
        insert=_INSERT,
        number=_BIG[dialect],
        moment=MOMENT[dialect].format("$5"),
        among=AMONG[dialect],
    )


_BIG = {"sqlite": "$3", "postgres": "$3::bigint"}


def _typed(dialect: str, sql: str) -> str:
    """PostgreSQL wants to know the types of values that stand in a SELECT."""
    if dialect == "sqlite":
        return sql
    return (
        sql.replace("$2,", "$2::varchar,")
        .replace("$4,", "$4::varchar,")
        .replace("$6,", "$6::varchar,")
    )


async def _ring(statements: Statements) -> None:
    """Wake the workers when this transaction is kept; SQLite's workers see that by themselves."""
    if statements.dialect == "postgres":
        await statements.fetch("SELECT pg_notify($1, '')", (BELL,))
