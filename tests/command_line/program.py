"""Runs the program under test and reads what it says."""

import collections
import json
import os
import queue
import signal
import subprocess
import threading

PROGRAM = ""  # Set by the test script.
SOURCE = ""
WAIT_SECONDS = 120  # For a machine under load; nothing waits that long when all is well.


class Said:
    """What one run ended with."""

    def __init__(self, done):
        self.code = done.returncode
        self.out = done.stdout
        self.err = done.stderr

    def lines(self):
        return self.out.splitlines()

    def json(self):
        return json.loads(self.out)

    def json_lines(self):
        return [json.loads(line) for line in self.lines()]

    def __repr__(self):
        return f"exit {self.code}\n--- out\n{self.out[-3000:]}\n--- err\n{self.err[-3000:]}"


def run(*arguments, **options):
    """Runs a command to its end. A proxy in the environment must not be asked."""
    environment = {**os.environ, "http_proxy": "http://127.0.0.1:9", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=WAIT_SECONDS,
        env=environment,
        check=False,
        **options,
    )
    return Said(done)


class Daemon:
    """`serve` on a demo clock, spooling; read line by line."""

    def __init__(self, state, *arguments):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--state", str(state), "--spool", "--listen", "127.0.0.1:0",
             "--operator", "127.0.0.1:0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._lines = queue.Queue()
        self._unread = collections.deque()  # Came before the address of the pages.
        self._errors = []
        self._pumps = [
            threading.Thread(target=self._pump, args=(self.process.stdout, self._lines.put)),
            threading.Thread(target=self._pump, args=(self.process.stderr, self._errors.append)),
        ]
        for pump in self._pumps:
            pump.start()
        before = []
        line = self._line()
        while not line.startswith("Pages "):
            before.append(line)
            line = self._line()
        self._unread.extend(before)
        self.url = line.split()[1]

    @staticmethod
    def _pump(stream, take):
        for line in stream:
            take(line.rstrip("\n"))
        take(None)  # The end.

    def _line(self):
        if self._unread:
            return self._unread.popleft()
        line = self._lines.get(timeout=WAIT_SECONDS)
        if line is None:
            self.process.wait(timeout=WAIT_SECONDS)
            raise AssertionError("the daemon ended: " + "\n".join(filter(None, self._errors)))
        return line

    def wait_for(self, *parts):
        """The first line, from here on, that holds all the parts."""
        line = self._line()
        while not all(part in line for part in parts):
            line = self._line()
        return line

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=WAIT_SECONDS)
        for pump in self._pumps:
            pump.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return self.process.returncode
