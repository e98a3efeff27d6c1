"""``kinderbijslag outbox``: what waits, what is parked, and what to do with it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from app import clock
from app.notifications.outbox import Outbox
from app.notifications.store import FAILURES, open_store
from app.settings import SettingsError, load_settings

_T = TypeVar("_T")


@click.group("outbox")
def outbox_command() -> None:
    """Alerts that wait to be sent or were given up."""


@outbox_command.command("list")
@click.option("--limit", default=100, show_default=True, help="Parked rows to show at most.")
def list_rows(limit: int) -> None:
    """Count what waits, and show what was parked and why."""

    async def look(outbox: Outbox) -> None:
        counts = await outbox.counts(clock.now())
        click.echo(", ".join(f"{count} {name}" for name, count in counts.items()))
        for number, channel, kind, event, attempts, created_at, reason in await outbox.parked(
            limit
        ):
            times = f"{attempts} time{'' if attempts == 1 else 's'}"
            since = str(created_at)[:16]
            click.echo(f"{number}  {channel} {kind} {event}  {since}  tried {times}: {reason}")

    _run(look)


@outbox_command.command()
@click.argument("ids", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="Every parked row.")
def retry(ids: tuple[int, ...], everything: bool) -> None:
    """Send parked rows after all, by their numbers or --all."""
    if bool(ids) == everything:
        raise click.UsageError("Name the rows, or say --all.")
    wanted = None if everything else ids
    count = _run(lambda outbox: outbox.retry(clock.now(), wanted))
    click.echo(f"{count} will be sent.")


@outbox_command.command()
@click.argument("ids", nargs=-1, type=int, required=True)
def drop(ids: tuple[int, ...]) -> None:
    """Never send these parked rows."""
    click.echo(f"{_run(lambda outbox: outbox.drop(ids))} will not be sent.")


def _run(action: Callable[[Outbox], Awaitable[_T]]) -> _T:
    async def with_outbox(database_url: str) -> _T:
        async with open_store(database_url) as store:
            return await action(Outbox(store))

    try:
        return asyncio.run(with_outbox(load_settings().database_url))
    except SettingsError as error:
        click.echo(f"Wrong settings:\n{error}", err=True)
        sys.exit(2)
    except FAILURES as error:
        click.echo(f"The database does not work ({type(error).__name__}).", err=True)
        sys.exit(1)
