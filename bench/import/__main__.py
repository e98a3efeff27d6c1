"""How quickly a batch of payments is imported, beside a bare ``executemany`` of the same rows.

``bin/bench import [--payments 300000] [--repeat 3]``: on one core, on SQLite and on PostgreSQL.
Each run is a process of its own on a fresh copy of a database that has the dossiers and their
children. The bare run writes the rows that the import made, from memory, in one transaction, with
the same pragmas and indexes; only the writing is timed. Memory is the peak of the importing
process, for a third of the batch and for all of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from statistics import median
from typing import Any

from .feeds import DOSSIERS_PER_PAYMENT, write_dossiers, write_payments
from .places import Place, PostgresPlace, SqlitePlace


def main() -> None:
    """Measure and print."""
    parser = ArgumentParser(prog="bin/bench import", description=__doc__)
    parser.add_argument("--payments", type=int, default=300_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--on", choices=["sqlite", "postgres", "both"], default="both")
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # PostgreSQL inherits it
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        families = options.payments // DOSSIERS_PER_PAYMENT
        write_dossiers(folder / "dossiers.jsonl", families)
        write_payments(folder / "third.jsonl", families, options.payments // 3)
        write_payments(folder / "whole.jsonl", families, options.payments)
        places: list[Place] = []
        if options.on != "postgres":
            places.append(SqlitePlace(folder))
        if options.on != "sqlite":
            places.append(PostgresPlace(folder))
        for place in places:
            try:
                _measure(place, folder, options.payments, options.repeat)
            finally:
                place.stop()


def _measure(place: Place, folder: Path, payments: int, repeat: int) -> None:
    template = place.empty("template")
    _run("import", template, folder / "dossiers.jsonl")
    third = _run("import", place.copy("template", "third"), folder / "third.jsonl")
    ours, bare, memory, by_cpu = [], [], [], []
    for number in range(repeat):
        imported = place.copy("template", f"imported{number}")
        result = _run("import", imported, folder / "whole.jsonl")
        ours.append(payments / result["seconds"])
        memory.append(result["megabytes"])
        target = place.copy("template", f"bare{number}")
        beside = _run("bare", target, imported)
        bare.append(payments / beside["seconds"])
        by_cpu.append(beside["cpu"] / result["cpu"])
        place.drop(f"imported{number}")
        place.drop(f"bare{number}")
    print(f"{place.name}: {payments:,} payments, medians of {repeat}, one core")
    print(f"  import            {median(ours):9,.0f} payments/s   {_each(ours)}")
    print(f"  bare executemany  {median(bare):9,.0f} payments/s   {_each(bare)}")
    print(f"  ratio             {median(ours) / median(bare):9.2f}")
    if place.in_process:  # a busy machine does not disturb this one
        print(f"  ratio by CPU time {median(by_cpu):9.2f}   {[round(one, 2) for one in by_cpu]}")
    print(
        f"  peak memory       {third['megabytes']:9.0f} MB for {payments // 3:,}, "
        f"{median(memory):.0f} MB for {payments:,}",
        flush=True,
    )


def _each(rates: list[float]) -> str:
    return "(" + ", ".join(f"{rate:,.0f}" for rate in rates) + ")"


def _run(what: str, url: str, source: object) -> dict[str, Any]:
    """One run in a process of its own."""
    command = [sys.executable, "-m", "bench.import.run", what, url, str(source)]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    result: dict[str, Any] = json.loads(output)
    return result


if __name__ == "__main__":
    main()
