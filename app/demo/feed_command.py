"""``kinderbijslag demo-feed``: the feed of a made-up fund of any size."""

from __future__ import annotations

import sys
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import cast

import click

from app.clock import today
from app.demo.fund.feed import Made, Plan, write_folder, write_stream
from app.demo.fund.post import Personal

MOST = 400_000  # families whose parents all have a number of their own
FEW = 200  # families that each still get letters of their own, unless asked otherwise


def _until(_ctx: click.Context, _param: click.Parameter, value: str | None) -> date | None:
    """The day of ``--until``: a day, or the last one of a month."""
    if value is None:
        return None
    try:
        if len(value) == len("2026-11"):
            first = date.fromisoformat(f"{value}-01")
            return first.replace(day=monthrange(first.year, first.month)[1])
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"{value} is not a month (2026-11) or a day (2026-11-23)"
        ) from None


@click.command("demo-feed")
@click.option("--families", type=click.IntRange(1, MOST), default=40, show_default=True)
@click.option("--months", type=click.IntRange(1, 120), default=30, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option(
    "--until",
    metavar="YYYY-MM",
    callback=_until,
    help="Pretend that this is today: a day, or a month (its last day). Default: today.",
)
@click.option(
    "--output",
    default="-",
    show_default=True,
    help="A folder (feed.jsonl and letters/*.pdf), a file (*.jsonl, letters beside it), or - for "
    "standard output with the PDFs inside.",
)
@click.option(
    "--letters",
    type=click.Choice(["personal", "shared", "none"]),
    help=f"A PDF for each letter, one for each kind, or no letters and messages. "
    f"Default: personal up to {FEW} families, else shared.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(1),
    help="Begin a new batch and file (feed-0001.jsonl …) after about this many records.",
)
def demo_feed_command(
    families: int,
    months: int,
    seed: int,
    until: date | None,
    output: str,
    letters: str | None,
    batch_size: int | None,
) -> None:
    """Make the feed of a made-up fund: dossiers, payments, letters and messages.

    The same options always give the same bytes. The demo people come first.
    """
    kept = cast(Personal, letters or ("personal" if families <= FEW else "shared"))
    plan = Plan(families, months, seed, until or today(), kept, batch_size)
    if output == "-":
        if batch_size:
            raise click.UsageError("--batch-size needs a folder or a file as --output")
        if sys.stdout.isatty():
            raise click.UsageError("say where to: --output FOLDER (or - in a pipe)")
        write_stream(plan, sys.stdout.buffer)
        return
    path = Path(output)
    folder, name = (path.parent, path.name) if path.suffix == ".jsonl" else (path, "feed.jsonl")
    made = _with_progress(families, lambda tick: write_folder(plan, folder, name, tick))
    click.echo(
        f"{made.dossiers} dossiers, {made.records} records in {made.files} file(s): {folder}",
        err=True,
    )


def _with_progress(families: int, write: Callable[[Callable[[], None]], Made]) -> Made:
    """Write with a progress bar on the terminal."""
    with click.progressbar(length=families, label="Families", file=sys.stderr) as bar:
        return write(lambda: bar.update(1))
