"""CPU time is counted over whole trees, ended children included, each process once."""

from __future__ import annotations

import os
import subprocess
import sys

from bench import cpu

_BURN = "import time\nwhile time.process_time() < 0.3: pass\n"


def test_children_that_ended_count() -> None:
    before = cpu.seconds_by_root({"us": os.getpid()})
    subprocess.run([sys.executable, "-c", _BURN], check=True)
    used = cpu.difference(before, cpu.seconds_by_root({"us": os.getpid()}))
    assert used["us"] >= 0.28  # clock ticks are 10 ms


def test_a_root_below_another_is_not_counted_twice() -> None:
    script = f"{_BURN}print('burnt', flush=True)\ninput()"
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"burnt\n"
        alone = cpu.seconds_by_root({"us": os.getpid()})["us"]
        both = cpu.seconds_by_root({"us": os.getpid(), "child": child.pid})
        child.communicate(b"\n")
    assert both["child"] >= 0.28  # clock ticks are 10 ms
    assert both["us"] <= alone - 0.2
