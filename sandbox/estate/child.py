"""Write down who I am, then become the program: `python -m sandbox.estate.child RECORD PROGRAM ARGUMENT...`.

The record is there before the program starts to work, whatever happens to the one who started it: a run killed at any
moment leaves no process that the next run cannot find. The process keeps its id and start time when it becomes the
program, which is what makes the record true.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sandbox.estate.identity import start_time


def main() -> None:
    record, program = Path(sys.argv[1]), sys.argv[2:]
    partial = record.with_suffix(".partial")
    partial.write_text(json.dumps({"pid": os.getpid(), "started": start_time(os.getpid()), "program": program}))
    partial.replace(record)
    os.execvp(program[0], program)


if __name__ == "__main__":
    main()
