#!/usr/bin/python3
"""Pulls the plug on the real daemon, again and again, and looks at what is left.

    pull_the_plug.py --rounds N [--power-loss] [--seed S]

Each round starts `fristvakt serve` on a state folder that has been through the rounds before it,
with a real SMTP server; several clients send commands, each with an Idempotency-Key; a SIGKILL
comes at a random moment, sometimes before the daemon is up. Then the state is looked at, and the
next round goes on with it: nobody touches it in between. With --power-loss the disk also forgets
what was not synced (unsteady_disk.cpp, power.py), and afterwards the same is tried with
`synchronous=OFF`, which must be found out: otherwise all this proves nothing.

The program is the one that FRISTVAKT names, the library the one that FRISTVAKT_UNSTEADY_DISK names.
"""
import argparse
import collections
import contextlib
import email
import email.policy
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "daemon")]

import busy_town  # noqa: E402
import power  # noqa: E402
from harness import PATIENCE, PROGRAM, Daemon, SmtpServer, Timeout  # noqa: E402

CLIENTS = 6
SPEED = "400000"  # Four and a half days a second, less what sending takes.
ROUNDS_IN_A_LIFE = 12  # Then a new state folder.
ROUND_MAX = 15  # Seconds from ready to the kill, at the most; for a busy machine.
SENT, SENDING, UNCERTAIN = 2, 1, 6  # workflows::MessageState

# What a command may be; some are refused by the case's state, which is an answer too.
EVENTS = [
    ("noted", "creditor", {}), ("noted", "debtor", {}), ("claimed", "debtor", {}),
    ("received", "creditor", {}), ("undone", "debtor", {}), ("not_found", "creditor", {}),
    ("incomplete", "creditor", {"missing": "vedlegg 2", "until": "2022-06-30"}),
    ("more_time_asked", "debtor", {"until": "2022-06-30"}), ("accepted", "creditor", {}),
    ("exempted", "creditor", {"reason": "slått sammen"}), ("reverted", "creditor", {}),
]


class Command:
    def __init__(self, key, case, event):
        self.key, self.case = key, case
        name, by, fields = event
        self.body = json.dumps({"event": name, "by": by, "text": key, **fields})
        self.status = None  # None: nobody knows whether it counted.

    @property
    def acknowledged(self):
        return self.status == 200


class Client(threading.Thread):
    """Sends what is in doubt again, then new commands, until the daemon is gone."""

    def __init__(self, port, doubtful, cases, name, chance):
        super().__init__(daemon=True)
        self.port, self.cases, self.base, self.chance = port, cases, name, chance
        self.asked = list(doubtful)
        self.acknowledged = 0

    def commands(self):
        yield from list(self.asked)
        for number in range(10**6):
            yield Command(f"{self.base}-{number}", self.chance.choice(self.cases),
                          self.chance.choice(EVENTS))

    def run(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            for command in self.commands():
                if command not in self.asked:
                    self.asked.append(command)
                connection.request("POST", f"/api/v1/cases/{command.case}/events", command.body,
                                   {"Content-Type": "application/json",
                                    "Idempotency-Key": command.key})
                answer = connection.getresponse()
                answer.read()
                if answer.status != 503:  # The daemon itself does not know: asked again.
                    command.status = answer.status
                self.acknowledged += command.acknowledged
        except (OSError, http.client.HTTPException):
            pass  # The plug.
        finally:
            connection.close()


class Life:
    """One state folder with its mail server, and what is known of both from outside."""

    def __init__(self, folder, name, chance, power_loss, synchronous):
        self.folder, self.name, self.chance, self.power_loss = folder, name, chance, power_loss
        self.state, self.unsynced = folder / "state", folder / "unsynced"
        self.unsynced.mkdir(parents=True)
        self.server = SmtpServer(folder / "mail")
        self.config = busy_town.write(folder / "config", self.server.port)
        self.off_shown = folder / "synchronous_is_off"
        self.environment = {}
        if power_loss:
            self.environment = {"LD_PRELOAD": os.environ["FRISTVAKT_UNSTEADY_DISK"],
                                "FRISTVAKT_UNSYNCED": str(self.unsynced)}
        if synchronous == "off":
            self.environment["FRISTVAKT_SYNCHRONOUS_OFF"] = str(self.off_shown)
        self.rounds = 0
        self.commands = {}
        self.mail = collections.Counter()  # Deliveries by Message-ID.
        self.mail_read = set()
        self.counted = collections.Counter()  # How often each command stands in the log.
        self.uncertain = collections.Counter()  # How often the daemon called a message that.
        self.head, self.seen = None, 0
        self.lost, self.twice, self.broken = [], [], []

    def close(self):
        self.server.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def problems(self):
        return ([f"lost: {one}" for one in self.lost] + [f"twice: {one}" for one in self.twice] +
                self.broken)

    def serve(self):
        return Daemon(self.state, config=self.config, clock=busy_town.START, speed=SPEED,
                      environment=self.environment)

    # One round.

    def moment(self):
        """(in words, whether it has come), asked of the seconds since the start and since the
        daemon was ready, of the commands acknowledged and the mails accepted since."""
        how = self.chance.choice(["start", "time", "commands", "mail", "mail"])
        if how == "start" and self.rounds > 0:
            seconds = self.chance.uniform(0, 0.4)
            return f"{seconds:.2f} s after the start", lambda start, *_: start >= seconds
        if how == "time":
            seconds = self.chance.uniform(0, 2)
            return f"{seconds:.2f} s after ready", lambda _, ready, *__: ready >= seconds
        if how == "commands":
            count = self.chance.randint(1, 300)
            return f"after {count} commands", lambda _, __, commands, ___: commands >= count
        count = self.chance.randint(1, 40)
        return f"after {count} mails", lambda _, __, ___, mails: mails >= count

    def round(self):
        # A late answer lets the plug fall between a message and the answer to it.
        self.server.ask(plan=[{"at": "END", "delay": self.chance.choice([0, 0, 0.003, 0.02])}])
        words, has_come = self.moment()
        mails = len(list((self.folder / "mail").glob("*.eml")))
        daemon, clients, start, ready = self.serve(), [], time.monotonic(), None
        try:
            while True:
                now = time.monotonic()
                if ready is None and daemon.log.lines:
                    if re.search("event=100 ", daemon.log.text()):
                        ready = now
                        clients = self.send_commands(daemon.ready())
                since = now - ready if ready else 0
                if has_come(now - start, since, sum(one.acknowledged for one in clients),
                            len(list((self.folder / "mail").glob("*.eml"))) - mails
                            if ready else 0) or since > ROUND_MAX:
                    break
                if now - start > PATIENCE:
                    self.broken.append(f"round {self.rounds}: it did not come up by itself: "
                                       f"{daemon.log.text()[-2000:]}")
                    break
                try:
                    daemon.process.wait(0.005)
                    self.broken.append(f"round {self.rounds}: the daemon ended by itself: "
                                       f"{daemon.log.text()[-2000:]}")
                    break
                except subprocess.TimeoutExpired:
                    pass
        except (AssertionError, Timeout, OSError) as problem:
            self.broken.append(f"round {self.rounds}: {problem}")
        finally:
            daemon.end(signal.SIGKILL)
            daemon.close()
        for client in clients:
            client.join(PATIENCE)
            self.commands.update({one.key: one for one in client.asked})
        forgotten = power.go(self.state, self.unsynced, self.chance) if self.power_loss else 0
        self.rounds += 1
        self.look()
        acknowledged = sum(one.acknowledged for one in clients)
        print(f"{self.name} round {self.rounds}: killed {words}; {acknowledged} commands "
              f"acknowledged, {sum(self.mail.values())} mails in all"
              + (f", {forgotten} writes in doubt" if self.power_loss else ""), flush=True)

    def send_commands(self, daemon):
        cases = [one["id"] for one in
                 daemon.get("/api/v1/cases?final=false&limit=500").json["cases"]]
        doubtful = [one for one in self.commands.values() if one.status is None]
        clients = [Client(daemon.pages, doubtful[number::CLIENTS], cases,
                          f"{self.name}-{self.rounds}-{number}",
                          random.Random(self.chance.random()))
                   for number in range(CLIENTS if cases else 0)]
        for client in clients:
            client.start()
        return clients

    # Looking at what is left.

    def look(self):
        """At a copy: who opens a database after a crash mends it, and that is for the daemon."""
        copy = self.folder / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("state.db", "state.db-wal"):
            if (self.state / name).exists():
                shutil.copy(self.state / name, copy / name)
        self.read_mail()
        try:
            if (copy / "state.db").exists() and has_tables(copy / "state.db"):
                self.verify(copy)
                with contextlib.closing(sqlite3.connect(copy / "state.db")) as database:
                    self.read_log(database)
                    self.check_mail(database)
            elif self.head:
                self.lost.append("the whole database")
        except sqlite3.DatabaseError as problem:
            self.broken.append(f"round {self.rounds}: {problem}")
        self.check_commands()

    def verify(self, copy):
        head = ["--head", self.head] if self.head else []
        done = run("db", "verify", "--json", "--state", str(copy), *head)
        if done.returncode != 0:
            self.broken.append(f"round {self.rounds}: db verify: {done.stdout}{done.stderr}")
            return
        head = json.loads(done.stdout)["head"]
        self.head = head if not head.startswith("0:") else None
        if not self.head:
            return
        status = run("db", "status", "--json", "--state", str(copy))
        books = json.loads(status.stdout)["books"] if status.returncode == 0 else {}
        with contextlib.closing(sqlite3.connect(copy / "state.db")) as database:
            counts = dict(database.execute(
                "SELECT account, count(*) FROM reminders GROUP BY account"))
        names = ["waiting", "sent", "held", "suppressed", "superseded", "failed"]
        counted = {name: counts.get(number, 0) for number, name in enumerate(names)}
        counted["planned"] = sum(counts.values())
        if {name: books.get(name) for name in counted} != counted:
            self.broken.append(f"round {self.rounds}: the books say {books}, counted are {counted}")

    def read_mail(self):
        names = set((self.folder / "mail").glob("*.eml")) - self.mail_read
        self.server.ask(ask="transcript")  # It has then written to its end what was listed here.
        for name in names:
            mail = email.message_from_bytes(name.read_bytes(), policy=email.policy.default)
            self.mail[str(mail["Message-ID"])] += 1
        self.mail_read |= names

    def read_log(self, database):
        entries = database.execute("SELECT sequence, kind, payload, aside FROM log "
                                   "WHERE sequence > ? ORDER BY sequence", (self.seen,))
        for self.seen, kind, payload, aside in entries:
            data = json.loads(payload).get("d", {})
            if kind == "event":
                said = {**data, **(json.loads(aside)[1] if aside else {})}
                if said.get("text") in self.commands:
                    self.counted[said["text"]] += 1
            elif kind == "message" and "uncertain" in (data.get("state"), data.get("reason")):
                self.uncertain[int(data["message"])] += data["state"] in ("uncertain", "held")

    def check_commands(self):
        for command in self.commands.values():
            count = self.counted[command.key]
            if command.status not in (None, -1, 200, 403, 409, 422):
                self.broken.append(f"command {command.key} was answered with {command.status}")
            if command.acknowledged and count == 0:
                self.lost.append(f"command {command.key}, acknowledged by round {self.rounds}")
                command.status = -1  # Said once.
            if count > 1:
                self.twice.append(f"command {command.key}")

    def check_mail(self, database):
        known = {number: (state, json.loads(data))
                 for number, state, data in
                 database.execute("SELECT number, state, data FROM messages")}
        delivered = collections.Counter()
        for name, count in self.mail.items():
            delivered[int(name.partition("@")[0].rpartition(".")[2])] += count
        for number, count in delivered.items():
            if number not in known or known[number][0] not in (SENT, SENDING, UNCERTAIN):
                self.lost.append(f"that message {number} went out: {known.get(number)}")
            elif count > 1 + self.uncertain[number]:
                self.twice.append(f"message {number}: {count} times, called uncertain "
                                  f"{self.uncertain[number]} times")
        for number, (state, _) in known.items():
            if state == SENT and not delivered[number]:
                self.lost.append(f"message {number}: said to be sent, and nobody got it")

    # The end of a life.

    def settle(self):
        """Starts it once more: what was in doubt is settled, nothing is stuck."""
        self.server.ask(plan=[])
        daemon = self.serve()
        try:
            daemon.ready()
            doubtful = {one["number"] for state in ("sending", "uncertain")
                        for one in daemon.get(f"/api/v1/outbox?state={state}&limit=500")
                        .json["messages"]}
            daemon.until(lambda: not any(
                daemon.get(f"/api/v1/outbox/{number}").json["state"] in ("sending", "uncertain")
                for number in doubtful), "done with what was uncertain")
            if daemon.get("/api/v1/outbox?limit=1").json["on_hold"]:
                self.broken.append("sending was on hold")
            if daemon.end() != 0:
                self.broken.append(f"it did not stop in order: {daemon.log.text()[-2000:]}")
        except (AssertionError, OSError) as problem:
            self.broken.append(f"at the end: {problem}")
        finally:
            daemon.close()
        self.rounds += 1
        self.look()


def run(*arguments):
    return subprocess.run([PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=PATIENCE, check=False, text=True)


def has_tables(path):
    """Killed at its very beginning, the daemon leaves a file with nothing in it."""
    try:
        with contextlib.closing(sqlite3.connect(path)) as database:
            return database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] > 0
    except sqlite3.DatabaseError:
        return True  # Let verify say what it is.


class Totals:
    def __init__(self):
        self.acknowledged = self.lost = self.twice = self.uncertain = 0
        self.problems = []

    def add(self, life):
        self.acknowledged += sum(one.status in (200, -1) for one in life.commands.values())
        self.lost += len(life.lost)
        self.twice += len(life.twice)
        self.uncertain += sum(life.uncertain.values())
        self.problems += life.problems


def live(rounds, seed, power_loss, synchronous="full", until_broken=False):
    totals, done = Totals(), 0
    while done < rounds and not (until_broken and totals.problems):
        chance = random.Random(f"{seed}-{done}")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="fristvakt-plug-"))
        life = Life(folder, f"life-{done // ROUNDS_IN_A_LIFE + 1}", chance, power_loss, synchronous)
        try:
            while (life.rounds < min(ROUNDS_IN_A_LIFE, rounds - done) and not life.problems):
                life.round()
            done += life.rounds
            if not life.problems:
                life.settle()
            if synchronous == "off" and not life.off_shown.exists():
                sys.exit("synchronous=OFF was never said: the library is not in place")
            totals.add(life)
            if life.problems and not until_broken:
                print(f"seed {seed}:", *life.problems[:20], sep="\n  ")
                break
        finally:
            life.close()
    return done, totals


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--power-loss", action="store_true")
    parser.add_argument("--seed", default=str(random.SystemRandom().randrange(10**9)))
    given = parser.parse_args()
    print(f"seed {given.seed}", flush=True)
    rounds, totals = live(given.rounds, given.seed, given.power_loss)
    found_out = True
    if given.power_loss and not totals.problems:
        print("and now with synchronous=OFF, which must be found out", flush=True)
        tried, off = live(max(given.rounds, 10), given.seed, True, "off", until_broken=True)
        found_out = bool(off.problems)
        print(f"synchronous=OFF: found out in round {tried}: {off.problems[0][:200]}" if found_out
              else f"synchronous=OFF was not found out in {tried} rounds: this proves nothing")
    print(f"rounds {rounds}, commands {totals.acknowledged} acknowledged, lost {totals.lost}, "
          f"twice {totals.twice}, uncertain {totals.uncertain}")
    return 0 if not totals.problems and found_out and rounds == given.rounds else 1


if __name__ == "__main__":
    sys.exit(main())
