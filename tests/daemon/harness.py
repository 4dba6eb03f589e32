"""Runs `fristvakt serve` as its users do, and looks at it from outside.

The program is the one that FRISTVAKT names. Nothing here sleeps: it waits for what the daemon or the
mail server writes, each time within a bound.
"""
import atexit
import collections
import email
import email.policy
import http.client
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = os.environ["FRISTVAKT"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = SOURCE / "config"
PULJE_5 = "programmes/ibs-pulje-5-innlandet.yaml"
EVENTS = SHIPPED / "demo-events.jsonl"
# A sanitizer build on a busy machine; reached only when something is wrong.
PATIENCE = 120
# Simulated time then runs as fast as the work is done.
SPEED = "2000000"
START = "2021-01-01T00:00"
END = "2021-03-06T00:00:00Z"


class Timeout(AssertionError):
    pass


def plans_alone():
    """The shipped configuration without its meetings: once the plans are over nothing more is sent,
    however far a quick clock runs while a test looks."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="fristvakt-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(SHIPPED, folder / "config")
    programme = folder / "config" / PULJE_5
    text = programme.read_text(encoding="utf-8")
    programme.write_text(text[:text.index("\nmeetings:") + 1], encoding="utf-8")
    (folder / "config/programmes/kongsbergregionen.yaml").unlink()
    return folder / "config"


CONFIG = plans_alone()


class Lines:
    """What a process writes, line by line, as it comes."""

    def __init__(self, stream):
        self.stream = stream
        self.lines = []
        self.ended = False
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        for line in self.stream:
            with self.changed:
                self.lines.append(line.rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()
        self.stream.close()

    def find(self, pattern, count=1):
        """The match in the `count`-th line that has one, or None when the process ended first."""
        deadline = time.monotonic() + PATIENCE
        seen, found = 0, 0
        with self.changed:
            while True:
                for line in self.lines[seen:]:
                    match = re.search(pattern, line)
                    found += match is not None
                    if match and found == count:
                        return match
                seen = len(self.lines)
                if self.ended:
                    return None
                if not self.changed.wait(max(0, deadline - time.monotonic())):
                    raise Timeout(f"no line with {pattern!r}; there were:\n" + self.text())

    def text(self):
        return "\n".join(self.lines)

    def end(self):
        self.thread.join(PATIENCE)


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    def __init__(self, state, *arguments, config=CONFIG, clock=START, speed=SPEED, events=None,
                 listen="127.0.0.1:0", operator="127.0.0.1:0", environment=None, spool=False):
        command = [PROGRAM, "serve", "--state", str(state)]
        command += ["--config", str(config)] if config else []
        command += ["--clock", clock, "--speed", speed] if clock else []
        command += ["--events", str(events)] if events else []
        command += ["--listen", listen] if listen else []
        command += ["--operator", operator] if operator else []
        command += list(arguments)
        command += ["--spool"] if spool else []  # Last: its folder may be left out.
        self.state = pathlib.Path(state)
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, encoding="utf-8",
                                        env={**os.environ, **(environment or {})})
        self.out = Lines(self.process.stdout)
        self.log = Lines(self.process.stderr)
        self.pages = self.operator = 0

    def ready(self):
        found = self.log.find(r"event=100 .*pages=http://127\.0\.0\.1:(\d+) operator=(\d+)")
        if not found:
            raise AssertionError("the daemon ended: " + self.log.text())
        self.pages, self.operator = int(found[1]), int(found[2])
        self.until(lambda: self.get("/readyz", self.operator).status == 200, "ready")
        return self

    def until(self, holds, what):
        """Looks again whenever the daemon has written something, and twenty times a second."""
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if self.process.poll() is not None:
                raise AssertionError(f"the daemon ended before it was {what}: {self.log.text()}")
            if time.monotonic() > deadline:
                raise Timeout(f"never {what}; {self.state_of_sending()}\nlog:\n{self.log.text()}\n"
                              f"{self.out.text()[-2000:]}")
            with self.log.changed:
                self.log.changed.wait(0.05)

    def state_of_sending(self):
        """What is not settled, and the clocks: for the one who reads why a test failed."""
        clocks = re.findall(r"^fristvakt_(?:clock|next_wake|engine_steps|store_ok).*$",
                            self.get("/metrics", self.operator).body.decode(), re.M)
        open_ones = [{name: one[name] for name in ("number", "state", "attempts", "reply", "next_at")}
                     for one in self.messages() if one["settled_at"] is None]
        return f"{clocks} {open_ones[:10]} {self.books()}"

    def request(self, method, path, body=None, port=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.pages, timeout=PATIENCE)
        try:
            connection.request(method, path, None if body is None else json.dumps(body),
                               {**({"Content-Type": "application/json"} if body is not None else {}),
                                **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, port=None):
        return self.request("GET", path, port=port)

    def raise_event(self, case, event, by, key=None, **fields):
        return self.request("POST", f"/api/v1/cases/{case}/events",
                            {"event": event, "by": by, **fields},
                            headers={"Idempotency-Key": key} if key else None)

    def metric(self, name):
        text = self.get("/metrics", self.operator).body.decode()
        return float(re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)[1])

    def messages(self):
        """All of the outbox, oldest first."""
        found, path = [], "/api/v1/outbox?limit=500"
        while path:
            page = self.get(path).json
            found += page["messages"]
            path = page["next"]
        return found[::-1]

    def books(self):
        return self.get("/api/v1/books").json

    def has_reached(self, when=END):
        at = seconds_of(when)
        return lambda: self.metric("fristvakt_clock_timestamp_seconds") >= at

    def run_until(self, when=END):
        self.until(self.has_reached(when), f"at {when}")
        return self

    def end(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.wait()

    def wait(self):
        code = self.process.wait(PATIENCE)
        self.out.end()
        self.log.end()
        return code

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.wait()


class SmtpServer:
    """tests/servers/smtp_server.py."""

    def __init__(self, folder, plan=(), **options):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(SOURCE / "tests/servers/smtp_server.py"), str(folder),
             json.dumps({"plan": list(plan), **options})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def ask(self, **question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        # One answer to one question: nothing waits in the stream's own buffer.
        if not select.select([self.process.stdout], [], [], PATIENCE)[0]:
            raise Timeout(f"the mail server never answered {question}; so far it has "
                          f"accepted {len(self.received())} messages")
        return json.loads(self.process.stdout.readline())

    def transcript(self):
        return self.ask(ask="transcript")["transcript"]

    def received(self):
        """(recipients, message, bytes) in the order of arrival."""
        found = []
        for about in sorted(self.folder.glob("*.json")):
            content = about.with_suffix(".eml")
            if content.exists():
                data = content.read_bytes()
                found.append((json.loads(about.read_text())["to"], read_mail(data), data))
        return found

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE)


class DaemonTest(unittest.TestCase):
    maxDiff = 4000

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fristvakt-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.state = self.folder / "state"

    def serve(self, *arguments, state=None, **options):
        daemon = Daemon(state or self.state, *arguments, **options)
        self.addCleanup(daemon.close)
        return daemon

    def refused(self, *arguments, **options):
        """Exit code and what was said by a daemon that must not come up."""
        daemon = self.serve(*arguments, **options)
        code = daemon.wait()
        self.assertNotIn("event=100", daemon.log.text())
        return code, daemon.log.text()

    def smtp(self, plan=(), **options):
        server = SmtpServer(self.folder / "mail", plan, **options)
        self.addCleanup(server.close)
        return server

    def dead_port(self):
        """Bound, but not listened on: nobody else gets it while the test goes on."""
        nobody = socket.socket()
        self.addCleanup(nobody.close)
        nobody.bind(("127.0.0.1", 0))
        return nobody.getsockname()[1]

    def config(self, sending=None, port=None, more="", name="config"):
        """A copy of the shipped configuration, to be changed."""
        folder = self.folder / name
        shutil.copytree(CONFIG, folder)
        if sending:
            edit(folder / "fristvakt.yaml", "sending: spool", f"sending: {sending}\n{more}")
            edit(folder / "fristvakt.yaml", "reply_to: post@sf-innlandet.example}",
                 "reply_to: post@sf-innlandet.example,\n"
                 f'       smtp: {{url: "smtp://127.0.0.1:{port}", starttls: "off"}}}}')
        return folder

    def simulate(self, config=CONFIG, events=EVENTS):
        """What the main job sends, as `simulate` says."""
        spool = self.folder / "simulated"
        done = subprocess.run(
            [PROGRAM, "simulate", str(config), "--from", "2021-01-01", "--to", "2021-03-05",
             "--spool", str(spool), *(["--events", str(events)] if events else [])],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return read_spool(spool)

    def assert_same_mail(self, actual, expected):
        self.assertGreater(len(expected), 0)
        actual, expected = (collections.Counter(map(normalised, mail)) for mail in (actual, expected))
        self.assertEqual(sorted((actual - expected).elements()), [], "not expected")
        self.assertEqual(sorted((expected - actual).elements()), [], "missing")

    def assert_balance(self, daemon):
        books = daemon.books()
        self.assertTrue(books["balance"], books)
        return books


def seconds_of(when):
    import datetime
    return datetime.datetime.fromisoformat(when.replace("Z", "+00:00")).timestamp()


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} has no {old}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def read_mail(data):
    return email.message_from_bytes(data, policy=email.policy.default)


def read_spool(folder):
    files = sorted(pathlib.Path(folder, "new").glob("*"))
    return [read_mail(file.read_bytes()) for file in files]


def message_id(mail):
    return str(mail["Message-ID"])


def normalised(mail):
    """All but Date, boundary and what is made from Message-IDs."""
    skipped = {"date", "message-id", "in-reply-to", "references", "content-type"}
    headers = tuple(sorted((name.lower(), str(value)) for name, value in mail.items()
                           if name.lower() not in skipped))
    return headers, tuple((part.get_content_type(), part.get_content()) for part in mail.walk()
                          if not part.is_multipart())
