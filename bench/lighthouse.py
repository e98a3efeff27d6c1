"""``bin/bench lighthouse``: what Lighthouse says of four pages on a phone, median of three runs.

Starts the demo, signs Sofie in, hands her cookie to Lighthouse. The speed it measures is that of
this machine as well; accessibility and best practices are not.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import async_playwright

from app.demo.people import SOFIE
from tests import browsers, nodejs
from tests.e2e.people import let_in
from tests.e2e.portal import Portal, demo

RUNS = 3
GOALS = {"performance": 98, "accessibility": 100, "best-practices": 100}
METRICS = {
    "first-contentful-paint": "first paint (ms)",
    "largest-contentful-paint": "largest paint (ms)",
    "total-blocking-time": "blocked (ms)",
}

Report = dict[str, Any]


async def signed_in(portal: Portal) -> tuple[str, str, dict[str, str]]:
    """The browser to use, Sofie's cookie, and the pages to look at."""
    async with async_playwright() as playwright:
        browser = await browsers.launch(playwright)
        chrome = browsers.remembered()[1] or playwright.chromium.executable_path
        context = await browser.new_context()
        await let_in(context, portal, SOFIE)
        [cookie] = [one for one in await context.cookies() if one.get("name") == "sessie"]
        await browser.close()
    letter = portal.rows("SELECT id FROM letter WHERE subject LIKE 'Beslissing: kleuter%'")[0][0]
    pages = {
        "welcome": "/",
        "home": "/overzicht",
        "payments": "/betalingen",
        "letter": f"/brieven/{letter}",
    }
    return chrome, f"{cookie.get('name')}={cookie.get('value')}", pages


def look(url: str, chrome: str, cookie: str | None) -> Report:
    """One run of Lighthouse, as it emulates a phone by itself."""
    command = [
        *nodejs.tool("lighthouse", "cli/index.js"),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(GOALS)}",
        f"--chrome-flags={' '.join(['--headless=new', *flags()])}",
    ]
    if cookie is not None:
        command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
    environ = {**nodejs.environment(), "CHROME_PATH": chrome}
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"Lighthouse failed: {done.stderr.strip() or done.stdout.strip()}")
    report: Report = json.loads(done.stdout)
    if report["finalDisplayedUrl"] != url:
        sys.exit(f"Lighthouse asked for {url} and saw {report['finalDisplayedUrl']}")
    return report


def flags() -> list[str]:
    """Those of our browser that hold no spaces; Lighthouse splits them there."""
    return [flag for flag in browsers.arguments() if " " not in flag]


def score(report: Report, category: str) -> int:
    """The score of a category, out of a hundred."""
    return round(float(report["categories"][category]["score"]) * 100)


def faults(report: Report) -> set[str]:
    """The audits that keep a page from full marks in one of the categories."""
    return {
        audit["id"]
        for category in GOALS
        for audit in report["categories"][category]["auditRefs"]
        if audit["weight"] and report["audits"][audit["id"]]["score"] not in {None, 1}
    }


def main() -> int:
    """Print a row for each page; 1 when a goal is missed."""
    missed = False
    with tempfile.TemporaryDirectory() as folder, demo(Path(folder)) as portal:
        chrome, cookie, pages = asyncio.run(signed_in(portal))
        print(f"| page | {' | '.join([*GOALS, *METRICS.values()])} |")
        print("|---|" + "---:|" * (len(GOALS) + len(METRICS)))
        for name, path in pages.items():
            reports = [
                look(portal.url(path), chrome, None if name == "welcome" else cookie)
                for _ in range(RUNS)
            ]
            scores = {one: median(score(report, one) for report in reports) for one in GOALS}
            times = [
                median(report["audits"][metric]["numericValue"] for report in reports)
                for metric in METRICS
            ]
            cells = [f"{value:g}" for value in scores.values()] + [f"{ms:.0f}" for ms in times]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)
            missed |= any(scores[one] < goal for one, goal in GOALS.items())
            if missed:
                print(name, sorted(set().union(*map(faults, reports))), file=sys.stderr)
    print(f"({os.cpu_count()} cores, load {os.getloadavg()[0]:.1f})")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
