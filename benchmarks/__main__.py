"""Measures the table of rows.py, prints it, and ends with 1 if a bound is exceeded.

``make bench`` takes half an hour on a machine that does nothing else, and writes docs/speed.rst;
``make bench BENCH_ARGS=--quick`` takes about a minute, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys

import page
from results import Result, take
from rows import FULL, QUICK, Row, build_rows
from stage import ROOT, Stage, install

PAGE = ROOT / "docs" / "speed.rst"


def main() -> int:
    """Measure, and return the exit code."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="less of everything, in a minute")
    parser.add_argument("--only", default="", metavar="TEXT", help="rows with this in their name")
    options = parser.parse_args()
    rows = [row for row in build_rows(QUICK if options.quick else FULL) if options.only in row.name]
    with Stage(install()) as stage:
        results = measure_all(rows, stage, counts=not options.quick)
        if not options.quick and not options.only:
            page.write(PAGE, results, stage.python)
    over = [result for result in results if result.is_over]
    print(f"\n{len(over)} of {len(results)} over their bound" if over else "\nAll within bounds.")
    return 1 if over else 0


def measure_all(rows: list[Row], stage: Stage, *, counts: bool) -> list[Result]:
    """Measure the rows, and print each as soon as it is known."""
    width = max(len(row.name) for row in rows)
    results: list[Result] = []
    for row in rows:
        if not results or results[-1].row.section != row.section:
            print(f"\n{row.section:<{width}} {'cost':>9} {'yardstick':>9} {'over':>6} {'bound':>6}")
        results.append(take(row, stage, counts=counts))
        print(describe(results[-1], width), flush=True)
    return results


def describe(result: Result, width: int) -> str:
    """Return the line of a result."""
    row, ratio = result.row, result.ratio
    bound = "" if row.bound is None else f"{row.bound:.2f}"
    if ratio is None:
        return f"{row.name:<{width}} {result.problem.splitlines()[0]}; bound {bound}"
    over = f"{ratio.value:.2f}"
    yardstick = f"{ratio.yardstick:9.3f}" if row.yardstick else " " * 9
    counted = f"  {result.instructions.value:.2f} in instructions" if result.instructions else ""
    mark = "  OVER" if result.is_over else ""
    return f"{row.name:<{width}} {ratio.cost:9.3f} {yardstick} {over:>6} {bound:>6}{counted}{mark}"


if __name__ == "__main__":
    sys.exit(main())
