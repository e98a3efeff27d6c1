"""bin/check tells which step failed, with its command and what its tool said."""

from __future__ import annotations

import pytest

from bin import _check as check
from bin._check import Outcome, Step


def test_a_failed_step_is_told_with_its_command_and_output() -> None:
    said: list[str] = []
    step = Step("lint", ["ruff", "check"])
    assert check.report([Outcome(step, False, 1.25, "a.py: wrong\n")], said.append) == 1
    assert said == [
        "lint          FAILED        1.2 s",
        "    $ ruff check",
        "    a.py: wrong",
        "1 of 1 steps failed: lint",
    ]


def test_a_step_that_passed_is_one_line() -> None:
    said: list[str] = []
    assert check.report([Outcome(Step("types", ["mypy"]), True, 2.0, "noise")], said.append) == 0
    assert said == ["types         ok            2.0 s", "All 1 steps passed."]


def test_a_step_without_files_to_look_at_is_not_taken() -> None:
    outcome = check.run(Step("none", ["does-not-exist"], only_if="static/*.nothing"))
    assert outcome.passed is None


def test_a_name_that_is_no_step_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["lnt"]) == 2
    assert "Unknown: lnt. Steps: lint, format" in capsys.readouterr().out
