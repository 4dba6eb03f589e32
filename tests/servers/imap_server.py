#!/usr/bin/python3
"""Dovecot with one mailbox, on a loopback port of its own, behind a door that can be shut.

    imap_server.py FOLDER OPTIONS

OPTIONS is a JSON object: "tls" ("none", "starttls" or "implicit"), "name" (what the certificate is
made out to, else 127.0.0.1 and localhost), "user" and "password".
The first line it prints is {"port": …, "ca_file": …}. After that it answers one line to each line:
    {"append": [BASE64…], "to": FOLDER}   puts messages there, in that order          {}
    {"renew": FOLDER}                     throws the folder away and makes it anew    {}
    {"remove": [UID…], "from": FOLDER}    removes messages                            {}
    {"show": FOLDER}                      {"uids": {UID: [FLAG…]}}
    {"cut": N}     every connection from now on ends when the server has said N bytes; null: none {}
    {"stall": N}   … or has no more to say than that, and stays open                  {}
    {"stalled": true}                     {} once a connection has stalled since
    {"end": true}                         stops Dovecot                               {}
or {"error": TEXT}. FOLDER is a name as IMAP has it.

Dovecot gets its sockets as from systemd, so that the kernel chooses the ports. Run by root, it runs
as `nobody`: it serves no mail to root.
"""
import asyncio
import base64
import ctypes
import imaplib
import json
import os
import pathlib
import pwd
import re
import signal
import socket
import subprocess
import sys
import threading

from certificate import make_certificate

imaplib._MAXLINE = 10_000_000
CONFIGURATION = """
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
mail_location = maildir:{folder}/mail
mail_fsync = never
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
ssl = {ssl}
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail
}}
service anvil {{
  chroot =
  # Whoever gave a wrong password once is served as fast as others.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secure}
    ssl = yes
  }}
}}
"""
PR_SET_PDEATHSIG = 1


def listening():
    out = socket.socket()
    out.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    out.bind(("127.0.0.1", 0))
    out.listen(64)
    return out


def quoted(folder):
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


def done(answer):
    if answer[0] != "OK":
        raise RuntimeError(repr(answer))
    return answer[1]


class Dovecot:
    def __init__(self, folder, options):
        self.folder, self.options = pathlib.Path(folder), options
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        group = subprocess.run(["getent", "group", str(account.pw_gid)], check=True, text=True,
                               capture_output=True).stdout.split(":")[0]
        self.ca_file, _ = make_certificate(folder, options.get("name"))
        tls = options.get("tls", "none") != "none"
        sockets = [listening(), listening()] if tls else [listening()]
        self.plain, self.secure = sockets[0].getsockname()[1], sockets[-1].getsockname()[1]
        (self.folder / "dovecot.conf").write_text(CONFIGURATION.format(
            folder=folder, user=account.pw_name, group=group, ssl="yes" if tls else "no",
            plain=self.plain, secure=self.secure if tls else 0))
        (self.folder / "users").write_text(f"{options['user']}:{{PLAIN}}{options['password']}\n")
        for name in ("run", "state", "mail"):
            (self.folder / name).mkdir()
        if os.geteuid() == 0:
            for path in [self.folder, *self.folder.iterdir()]:
                os.chown(path, account.pw_uid, account.pw_gid)
        self.pid = self.start(sockets, account)

    def start(self, sockets, account):
        pid = os.fork()
        if pid != 0:
            return pid
        try:
            os.setpgid(0, 0)
            os.dup2(os.open(os.devnull, os.O_RDWR), 0)
            os.dup2(0, 1)
            high = [os.dup2(one.fileno(), 100 + at) for at, one in enumerate(sockets)]
            for at, number in enumerate(high):
                os.dup2(number, 3 + at)
            os.closerange(3 + len(sockets), 4096)
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(account.pw_gid)
                os.setuid(account.pw_uid)
            # Whatever becomes of this program, no server stays behind.
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(sockets)))
            os.execv("/usr/sbin/dovecot", ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")])
        finally:
            os._exit(1)

    def client(self):
        out = imaplib.IMAP4("127.0.0.1", self.plain)
        out.login(self.options["user"], self.options["password"])
        return out

    def append(self, folder, messages):
        client = self.client()
        if folder != "INBOX":
            client.create(quoted(folder))  # It may be there already.
        for message in messages:
            done(client.append(quoted(folder), None, None, base64.b64decode(message)))
        client.logout()

    def renew(self, folder):
        client = self.client()
        done(client.delete(quoted(folder)))
        done(client.create(quoted(folder)))
        client.logout()

    def remove(self, folder, uids):
        client = self.client()
        done(client.select(quoted(folder)))
        done(client.uid("STORE", ",".join(map(str, uids)), "+FLAGS", r"(\Deleted)"))
        done(client.expunge())
        client.logout()

    def show(self, folder):
        client = self.client()
        done(client.select(quoted(folder), readonly=True))
        lines = done(client.uid("FETCH", "1:*", "(FLAGS)"))
        client.logout()
        rows = [re.search(rb"UID (\d+) FLAGS \(([^)]*)\)", line) for line in lines if line]
        return {"uids": {row[1].decode(): row[2].decode().split() for row in rows}}

    def end(self):
        # All of its processes at once: asked politely, it takes a second.
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Door:
    """Passes bytes on both ways, until it has had enough of what the server says."""

    def __init__(self, port):
        self.port = port
        self.cut = self.stall = None
        self.stalled = threading.Event()

    async def enter(self, reader, writer):
        cut, stall = self.cut, self.stall
        inside, outside = await asyncio.open_connection("127.0.0.1", self.port)
        to_server = asyncio.ensure_future(self.pass_on(reader, outside, None))
        await self.pass_on(inside, writer, cut if stall is None else stall)
        if stall is not None:
            self.stalled.set()
            await to_server  # Until the other side has had enough.
        to_server.cancel()
        for one in (writer, outside):
            one.close()

    @staticmethod
    async def pass_on(source, target, bytes_max):
        passed = 0
        while bytes_max is None or passed < bytes_max:
            count = 65536 if bytes_max is None else min(65536, bytes_max - passed)
            some = await source.read(count)
            if not some:
                return
            passed += len(some)
            target.write(some)
            await target.drain()


def answer(dovecot, door, question):
    if "append" in question:
        dovecot.append(question["to"], question["append"])
    elif "renew" in question:
        dovecot.renew(question["renew"])
    elif "remove" in question:
        dovecot.remove(question["from"], question["remove"])
    elif "show" in question:
        return dovecot.show(question["show"])
    elif "stalled" in question:
        door.stalled.wait()
    elif "end" in question:
        dovecot.end()
    else:
        door.stalled.clear()
        door.cut, door.stall = question.get("cut"), question.get("stall")
    return {}


def answer_or_error(*arguments):
    try:
        return answer(*arguments)
    except (OSError, RuntimeError, imaplib.IMAP4.error) as error:
        return {"error": repr(error)}


async def main():
    folder, options = sys.argv[1], json.loads(sys.argv[2])
    loop = asyncio.get_running_loop()
    # The end of a test ends connections in the middle of what they do.
    loop.set_exception_handler(lambda *_: None)
    dovecot = Dovecot(folder, options)
    tls = options.get("tls", "none")
    door = Door(dovecot.secure if tls == "implicit" else dovecot.plain)
    server = await asyncio.start_server(door.enter, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port, "ca_file": str(dovecot.ca_file) if tls != "none" else ""}),
          flush=True)
    reader = asyncio.StreamReader(limit=1 << 28)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        # Aside, so that the door stays open meanwhile.
        told = await loop.run_in_executor(None, answer_or_error, dovecot, door, json.loads(line))
        print(json.dumps(told), flush=True)


asyncio.run(main())
