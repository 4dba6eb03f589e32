"""Processes that end with us, a folder that goes with us, and how busy the machine is."""

import atexit
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = SOURCE / "build" / "release"
PROGRAM = BUILD / "fristvakt"
PEERS = pathlib.Path(__file__).resolve().parent / "peers"
# Less than this part of the cores free beside a round, and the round is noisy.
QUIET_SHARE = 0.85
PATIENCE = 900


class Failed(Exception):
    """A program did not do what it was to do."""


class Machine:
    """Everything that is started goes through here, and is ended when this is closed."""

    def __init__(self):
        # Not /tmp, which may be memory: the disk is measured too. Servers that will not run as root
        # must reach it.
        parent = os.environ.get("BENCH_DATA", "/var/tmp")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fristvakt-bench-", dir=parent))
        self.folder.chmod(0o755)
        self.processes = []
        self.closers = []
        self.count = 0
        atexit.register(self.close)
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: sys.exit(1))

    def close(self):
        for closer in reversed(self.closers):
            try:
                closer()
            except Exception as problem:  # Whatever it is, the others are ended too.
                print(f"bench: {problem}", file=sys.stderr)
        self.closers = []
        for process in self.processes:
            self.end(process, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def make_folder(self, name):
        self.count += 1
        folder = self.folder / f"{self.count:03d}-{name}"
        folder.mkdir()
        return folder

    def start(self, *command, **options):
        options = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                   "stderr": subprocess.DEVNULL, "start_new_session": True, **options}
        process = subprocess.Popen([str(part) for part in command], **options)
        self.processes.append(process)
        return process

    def end(self, process, how=signal.SIGTERM):
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()
        if process in self.processes:
            self.processes.remove(process)

    def run(self, *command, **options):
        """The output of a program that must succeed."""
        process = self.start(*command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired as late:
            self.end(process, signal.SIGKILL)
            raise Failed(f"{command[0]}: not done within {PATIENCE} s") from late
        self.end(process)
        if process.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}: {err.decode()[-600:]}")
        return out.decode()

    def values(self, *command, **options):
        """What a program prints as "NAME VALUE" lines."""
        lines = self.run(*command, **options).splitlines()
        return {line.split()[0]: float(line.split()[1]) for line in lines if len(line.split()) == 2}

    def probe(self):
        return self.values(BUILD / "tests/bench/bench_limits", "probe", self.folder)


def wait_for_port(port, process=None):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process is not None and process.poll() is not None:
            break
    raise Failed(f"nothing came to listen on port {port}")


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def copy(source, target):
    """A copy of a database, as a crash left it; shares blocks where the file system can."""
    for ending in ("", "-wal"):
        if pathlib.Path(f"{source}{ending}").exists():
            subprocess.run(["cp", "--reflink=auto", f"{source}{ending}", f"{target}{ending}"],
                           check=True)
    # What is still to be written to the disk by this would be counted to whoever comes next.
    os.sync()
    return target
