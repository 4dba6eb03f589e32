"""Measures fristvakt beside its peers and the machine's own limit, in turn, in one run.

    script/bench                  everything; under 90 minutes
    script/bench --quick          one round of everything, smaller; under 5 minutes
    script/bench --only NAME      the rows whose name begins with NAME; --list shows them
    script/bench --json FILE      all rounds, for a machine to read
    script/bench --readme         also puts the table into README.md and the plot into docs/

One line a measure. A ratio above 1 is in fristvakt's favour; it is taken within each round, and the
smallest and largest stand behind it. Before each round the disk and the cores are probed; a round on
a busy machine is done again, as long as the time for that lasts, and marked when it does not.
"""

import argparse
import datetime
import json
import os
import pathlib
import statistics
import sys
import time

import machine
import report
import rows

# Seconds for rounds that are done again because something else was busy.
REPEAT_SECONDS = 900
TRIES = 3


class Meter:
    """One subject, one round: probed, measured, done again when the machine was busy."""

    def __init__(self, host, quick):
        self.host = host
        self.left = 0 if quick else REPEAT_SECONDS

    def measure(self, subject):
        best = None
        for attempt in range(TRIES):
            probe = self.host.probe()
            began = time.monotonic()
            value = subject()
            took = time.monotonic() - began
            free = min(probe["free_share"], self.host.probe()["free_share"])
            result = {"value": value, "free_share": free,
                      "fsync_per_second": probe["fsync_per_second"]}
            if best is None or free > best["free_share"]:
                best = result
            if free >= machine.QUIET_SHARE or self.left < took:
                break
            self.left -= took if attempt + 1 < TRIES else 0
        return best


def measure_row(row, meter, rounds):
    """Everybody in turn, round after round."""
    subjects = {"fristvakt": row.product, **{peer.name: peer.measure for peer in row.peers}}
    if row.limit:
        subjects[row.limit.name] = row.limit.measure
    measured = {name: [] for name in subjects}
    problems = {}
    began = time.monotonic()
    for done in range(rounds):
        # Rounds that turn out to be long are fewer.
        if done >= 3 and time.monotonic() - began > done * 20 * len(subjects):
            break
        for name, subject in subjects.items():
            if name in problems:
                continue
            try:
                measured[name].append(meter.measure(subject))
            except machine.Failed as problem:
                problems[name] = str(problem)
                measured[name] = []
    return {"measured": measured, "problems": problems}


def ratio(row, measured, other):
    """Of each round; above 1: fristvakt does better."""
    pairs = zip(measured["fristvakt"], measured.get(other, []))
    found = [mine["value"] / theirs["value"] if row.more_is_better
             else theirs["value"] / mine["value"] for mine, theirs in pairs]
    if not found:
        return None
    return {"median": statistics.median(found), "min": min(found), "max": max(found)}


def judge(row, result):
    """The budget in words, and whether it was met."""
    wanted = []
    if row.peer_times is not None:
        best = min((result["ratios"][peer.name]["median"] for peer in row.peers
                    if result["ratios"].get(peer.name)), default=None)
        wanted.append((f"≥ {row.peer_times:g} × peer", best is not None and best >= row.peer_times))
    if row.limit_times is not None:
        of_limit = result["ratios"].get(row.limit.name)
        words = (f"≥ {row.limit_times:g} × limit" if row.more_is_better
                 else f"≤ {1 / row.limit_times:g} × limit")
        wanted.append((words, of_limit is not None and of_limit["median"] >= row.limit_times))
    if row.bound is not None:
        wanted.append((f"≤ {row.bound:g} {row.unit}", result["value"] <= row.bound))
    if not wanted:
        return None, None
    return ", ".join(words for words, _ in wanted), all(met for _, met in wanted)


def summarise(row, outcome):
    measured = outcome["measured"]
    medians = {name: statistics.median(one["value"] for one in rounds)
               for name, rounds in measured.items() if rounds}
    result = {"name": row.name, "unit": row.unit, "kind": row.kind, "stored": row.stored,
              "more_is_better": row.more_is_better, "value": medians.get("fristvakt"),
              "medians": medians, "limit": row.limit.name if row.limit else None,
              "peers": [peer.name for peer in row.peers], "rounds": measured,
              "problems": outcome["problems"],
              "free_share": min((one["free_share"] for rounds in measured.values()
                                 for one in rounds), default=None)}
    if result["value"] is not None:
        result["ratios"] = {name: ratio(row, measured, name) for name in measured
                            if name != "fristvakt"}
        result["budget"], result["met"] = judge(row, result)
    return result


def run(options, host):
    bench = rows.Bench(host, options.quick)
    if options.list:
        print("\n".join(bench.names()))
        return []
    wanted = [name for name in bench.names() if name.startswith(options.only or "")]
    if not wanted:
        sys.exit(f"script/bench: no row begins with {options.only}; --list shows them all")
    meter = Meter(host, options.quick)
    results = []
    for name in wanted:
        try:
            row = bench.row(name)
            results.append(summarise(row, measure_row(row, meter,
                                                      1 if options.quick else row.rounds)))
        except machine.Failed as problem:
            results.append({"name": name, "problems": {"fristvakt": str(problem)}, "value": None})
        finally:
            bench.end_row()
        print(report.line(results[-1]), flush=True)
    return results


def main():
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", metavar="FILE", type=pathlib.Path)
    parser.add_argument("--readme", action="store_true")
    parser.add_argument("--list", action="store_true")
    options = parser.parse_args()
    began = time.monotonic()
    host = machine.Machine()
    try:
        results = run(options, host)
    finally:
        host.close()
    if options.list:
        return
    about = {"date": datetime.date.today().isoformat(), "quick": options.quick,
             "machine": report.machine_words(), "minutes": (time.monotonic() - began) / 60,
             "load": os.getloadavg()[2]}
    for line in report.growth(results):
        print(line)
    if options.json:
        options.json.write_text(json.dumps({"about": about, "rows": results}, indent=1) + "\n")
    if options.readme:
        report.write_readme(machine.SOURCE, about, results)
    failed = [one["name"] for one in results if one.get("problems")]
    if failed:
        sys.exit("script/bench: could not be measured in full: " + ", ".join(failed))


main()
