#!/usr/bin/python3
"""Holds the instructions of a fixed small load (instructions_load.cpp) against the figure in the tree.

    instructions.py PROGRAM            fails when it takes over a tenth more
    instructions.py PROGRAM --accept   writes the present count down as the figure

Counted by callgrind, so that the figure does not wobble with the machine's load. Where more
instructions buy something, take them deliberately: --accept, and say in the commit what they buy.
Where there are fewer now, --accept keeps the gain.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FIGURE = pathlib.Path(__file__).with_name("instructions.txt")
GROWTH_MAX = 0.10


def count(program):
    with tempfile.TemporaryDirectory() as folder:
        # The C library picks its routines by the processor: let it pick the same everywhere.
        tunables = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-BMI2,-RTM"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out", program, folder],
            env={**os.environ, "GLIBC_TUNABLES": tunables}, capture_output=True, text=True,
            check=False)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{program} under valgrind failed:\n{done.stdout}{done.stderr[-2000:]}")
    print(done.stdout, end="")
    return int(found[1])


def main():
    if len(sys.argv) not in (2, 3) or sys.argv[2:] not in ([], ["--accept"]):
        sys.exit(__doc__)
    program = sys.argv[1]
    counted = count(program)
    lines = FIGURE.read_text().splitlines()
    if sys.argv[2:]:
        FIGURE.write_text("\n".join(lines[:-1] + [str(counted)]) + "\n")
        print(f"{FIGURE}: {counted}")
        return
    figure = int(lines[-1])
    change = counted / figure - 1
    print(f"{counted:,} instructions, {change:+.1%} of the {figure:,} in {FIGURE.name}")
    if change > GROWTH_MAX:
        sys.exit(f"grew by more than {GROWTH_MAX:.0%}: find out why (callgrind_annotate), or, if it "
                 f"is meant, run\n    {FIGURE.with_suffix('.py')} {program} --accept\n"
                 "and say in the commit what it buys")
    if change < -GROWTH_MAX:
        print("much less than that: keep the gain with --accept")


main()
