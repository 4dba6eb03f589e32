"""What is measured beside fristvakt, and what it talks to: each on a port of its own."""

import http.client
import json
import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import time

import machine
from machine import Failed


class Daemon:
    """`fristvakt serve` on a folder of its own."""

    def __init__(self, host, config, database, *arguments):
        self.host = host
        self.state = host.make_folder("state")
        machine.copy(database, self.state / "state.db")
        self.config = config
        self.arguments = arguments
        self.start()

    def start(self):
        self.began = time.monotonic()
        self.log = open(self.state / "log", "w+", encoding="utf-8")
        self.process = self.host.start(machine.PROGRAM, "serve", "--config", self.config, "--state",
                                       self.state, "--listen", "127.0.0.1:0", "--operator",
                                       "127.0.0.1:0", *self.arguments, stderr=self.log)

    def ready(self):
        found = self.wait_for_line(r"event=100 .*pages=http://127\.0\.0\.1:(\d+) operator=(\d+)")
        self.port, self.operator = int(found[1]), int(found[2])
        while self.get("/readyz", self.operator)[0] != 200:
            pass
        return self

    def wait_for_line(self, pattern, seconds=600):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = re.search(pattern, pathlib.Path(self.state / "log").read_text("utf-8"))
            if found:
                return found
            if self.process.poll() is not None:
                raise Failed("the daemon ended: " +
                             pathlib.Path(self.state / "log").read_text("utf-8")[-600:])
        raise Failed(f"the daemon never wrote {pattern!r}")

    def lines(self, text):
        """How many times the log has `text`."""
        return pathlib.Path(self.state / "log").read_text("utf-8").count(text)

    def make_feed(self, cohort):
        """The path of a cohort's calendar."""
        made = self.host.run(machine.PROGRAM, "feed", "create", "--state", self.state, "--cohort",
                             cohort, "--json")
        return "/k/" + json.loads(made)["url"].split("/k/")[1]

    def get(self, path, port=None):
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=60)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("Content-Type")
        finally:
            connection.close()

    def json(self, path):
        return json.loads(self.get(path)[1])

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) * 1024

    def kill(self):
        self.close(signal.SIGKILL)

    def close(self, how=signal.SIGTERM):
        self.host.end(self.process, how)
        self.log.close()


class Sink:
    """smtp-sink of postfix: takes mail and forgets it."""

    def __init__(self, host):
        self.port = machine.free_port()
        # It gives up root's rights by itself, and wants to be told for whose.
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        process = host.start("smtp-sink", *user, f"127.0.0.1:{self.port}", "512")
        machine.wait_for_port(self.port, process)


class Nginx:
    """One file, at /answer."""

    def __init__(self, host, body, content_type):
        folder = host.make_folder("nginx")
        (folder / "www").mkdir()
        (folder / "www" / "answer").write_bytes(body)
        self.port = machine.free_port()
        temporary = " ".join(f"{kind}_temp_path {folder}/t;" for kind in
                             ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (folder / "conf").write_text(
            f"daemon off; master_process off; worker_processes 1; pid {folder}/pid;\n"
            f"error_log {folder}/error.log warn; events {{ worker_connections 4096; }}\n"
            f"http {{ access_log off; keepalive_requests 100000000; keepalive_timeout 300s;\n"
            f"{temporary} open_file_cache max=100 inactive=60s; sendfile on; tcp_nopush on;\n"
            f"default_type '{content_type}';\n"
            f"server {{ listen 127.0.0.1:{self.port}; root {folder}/www; }} }}\n")
        process = host.start(shutil.which("nginx") or "/usr/sbin/nginx", "-e", folder / "error.log",
                             "-c", folder / "conf")
        machine.wait_for_port(self.port, process)


class CppHttplib:
    """cpp-httplib, tuned, with the same answer at /answer."""

    def __init__(self, host, body, content_type):
        file = host.make_folder("httplib") / "body"
        file.write_bytes(body)
        process = host.start(machine.BUILD / "tests/bench/bench_httplib", 64, file, content_type,
                             stdout=subprocess.PIPE)
        self.port = int(process.stdout.readline().split()[1])


class Redis:
    """Appends every write to a file that is synced each second."""

    def __init__(self, host):
        self.host = host
        self.folder = host.make_folder("redis")
        self.port = machine.free_port()
        self.start()

    def start(self):
        self.process = self.host.start(
            "redis-server", "--bind", "127.0.0.1", "--port", self.port, "--dir", self.folder,
            "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--loglevel",
            "warning")
        machine.wait_for_port(self.port, self.process)

    def kill(self):
        time.sleep(1.1)  # All that was written is synced by then.
        self.host.end(self.process, signal.SIGKILL)

    def environment(self):
        return {"BENCH_REDIS_PORT": str(self.port)}


class Postgres:
    """synchronous_commit on, as installed; owned by a user that is not root."""

    def __init__(self, host):
        self.host = host
        self.tools = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.folder = host.make_folder("postgres")
        self.port = machine.free_port()
        self.data = self.folder / "data"
        self.as_user = []
        if os.geteuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self._tool("initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8",
                   "--locale=C.UTF-8")
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as settings:
            settings.write(f"port = {self.port}\nlisten_addresses = '127.0.0.1'\n"
                           f"unix_socket_directories = '{self.folder}'\nmax_connections = 100\n")
        self.start()
        host.closers.append(self.kill)
        self._tool("createdb", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "bench")

    def _tool(self, name, *arguments):
        self.host.run(*self.as_user, self.tools / name, *arguments, cwd="/")

    def _control(self, *arguments):
        # Not through a pipe: the server it leaves behind would keep that open.
        done = subprocess.run([*map(str, self.as_user), str(self.tools / "pg_ctl"), "-D",
                               str(self.data), "-w", "-t", "300", *map(str, arguments)], cwd="/",
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL, check=False)
        return done.returncode

    def start(self):
        if self._control("-l", self.folder / "log", "start") != 0:
            raise Failed("postgres did not start")

    def kill(self):
        self._control("-m", "immediate", "stop")

    def environment(self):
        return {"BENCH_POSTGRES": f"postgres://postgres@127.0.0.1:{self.port}/bench"}
