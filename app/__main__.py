"""The command line: ``kinderbijslag serve``, ``worker``, ``import``, ``migrate``, ``demo`` …"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import NoReturn

import click

from app import clock, create_app, database, server, worker
from app.backoffice.command import import_command
from app.documents.store import FolderUnusable
from app.notifications.command import outbox_command
from app.notifications.sending import run_alerts
from app.overview.incidents import LONGEST, clear_incidents, set_incident
from app.settings import PREFIX, Settings, SettingsError, load_settings
from app.web import logs


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="mijn-kinderbijslag", prog_name="kinderbijslag")
def main() -> None:
    """Mijn Kinderbijslag: the portal of a child-benefit fund for its families."""


def settings_or_exit() -> Settings:
    """The settings; when one is wrong, say which and end with status 2."""
    try:
        settings = load_settings()
    except SettingsError as error:
        wrong_settings(error)
    logs.configure(settings.log_format, settings.log_level)
    return settings


def wrong_settings(error: SettingsError) -> NoReturn:
    """Name each wrong setting with its reason, and end with status 2."""
    click.echo(f"Wrong settings:\n{error}", err=True)
    sys.exit(2)


def give_up(sentence: str) -> NoReturn:
    """Say in one sentence why it does not work, and end with status 1."""
    click.echo(sentence, err=True)
    sys.exit(1)


@main.command()
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    show_default=True,
    help="Whether the worker runs in this process too.",
)
def serve(with_worker: bool) -> None:
    """Serve the portal."""
    settings = settings_or_exit()
    try:
        portal = create_app(settings)
    except SettingsError as error:
        wrong_settings(error)
    except FolderUnusable as reason:
        give_up(f"Cannot start: the folder of {PREFIX}DATA_DIR cannot be used ({reason}).")
    try:
        server.check_free(settings.host, settings.port)
        asyncio.run(database.check(settings.database_url))
    except server.AddressTaken as taken:
        give_up(f"Cannot listen on {taken}: another program does, or it is not ours.")
    except database.NotReady as reason:
        give_up(f"Cannot start: {reason}.")
    served = server.Served(portal, settings.host, settings.port)
    try:
        asyncio.run(server.serve([served], beside=_beside(settings) if with_worker else None))
    except server.StartFailed:
        give_up("Cannot start: the portal failed while starting; the log says on what.")


def _alerts(settings: Settings) -> worker.Service:
    return lambda stop: run_alerts(stop, settings)


def _beside(settings: Settings) -> worker.Service:
    return lambda stop: worker.work(stop, services=[_alerts(settings)])


@main.command("worker")
def work() -> None:
    """Do the background work in a process of its own."""
    settings = settings_or_exit()
    asyncio.run(
        _with_database(settings, lambda: worker.work_until_signal(services=[_alerts(settings)]))
    )


@main.command()
def migrate() -> None:
    """Bring the database up to date, keeping all data."""
    settings = settings_or_exit()
    try:
        asyncio.run(database.migrate(settings.database_url))
    except (database.NotReady, OSError) as reason:
        give_up(f"Nothing was changed: {reason}.")
    click.echo("The database is up to date.")


@main.group()
def incident() -> None:
    """The banner on every page when something is wrong."""


@incident.command("set")
@click.argument("text")
@click.option("--until", type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Brussels time.")
def incident_set(text: str, until: datetime | None) -> None:
    """Show TEXT on every page within half a minute."""
    if len(text) > LONGEST:
        raise click.BadParameter(f"at most {LONGEST} characters, this has {len(text)}")
    settings = settings_or_exit()
    end = until.replace(tzinfo=clock.BRUSSELS) if until else None
    if end is not None and end <= clock.now():
        raise click.BadParameter("this moment is past: nobody would see it", param_hint="--until")
    asyncio.run(_with_database(settings, lambda: set_incident(text, clock.now(), end)))
    click.echo("The banner is shown.")


@incident.command("clear")
def incident_clear() -> None:
    """Take the banner away."""
    asyncio.run(_with_database(settings_or_exit(), clear_incidents))
    click.echo("The banner is gone.")


async def _with_database(settings: Settings, action: Callable[[], Awaitable[object]]) -> None:
    try:
        await database.check(settings.database_url)
    except database.NotReady as reason:
        give_up(f"Cannot start: {reason}.")
    await database.connect(settings.database_url)
    try:
        await action()
    finally:
        await database.disconnect()


def _add_demo_commands() -> None:
    """Add the demo's commands; a production install may leave the demo room out."""
    try:
        from app.demo.command import demo_command
        from app.demo.feed_command import demo_feed_command
    except ModuleNotFoundError:
        return
    main.add_command(demo_command)
    main.add_command(demo_feed_command)


main.add_command(import_command)
main.add_command(outbox_command)
_add_demo_commands()

if __name__ == "__main__":
    main()
