"""Puts the made-up fund into the demo's database, through the same door as a real feed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from app import clock, database
from app.backoffice.models import Batch
from app.backoffice.service import Target, run_import
from app.demo.fund.feed import Plan, write_folder
from app.settings import Settings

FAMILIES = 40
MONTHS = 30
SEED = 1


class FeedRefused(Exception):
    """The demo's own feed was refused; the text is the report."""


async def load_demo_fund(settings: Settings, today: date) -> None:
    """Make and import the fund once; a database that has a batch already is left alone.

    Raises FeedRefused.
    """
    if await _is_loaded(settings.database_url):
        return
    click.echo("  Making the demo fund …")
    folder = settings.data_dir / "feed"
    plan = Plan(FAMILIES, MONTHS, SEED, today, "personal", None)
    write_folder(plan, folder, "feed.jsonl", lambda: None)
    await _import(settings, folder / "feed.jsonl")


async def _is_loaded(database_url: str) -> bool:
    await database.connect(database_url)
    try:
        return await Batch.all().exists()
    finally:
        await database.disconnect()


async def _import(settings: Settings, feed: Path) -> None:
    target = Target(settings.database_url, settings.documents_folder)
    with feed.open("rb") as stream:
        report = await run_import(target, stream, feed.parent, clock.now())
    if not report.ok:
        raise FeedRefused(report.as_text())
