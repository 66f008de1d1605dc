"""`make workbench` and `make model`."""

from __future__ import annotations

import sys

from ganxun.workshop.bench import BenchBroken, Workbench
from ganxun.workshop.dbt_session import ProjectBroken
from ganxun.workshop.model import UnknownModel, prove

USAGE = 'python -m ganxun.workshop bench | model NAME ... (make workbench; make model M="NAME ...")'


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    bench = Workbench()
    try:
        match arguments:
            case ["bench"]:
                made = bench.make()
                print(f"{bench.work_file} {'is made' if made else 'is up to date'}")
                return 0
            case ["model", *selections] if selections:
                if not bench.is_of_today(bench.read_kept()):
                    bench.make()
                return 0 if prove(bench, selections) else 1
            case _:
                print(USAGE, file=sys.stderr)
                return 2
    except (BenchBroken, ProjectBroken, UnknownModel) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
