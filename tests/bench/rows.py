"""The measures: what each runs, beside which peer and which limit, and what it is to reach."""

import contextlib
import dataclasses
import functools
import signal
import time
import typing

import machine
import servers
import stores
from machine import BUILD, PEERS, PROGRAM, Failed
from stores import PRODUCT, LATENCY_FROM, STORM_DAY

LIMITS = BUILD / "tests/bench/bench_limits"
LOAD = BUILD / "tests/bench/bench_http_load"


@dataclasses.dataclass
class Subject:
    """One of those that are measured in turn."""

    name: str
    measure: typing.Callable[[], float]


@dataclasses.dataclass
class Row:
    name: str
    unit: str
    product: typing.Callable[[], float]
    peers: list = dataclasses.field(default_factory=list)
    limit: typing.Optional[Subject] = None
    more_is_better: bool = True
    rounds: int = 5
    # The budget: at least so many times the best peer, the limit; a value of its own.
    peer_times: typing.Optional[float] = None
    limit_times: typing.Optional[float] = None
    bound: typing.Optional[float] = None
    stored: int = 0  # The same measure at another size stands in a row of the same `kind`.
    kind: str = ""


class Bench:
    """Builds the rows. What a row needs is started when it is first asked for, and ends with it."""

    def __init__(self, host, quick):
        self.host = host
        self.quick = quick
        self.stores = stores.Stores(host)
        self.seconds = 1.5 if quick else 4
        self.sizes = [10_000, 100_000] if quick else [10_000, 100_000, 1_000_000]
        self.top = self.sizes[-1]
        self.row_stack = contextlib.ExitStack()
        self.running = {}

    def names(self):
        return [name for name, _ in self._all()]

    def row(self, name):
        return dict(self._all())[name]()

    def _all(self):
        rows = []
        for clients in (1, 16, 64):
            rows.append((f"events-{clients}", functools.partial(self.events, clients, 10_000)))
        rows.append((f"events-64-at-{self.top}", functools.partial(self.events, 64, self.top)))
        for size in self.sizes:
            rows.append((f"batches-{size}", functools.partial(self.batches, size)))
        for size in self.sizes[1:]:
            rows.append((f"latency-{size}", functools.partial(self.latency, size)))
        for size in self.sizes:
            rows.append((f"restart-{size}", functools.partial(self.restart, size)))
        for size in self.sizes[1:]:
            rows.append((f"drain-{size}", functools.partial(self.drain, size)))
        for sessions in (1, 4, 16):
            rows.append((f"storm-{sessions}", functools.partial(self.storm, sessions)))
        rows.append(("reads-64", self.reads))
        for size in self.sizes:
            rows.append((f"board-{size}", functools.partial(self.board, size)))
        rows += [("simulate", self.simulate), ("check", self.check), ("reload", self.reload)]
        for size in self.sizes:
            rows.append((f"tick-{size}", functools.partial(self.tick, size)))
        for size in self.sizes:
            rows.append((f"resident-{size}", functools.partial(self.resident, size)))
        for size in self.sizes:
            rows.append((f"disk-{size}", functools.partial(self.disk, size)))
        rows.append(("feed", self.feed))
        return rows

    # --- what several rows share -----------------------------------------------------------------

    def kept(self, key, make, close=None):
        """Made once and kept for the rounds of this row."""
        if key not in self.running:
            self.running[key] = make()
            if close:
                self.row_stack.callback(close, self.running[key])
        return self.running[key]

    def end_row(self):
        self.row_stack.close()
        self.running = {}

    def daemon(self, size):
        config, database, _ = self.stores.stored(size)
        return self.kept(("daemon", size), lambda: servers.Daemon(self.host, config, database).ready(),
                         lambda one: one.close())

    def load(self, what, port, connections, path):
        return self.host.values(LOAD, what, port, connections, self.seconds, path)

    def node(self, script, *arguments, environment=None):
        import os
        return self.host.values("node", PEERS / script, *arguments, cwd=PEERS,
                                env={**os.environ, **(environment or {})})

    def postgres(self):
        return self.kept("postgres", lambda: servers.Postgres(self.host), lambda one: one.kill())

    def redis(self):
        return self.kept("redis", lambda: servers.Redis(self.host), lambda one: one.kill())

    def queues(self, measure):
        """The job queues, each with the server that it needs."""
        found = [Subject("BullMQ", lambda: measure("BullMQ", self.redis())),
                 Subject("graphile-worker", lambda: measure("graphile-worker", self.postgres()))]
        if not self.quick:
            found.append(Subject("pg-boss", lambda: measure("pg-boss", self.postgres())))
        return found

    # --- events -----------------------------------------------------------------------------------

    def events(self, clients, size):
        def product():
            daemon = self.daemon(size)
            cases = self.kept("cases", lambda: self._case_file(daemon))
            return self.load("events", daemon.port, clients, cases)["per_second"]

        def limit():
            _, database, _ = self.stores.stored(size)
            copied = self.kept("rows", lambda: self.stores.copy_of(database))
            return self.host.values(LIMITS, "rows", copied, min(clients, 16),
                                    self.seconds)["per_second"]

        return Row(f"events-{clients}" + ("" if size == 10_000 else f"-at-{size}"), "/s", product,
                   [Subject("XState + better-sqlite3", lambda: self.xstate(size, 1))],
                   Subject("bare rows", limit),
                   peer_times=2 if clients == 64 and size == 10_000 else None, stored=size)

    def _case_file(self, daemon):
        found, path = [], "/api/v1/cases?limit=500"
        while path and len(found) < 6400:
            page = daemon.json(path)
            found += [one["id"] for one in page["cases"] if one["state"] == "awaited"]
            path = page["next"]
        file = daemon.state / "cases"
        file.write_text("\n".join(found[:len(found) // 64 * 64]) + "\n")
        return file

    def xstate(self, size, batch):
        file = self.host.make_folder("xstate") / "state.db"
        return self.node("events.mjs", file, min(size, 100_000), batch, self.seconds)["per_second"]

    def batches(self, size):
        config, database, _ = self.stores.stored(size)

        def product():
            copied = self.kept("product", lambda: self.stores.copy_of(database))
            return self.host.values(PRODUCT, "batches", config, copied, f"{stores.TODAY}T00:00", 64,
                                    self.seconds)["per_second"]

        def limit():
            copied = self.kept("rows", lambda: self.stores.copy_of(database))
            return self.host.values(LIMITS, "rows", copied, 64, self.seconds)["per_second"]

        return Row(f"batches-{size}", "/s", product,
                   [Subject("XState + better-sqlite3", lambda: self.xstate(size, 64))],
                   Subject("bare rows", limit), limit_times=0.7, stored=size, kind="an event")

    # --- what is due ------------------------------------------------------------------------------

    def latency(self, size):
        due, speed = (300, 3000) if self.quick else (1000, 3000)

        def product():
            config, database, _ = self.stores.timed(size, due)
            return self.host.values(PRODUCT, "latency", config, self.stores.copy_of(database),
                                    LATENCY_FROM, due, speed)["p99_ms"]

        def peer(name, server):
            return self.node("jobs.mjs", name, "latency", min(size, self._peer_stored()),
                             environment=server.environment())["p99_ms"]

        def limit():
            folder = self.host.make_folder("timers")
            return self.host.values(LIMITS, "timers", "latency", folder / "db", size)["p99_ms"]

        return Row(f"latency-{size}", "ms p99", product, self.queues(peer),
                   Subject("bare loop", limit), more_is_better=False, rounds=self._rounds(size),
                   limit_times=0.2, stored=size, kind="due to handed over")

    def _peer_stored(self):
        return 10_000 if self.quick else 1_000_000

    def _rounds(self, size):
        return 1 if size >= 1_000_000 else 3

    def restart(self, size):
        config, database, _ = self.stores.stored(size)

        def product():
            daemon = servers.Daemon(self.host, config, database)
            spool = daemon.state / "spool" / "new"
            while not (spool.exists() and any(spool.iterdir())):
                if daemon.process.poll() is not None:
                    daemon.ready()
            seconds = time.monotonic() - daemon.began
            daemon.kill()
            return seconds * 1000

        def peer(name, server):
            count = min(size, self._peer_stored())
            self.node("jobs.mjs", name, "prepare", count, environment=server.environment())
            server.kill()
            began = time.monotonic()
            server.start()
            self.node("jobs.mjs", name, "restart", count, environment=server.environment())
            return (time.monotonic() - began) * 1000

        def limit():
            file = self.host.make_folder("timers") / "db"
            self.host.run(LIMITS, "timers", "prepare", file, size)
            began = time.monotonic()
            self.host.run(LIMITS, "timers", "restart", file, size)
            return (time.monotonic() - began) * 1000

        return Row(f"restart-{size}", "ms", product, self.queues(peer), Subject("bare loop", limit),
                   more_is_better=False, rounds=self._rounds(size), bound=250, stored=size,
                   kind="restart")

    def drain(self, size):
        config, database, _ = self.stores.stored(size)
        day = f"{stores.first_step_day()}T00:00"

        def product():
            values = self.host.values(PRODUCT, "drain", config, self.stores.copy_of(database), day)
            return values["per_second"]

        def peer(name, server):
            return self.node("jobs.mjs", name, "drain", 10_000 if self.quick else 100_000,
                             environment=server.environment())["per_second"]

        def limit():
            folder = self.host.make_folder("timers")
            return self.host.values(LIMITS, "timers", "drain", folder / "db", 100_000)["per_second"]

        return Row(f"drain-{size}", "/s", product, self.queues(peer), Subject("bare loop", limit),
                   rounds=self._rounds(size), peer_times=1, stored=size, kind="a due reminder")

    def storm(self, sessions):
        count = 5_000 if self.quick else 100_000
        peer_count = 1_000 if self.quick else 10_000

        def sink():
            return self.kept("sink", lambda: servers.Sink(self.host)).port

        def product():
            config, database, _ = self.stores.storm(count)
            values = self.host.values(PRODUCT, "storm", config, self.stores.copy_of(database),
                                      f"{STORM_DAY}T08:00", sessions, count, sink())
            if values["failed"]:
                raise Failed(f"{values['failed']} messages failed")
            return values["per_second"]

        def nodemailer():
            return self.node("mail.mjs", sink(), sessions, peer_count)["per_second"]

        def smtp_source():
            began = time.monotonic()
            self.host.run("smtp-source", "-d", "-s", sessions, "-l", 5120, "-m", peer_count * 2,
                          "-f", "a@embetet.example", "-t", "b@kommunen.example",
                          f"127.0.0.1:{sink()}")
            return peer_count * 2 / (time.monotonic() - began)

        def libcurl():
            return self.host.values(LIMITS, "smtp", sink(), sessions, peer_count * 2,
                                    5120)["per_second"]

        return Row(f"storm-{sessions}", "messages/s", product,
                   [Subject("nodemailer", nodemailer), Subject("smtp-source", smtp_source)],
                   Subject("bare libcurl", libcurl), rounds=3,
                   peer_times=None, limit_times=0.7 if sessions == 16 else None)

    # --- pages and API ----------------------------------------------------------------------------

    def _beside(self, path, connections, what, size):
        """The same bytes from fristvakt, cpp-httplib and nginx."""
        def product():
            return self.load("get", self.daemon(size).port, connections, path)[what]

        def other(server):
            def measure():
                daemon = self.daemon(size)
                _, body, content_type = daemon.get(path)
                one = self.kept(server, lambda: server(self.host, body, content_type))
                return self.load("get", one.port, connections, "/answer")[what]
            return measure

        return product, other(servers.CppHttplib), other(servers.Nginx)

    def reads(self):
        product, httplib, nginx = self._beside("/api/v1/cases/tavle/krav-003/kommune-000007", 64,
                                               "per_second", self.top)
        return Row("reads-64", "/s", product, [Subject("cpp-httplib, tuned", httplib)],
                   Subject("nginx, a file", nginx), peer_times=0.5)

    def board(self, size):
        product, httplib, nginx = self._beside("/oversikt?pulje=tavle", 1, "p50_ms", size)
        return Row(f"board-{size}", "ms p50", product, [Subject("cpp-httplib, a file", httplib)],
                   Subject("nginx, a file", nginx), more_is_better=False, bound=20, stored=size,
                   kind="overview page")

    # --- the whole program ------------------------------------------------------------------------

    def timed_run(self, *command):
        began = time.monotonic()
        self.host.run(PROGRAM, *command)
        return time.monotonic() - began

    def simulate(self):
        config = self.stores.country()
        return Row("simulate", "s", lambda: self.timed_run(
            "simulate", config, "--from", "2026-01-01", "--to", "2028-12-31"),
            more_is_better=False, bound=2)

    def check(self):
        config, _, _ = self.stores.stored(10_000)
        return Row("check", "s", lambda: self.timed_run("check", config), more_is_better=False)

    def reload(self):
        def product():
            daemon = self.daemon(10_000)
            config, _, _ = self.stores.stored(10_000)
            file = config / "fristvakt.yaml"
            text = file.read_text()
            try:
                file.write_text(f"{text}# {time.time()}\n")
                used = daemon.lines("event=110 ")
                began = time.monotonic()
                daemon.process.send_signal(signal.SIGHUP)
                while daemon.lines("event=110 ") == used:
                    time.sleep(0.0005)
                return time.monotonic() - began
            finally:
                file.write_text(text)
        return Row("reload", "s", product, more_is_better=False)

    def feed(self):
        """A cohort's calendar as a subscriber gets it; for so many events as one has."""
        def product():
            daemon = self.daemon(10_000)
            path = self.kept("feed", lambda: daemon.make_feed("landet"))
            began = time.monotonic()
            _, body, _ = daemon.get(path)
            seconds = time.monotonic() - began
            return seconds * 1000 * 10_000 / body.count(b"BEGIN:VEVENT")

        def limit():
            return self.host.values(LIMITS, "feed", 10_000)["seconds"] * 1000

        def peer():
            return self.host.values("/usr/bin/python3", PEERS / "feed.py", 10_000)["seconds"] * 1000
        return Row("feed", "ms for 10,000 events", product, [Subject("python icalendar", peer)],
                   Subject("libical", limit), more_is_better=False, limit_times=1 / 1.5)

    def tick(self, size):
        config, database, _ = self.stores.stored(size)

        def product():
            copied = self.kept("copy", lambda: self.stores.copy_of(database))
            return self.host.values(PRODUCT, "tick", config, copied,
                                    f"{stores.TODAY}T00:00")["microseconds"]
        return Row(f"tick-{size}", "µs", product, more_is_better=False, stored=size, kind="a tick")

    def resident(self, size):
        """After events, pages and reads of everything."""
        def product():
            daemon = self.daemon(size)
            cases = self.kept("cases", lambda: self._case_file(daemon))
            self.load("events", daemon.port, 16, cases)
            for path in ("/oversikt?pulje=tavle", "/", "/api/v1/cases?limit=500", "/metrics"):
                daemon.get(path)
            return daemon.resident_bytes() / 1e6
        return Row(f"resident-{size}", "MB", product, more_is_better=False, rounds=1,
                   bound=64, stored=size, kind="resident memory")

    def disk(self, size):
        def product():
            _, database, values = self.stores.stored(size)
            copied = self.stores.copy_of(database)
            self.host.run("sqlite3", copied, "PRAGMA wal_checkpoint(TRUNCATE)")
            return copied.stat().st_size / values["cases"]
        return Row(f"disk-{size}", "bytes a case", product, more_is_better=False, rounds=1,
                   bound=1000 if size >= 100_000 else None, stored=size, kind="bytes a case")
