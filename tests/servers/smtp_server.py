#!/usr/bin/python3
"""An SMTP server (aiosmtpd) on a loopback port of its own, which does as it is told.

    smtp_server.py FOLDER OPTIONS

FOLDER gets each accepted message as NNNN.eml with NNNN.json beside it (from, to, session).
OPTIONS is a JSON object, all of it optional:
    "tls"            "none", "starttls" or "implicit"
    "name"           what the certificate is made out to, else 127.0.0.1 and localhost
    "user", "password", "auth_required", "mechanisms"
    "plan"           see below
The first line it prints is {"port": …, "ca_file": …}. After that it answers one line to each line:
    {"plan": […]}         forgets what it has seen and follows this plan      {}
    {"ask": "transcript"} {"transcript": ["SESSION COMMAND ARGUMENT", …]}; secrets are left out
    {"wait": N}           answers {} once N messages have been accepted since the plan was set
It ends when its input does.

A plan is a list of rules; the first that matches a command is followed, the others wait.
    "at"     CONNECT, EHLO, HELO, STARTTLS, AUTH, MAIL, RCPT, DATA or END (the final dot)
    "index"  only for this recipient of a message, from 0
    "to"     only for this address (RCPT)
    "skip"   lets so many matches pass first
    "times"  holds for so many matches, else for all
    "delay"  seconds to wait before anything is answered
    "drop"   "before" or "after": closes the connection around the reply
    "reply"  a line or a list of lines to answer instead of doing what was asked
    "stall"  answers nothing and keeps the connection
A message whose END is dropped or stalled was accepted unless "reply" says otherwise.
"""
import asyncio
import json
import logging
import pathlib
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult
from certificate import make_certificate

logging.getLogger("mail.log").setLevel(logging.CRITICAL)


# Logging in without encryption is just what some tests are about.
warnings.filterwarnings("ignore", message="Requiring AUTH")


class Plan:
    def __init__(self, rules):
        self.rules = [dict(rule) for rule in rules]
        self.transcript = []
        self.messages = 0
        self.changed = asyncio.Event()

    def rule_for(self, command, index=None, address=None):
        for rule in self.rules:
            if (rule["at"] != command or rule.get("index", index) != index
                    or rule.get("to", address) != address):
                continue
            if rule.get("skip", 0) > 0:
                rule["skip"] -= 1
                continue
            if rule.get("times", 1) == 0:
                continue
            if "times" in rule:
                rule["times"] -= 1
            return rule
        return None


class World:
    """What all sessions share."""

    def __init__(self, folder, options):
        self.folder = pathlib.Path(folder)
        self.options = options
        self.plan = Plan(options.get("plan", []))
        self.sessions = 0
        self.files = 0

    def accept(self, session, envelope):
        self.files += 1
        about = {"from": envelope.mail_from, "to": envelope.rcpt_tos, "session": session}
        name = self.folder / f"{self.files:04}"
        name.with_suffix(".json").write_text(json.dumps(about))
        name.with_suffix(".eml").write_bytes(envelope.original_content)
        self.plan.messages += 1
        self.plan.changed.set()


class Server(SMTP):
    def __init__(self, world, tls):
        options = world.options
        mechanisms = options.get("mechanisms", ["PLAIN", "LOGIN"])
        super().__init__(
            self, hostname="test.example", ident="ESMTP", tls_context=tls,
            auth_require_tls=tls is not None, auth_required=options.get("auth_required", False),
            auth_exclude_mechanism={"PLAIN", "LOGIN"} - set(mechanisms),
            authenticator=self.authenticate)
        self.world = world
        self.number = None
        self.recipients = 0
        # Without anybody to log in as, AUTH is not offered at all.
        if "user" not in options:
            self._auth_methods.clear()

    def authenticate(self, server, session, envelope, mechanism, login):
        options = self.world.options
        matches = (login.login.decode() == options["user"]
                   and login.password.decode() == options["password"])
        return AuthResult(success=matches, handled=False)

    async def say(self, lines):
        if isinstance(lines, str):
            lines = [lines]
        for line in lines[:-1]:
            await self.push(line[:3] + "-" + line[4:])
        await self.push(lines[-1])

    async def hang_up(self):
        self.transport.close()
        # The loop ends this coroutine when the connection is gone.
        await asyncio.sleep(3600)

    async def follow(self, rule):
        """True when the command has been dealt with."""
        await asyncio.sleep(rule.get("delay", 0))
        if rule.get("drop") == "before":
            await self.hang_up()
        if rule.get("stall"):
            await asyncio.sleep(3600)
        if "reply" in rule:
            await self.say(rule["reply"])
        return "reply" in rule

    async def command(self, name, argument, usual, shown=None, **which):
        # A reused connection goes on under the number that it has.
        self.world.plan.transcript.append(" ".join(filter(None, [str(self.number), name, shown])))
        rule = self.world.plan.rule_for(name, **which)
        if rule is None or not await self.follow(rule):
            await usual(argument)
        if rule is not None and rule.get("drop") == "after":
            await self.hang_up()

    async def _handle_client(self):
        self.world.sessions += 1
        self.number = self.world.sessions
        self.world.plan.transcript.append(f"{self.number} CONNECT")
        rule = self.world.plan.rule_for("CONNECT")
        if rule is not None and await self.follow(rule):
            await self.hang_up()
        await super()._handle_client()

    async def smtp_EHLO(self, arg):
        await self.command("EHLO", arg, super().smtp_EHLO)

    async def smtp_HELO(self, arg):
        await self.command("HELO", arg, super().smtp_HELO)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        return [line for line in responses if line.strip() != "250-AUTH"]

    async def smtp_STARTTLS(self, arg):
        await self.command("STARTTLS", arg, super().smtp_STARTTLS)

    async def smtp_AUTH(self, arg):
        await self.command("AUTH", arg, super().smtp_AUTH, shown=(arg or "").split(" ")[0])

    async def smtp_MAIL(self, arg):
        self.recipients = 0
        await self.command("MAIL", arg, super().smtp_MAIL, shown=arg)

    async def smtp_RCPT(self, arg):
        address = (arg or "").partition("<")[2].rpartition(">")[0]
        index, self.recipients = self.recipients, self.recipients + 1
        await self.command("RCPT", arg, super().smtp_RCPT, shown=arg, index=index, address=address)

    async def smtp_DATA(self, arg):
        await self.command("DATA", arg, super().smtp_DATA)

    async def smtp_QUIT(self, arg):
        await self.command("QUIT", arg, super().smtp_QUIT)

    async def handle_DATA(self, server, session, envelope):
        self.world.plan.transcript.append(f"{self.number} END")
        rule = self.world.plan.rule_for("END") or {}
        if "reply" not in rule or str(rule["reply"][0]).startswith("2"):
            self.world.accept(self.number, envelope)
        if not await self.follow(rule):
            await self.push("250 2.0.0 accepted")
        if rule.get("drop") == "after":
            await self.hang_up()
        # All has been said; what is pushed next goes nowhere.
        return SAID


SAID = object()


def without_reply(push):
    async def wrapped(self, status):
        if status is not SAID:
            await push(self, status)
    return wrapped


Server.push = without_reply(SMTP.push)


async def answer(world, question):
    if "plan" in question:
        world.plan = Plan(question["plan"])
    if "ask" in question:
        return {"transcript": world.plan.transcript}
    while world.plan.messages < question.get("wait", 0):
        world.plan.changed.clear()
        await world.plan.changed.wait()
    return {}


async def main():
    folder, options = sys.argv[1], json.loads(sys.argv[2])
    loop = asyncio.get_running_loop()
    # The end of a test ends connections in the middle of what they do.
    loop.set_exception_handler(lambda *_: None)
    world = World(folder, options)
    tls = options.get("tls", "none")
    ca_file, context = make_certificate(folder, options.get("name")) if tls != "none" else ("", None)
    server = await loop.create_server(
        lambda: Server(world, context if tls == "starttls" else None), "127.0.0.1", 0,
        ssl=context if tls == "implicit" else None)
    port = server.sockets[0].getsockname()[1]
    print(json.dumps({"port": port, "ca_file": str(ca_file)}), flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(json.dumps(await answer(world, json.loads(line))), flush=True)


asyncio.run(main())
