"""Print a test report as one line that people and build servers read: `N passed, N failed, N skipped`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree


def count(report: Path) -> str:
    """Return the closing line for a JUnit report; errors count as failures."""
    # The file was written by pytest a moment ago, so it is safe to parse.
    suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314
    totals = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in suites:
        for name in totals:
            totals[name] += int(suite.get(name, 0))
    failed = totals["failures"] + totals["errors"]
    passed = totals["tests"] - failed - totals["skipped"]
    return f"{passed} passed, {failed} failed, {totals['skipped']} skipped"


if __name__ == "__main__":
    print(count(Path(sys.argv[1])))
