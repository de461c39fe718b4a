"""python -m tests.bench [--json] [--scale 0.2] [--growth 1000000]"""

import argparse
import sys
from pathlib import Path

from tests.bench import decisions, growth, scans, sections
from tests.bench.report import Report
from tests.ground import postgres, processes
from tests.ground.service import Service

PRODUCTION = {
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "256MB",
    "shared_preload_libraries": "pg_stat_statements",
}


def run(scale: float, cases: int) -> Report:
    report = Report()
    folder = processes.short_folder("rs-bench-")
    try:
        with postgres.running(**PRODUCTION) as server:
            _measure(report, server, folder, (scale, cases))
        sections.empty_route(report, max(100, int(5000 * scale)))
        decisions.measure(report)
    finally:
        processes.remove(folder)
    return report


def _measure(report: Report, server: postgres.Postgres, folder: Path, size: tuple[float, int]) -> None:
    scale, cases = size
    database = server.create()
    server.run("CREATE EXTENSION pg_stat_statements", database)
    service = Service(folder / "data", database_url=server.url(database), log_level="warning")
    with service.started():
        bench = sections.Bench(service, server, database, report, scale)
        _say("lifecycles, 1 client")
        sections.lifecycles(bench, 1, bench.count(60))
        _say("lifecycles, 8 clients")
        sections.lifecycles(bench, 8, bench.count(400))
        _say("creates, previews, returnables")
        sections.calls(bench)
        _say("scans at the bench")
        scans.scans(bench, server.url(database))
        _say("messages")
        sections.messages(bench)
        _say("two web processes")
        sections.more_processes(bench, bench.count(400))
        _say("start")
        sections.start(bench)
        if cases:
            _say(f"growth to {cases:,} cases")
            growth.growth(bench, server.url(database), cases)
        _say("plain SQL")
        sections.plain_sql(bench)


def _say(what: str) -> None:
    print(f"... {what}", file=sys.stderr, flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description="Measures the service on this machine.")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options.add_argument(
        "--scale", type=float, default=1.0, help="more or fewer jobs than usual (1.0: about three minutes)"
    )
    options.add_argument(
        "--growth",
        type=int,
        default=0,
        metavar="CASES",
        help="also whether calls are slower with so many cases than with ten thousand (1000000: a quarter of an hour)",
    )
    chosen = options.parse_args()
    report = run(chosen.scale, chosen.growth)
    if chosen.json:
        print(report.as_json())
    else:
        report.show()
    sys.exit(1 if report.failures else 0)


if __name__ == "__main__":
    main()
