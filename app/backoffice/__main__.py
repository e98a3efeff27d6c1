"""The import that the API runs in a process of its own, so that pages are not kept waiting.

``python -m app.backoffice FEED DOCUMENTS``, with the database's address in the environment (it
can hold a password). Writes the report as JSON; only inline PDFs are possible.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from app import clock
from app.backoffice.command import NOT_TRIED, REFUSED
from app.backoffice.service import NotTried, Target, run_import
from app.settings import PREFIX
from app.web import logs


def main(feed: str, documents: str) -> int:
    """Import one file; out: the status to end with."""
    logs.configure("json", "info")
    target = Target(os.environ[f"{PREFIX}DATABASE_URL"], Path(documents))
    try:
        with Path(feed).open("rb") as stream:
            report = asyncio.run(run_import(target, stream, None, clock.now()))
    except NotTried as error:
        sys.stdout.write(str(error))
        return NOT_TRIED
    sys.stdout.buffer.write(report.as_json())
    return 0 if report.ok else REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
