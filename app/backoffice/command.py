"""``kinderbijslag import``: a feed from a file or a pipe into the portal."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import BinaryIO

import click

from app import clock
from app.backoffice.lines import Progress
from app.backoffice.report import Report
from app.backoffice.service import NotTried, Target, run_import
from app.settings import SettingsError, load_settings
from app.web import logs

REFUSED = 1
WRONG_USE = 2
NOT_TRIED = 3


@click.command("import")
@click.argument("feed", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
def import_command(feed: str, as_json: bool, dry_run: bool) -> None:
    """Store the batches of FEED, or of standard input when FEED is -.

    All of a batch is stored, or nothing of it. Ends with 0 when everything is stored, 1 when a
    batch was refused, 2 for wrong use or settings, 3 when the database did not work.
    """
    try:
        settings = load_settings()
    except SettingsError as error:
        click.echo(f"Wrong settings:\n{error}", err=True)
        sys.exit(WRONG_USE)
    logs.configure(settings.log_format, settings.log_level)
    target = Target(settings.database_url, settings.documents_folder)
    try:
        report = _import(feed, target, dry_run)
    except NotTried as error:
        click.echo(f"Nothing was stored: {error}.", err=True)
        sys.exit(NOT_TRIED)
    click.echo(report.as_json().decode() if as_json else report.as_text())
    sys.exit(0 if report.ok else REFUSED)


def _import(feed: str, target: Target, dry_run: bool) -> Report:
    if feed == "-":  # PDFs named by path are looked for below the current folder
        return _run(target, sys.stdin.buffer, Path.cwd(), None, dry_run)
    path = Path(feed)
    with (
        path.open("rb") as stream,
        click.progressbar(
            length=path.stat().st_size,
            label="Importing",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        ) as bar,
    ):
        return _run(target, stream, path.resolve().parent, bar.update, dry_run)


def _run(
    target: Target, stream: BinaryIO, folder: Path, progress: Progress | None, dry_run: bool
) -> Report:
    return asyncio.run(
        run_import(target, stream, folder, clock.now(), progress=progress, dry_run=dry_run)
    )
