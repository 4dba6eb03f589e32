"""command_line_test.py PROGRAM SOURCE PART: each command's results, talk and exit codes."""

import hashlib
import json
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

import program
from program import Daemon, run

FROM_TO = ("--from", "2021-01-01", "--to", "2021-03-05")
EVENTS = """\
{"at":"2021-01-22T10:00","case":"pulje-5/plan/gjovik","event":"claimed","by":"debtor"}
{"at":"2021-01-26T09:00","case":"pulje-5/plan/gjovik","event":"received","by":"creditor"}
"""


class CliTest(unittest.TestCase):
    """A scratch folder for each test, and the shipped configuration as a folder."""

    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)  # After what is added later: the daemon stops first.
        self.scratch = pathlib.Path(scratch.name)

    def write(self, name, text):
        path = self.scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def copy_of_config(self, name="config"):
        target = self.scratch / name
        shutil.copytree(pathlib.Path(program.SOURCE) / "config", target)
        return target

    def edit(self, path, old, new):
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new), encoding="utf-8")

    def expect(self, code, *arguments, says=None, **options):
        """Runs; the exit code must be `code`, and standard error must hold `says`."""
        said = run(*arguments, **options)
        self.assertEqual(said.code, code, said)
        if says is not None:
            self.assertIn(says, said.err, said)
        if code not in (0, 1):
            self.assertEqual(said.out, "", said)
        return said


class Usage(CliTest):
    COMMANDS = [
        ["check"], ["deadline"], ["simulate"], ["diff"], ["render"], ["list"], ["show"],
        ["explain"], ["export"], ["event"], ["teams", "test"], ["graph", "test"], ["doctor"],
        *[["outbox", name] for name in ("list", "show", "hold", "release", "retry", "reconcile",
                                      "sent")],
        *[["db", name] for name in ("status", "verify", "rebuild", "backup", "restore", "erase")],
    ]

    def test_every_command_has_help_with_an_example_and_json(self):
        for command in self.COMMANDS:
            with self.subTest(" ".join(command)):
                said = self.expect(0, *command, "--help")
                self.assertIn("Example: fristvakt " + " ".join(command), said.out)
                self.assertIn("--json", said.out)

    def test_what_is_not_understood_ends_with_2(self):
        for arguments in ([], ["nothing"], ["check", "--nothing"], ["outbox"], ["db"],
                          ["show"], ["event", "a/b/c"], ["diff", "a"], ["outbox", "show", "0"],
                          ["list", "--open", "--closed"], ["render", "reminder", "--part", "x"]):
            with self.subTest(arguments):
                said = run(*arguments)
                self.assertEqual(said.code, 2, said)
                self.assertEqual(said.out, "")
                self.assertNotEqual(said.err, "")

    def test_results_that_cannot_be_written_are_a_problem(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            said = program.subprocess.run(
                [program.PROGRAM, "render", "reminder"], stdout=full, check=False,
                stderr=program.subprocess.PIPE, text=True, timeout=program.WAIT_SECONDS)
        self.assertEqual(said.returncode, 1)
        self.assertIn("could not be written", said.stderr)


class Configuration(CliTest):
    def test_the_shipped_configuration_is_good(self):
        said = self.expect(0, "check", says="0 errors")
        for finding in run("check", "--json").json_lines():
            self.assertEqual(finding["severity"], "warning", said)

    def test_a_folder_that_is_not_there(self):
        self.expect(4, "check", self.scratch / "nowhere", says="nowhere")
        self.expect(4, "simulate", self.scratch / "nowhere", *FROM_TO, says="nowhere")

    def graph(self, **more):
        """A stand-in for Microsoft Graph, and a folder that names it."""
        server = subprocess.Popen(
            ["/usr/bin/python3", "-B", str(pathlib.Path(program.SOURCE) / "tests/graph/graph_server.py"),
             str(self.scratch)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def end():
            server.stdin.close()
            server.wait(program.WAIT_SECONDS)
            server.stdout.close()
        self.addCleanup(end)
        told = json.loads(server.stdout.readline())
        secret = self.write("graph-secret", more.get("secret", "hemmelig"))
        secret.chmod(0o600)
        url = f"https://127.0.0.1:{told['port']}"
        config = self.copy_of_config()
        self.edit(config / "fristvakt.yaml", "brake: 20", f"""brake: 20
graph:
  tenant: sf-innlandet.example
  client_id: 5f0c0de0-0000-4000-8000-000000000001
  secret: {{file: {secret}}}
  mailbox: {more.get("mailbox", "moter@sf-innlandet.example")}
  login_url: {more.get("login_url", url)}
  graph_url: {url}/v1.0
  ca_file: {told["ca_file"]}""")
        return config

    def test_a_calendar_in_which_meetings_can_live(self):
        config = self.graph()
        said = self.expect(0, "graph", "test", config)
        self.assertEqual({line.split(":")[0] for line in said.out.splitlines()}, {"good"})
        findings = self.expect(0, "graph", "test", config, "--json").json()
        self.assertEqual([one["about"] for one in findings],
                         ["sign-in", "mailbox", "writing", "online-meetings"])

    def test_what_a_calendar_lacks_is_said(self):
        said = self.expect(1, "graph", "test", self.graph(secret="feil"))
        self.assertIn("problem: the application's secret is wrong", said.out)
        self.assertNotIn("feil", said.out + said.err)

    def test_a_calendar_that_nobody_answers_for(self):
        self.expect(6, "graph", "test", self.graph(login_url="https://127.0.0.1:1"),
                    says="127.0.0.1")
        self.expect(4, "graph", "test", says="add `graph`")

    def imap(self, refuses=False):
        """A mail server of one mailbox, as far as a look into it asks; what it heard, and its port."""
        listener = socket.create_server(("127.0.0.1", 0))
        heard = []

        def answer(connection):
            with connection, connection.makefile("rwb") as talk:
                def say(line):
                    talk.write(line.encode() + b"\r\n")
                    talk.flush()
                say("* OK [CAPABILITY IMAP4rev1] here")
                for line in talk:
                    heard.append(line.decode())
                    tag, verb = line.decode().split()[:2]
                    if verb == "CAPABILITY":
                        say("* CAPABILITY IMAP4rev1")
                    elif verb == "LOGIN" and refuses:
                        say(f"{tag} NO no")
                        continue
                    elif verb == "EXAMINE":
                        for told in ("2 EXISTS", "OK [UIDVALIDITY 7] so", "OK [UIDNEXT 3] so"):
                            say("* " + told)
                    elif verb == "UID":
                        say("* 1 FETCH (UID 1 RFC822.SIZE 900)")
                        say("* 2 FETCH (UID 2 RFC822.SIZE 900)")
                    say(f"{tag} OK done")

        def serve():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                answer(connection)
        thread = threading.Thread(target=serve)
        thread.start()

        def end():
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            thread.join(program.WAIT_SECONDS)
        self.addCleanup(end)
        return heard, listener.getsockname()[1]

    def with_mailbox(self, config, port):
        secret = self.write("mailbox-secret", "hemmelig")
        secret.chmod(0o600)
        self.edit(config / "fristvakt.yaml", "brake: 20", f"""brake: 20
mailbox:
  url: imap://127.0.0.1:{port}
  starttls: off
  user: svar
  password: {{file: {secret}}}
  address: svar@sf-innlandet.example""")
        return config

    def doctor(self, code, config, *more):
        said = run("doctor", config, "--json", *more)
        self.assertEqual(said.code, code, said)
        self.assertNotIn("hemmelig", said.out + said.err)
        return {one["about"]: (one["kind"], one["text"]) for one in said.json()}

    def test_a_doctor_who_finds_nothing_looks_at_all_that_is_configured(self):
        heard, port = self.imap()
        found = self.doctor(0, self.with_mailbox(self.graph(), port))
        self.assertEqual(found["sending"][0], "warning")
        for about in ("mailbox", "calendar sign-in", "calendar mailbox", "calendar writing",
                      "calendar online-meetings"):
            self.assertEqual(found[about][0], "good", found)
        self.assertFalse([line for line in heard if "BODY" in line], "no message is read")
        said = self.expect(0, "doctor")
        self.assertRegex(said.out, r"(?m)^warning: sending: ")

    def test_a_doctor_says_what_is_missing(self):
        _, port = self.imap(refuses=True)
        config = self.with_mailbox(self.graph(mailbox="ingen@sf-innlandet.example"), port)
        found = self.doctor(1, config)
        self.assertEqual(found["mailbox"][0], "problem")
        self.assertIn("graph.mailbox", found["calendar mailbox"][1])
        self.assertEqual(found["calendar mailbox"][0], "problem")
        with open(config / "fristvakt.yaml", "a", encoding="utf-8") as file:
            file.write("\nteams: {alle: {url: {env: FRISTVAKT_NO_SUCH_URL}}}\n")
        found = self.doctor(1, config)
        self.assertIn("FRISTVAKT_NO_SUCH_URL", found["teams alle"][1])

    def test_a_doctor_knows_a_wrong_secret(self):
        found = self.doctor(1, self.graph(secret="feil"))
        self.assertIn("secret is wrong", found["calendar sign-in"][1])

    def test_a_doctor_whom_nobody_answers(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        found = self.doctor(6, self.with_mailbox(self.copy_of_config(), port))
        self.assertEqual(found["mailbox"][0], "problem")
        self.expect(4, "doctor", self.scratch / "nowhere", says="nowhere")

    def test_what_check_can_see_of_a_calendar_and_its_secret(self):
        config = self.graph()
        self.edit(config / "fristvakt.yaml", "graph:", "graph:\n  notifications: true")
        said = self.expect(0, "check", config)
        self.assertRegex(said.out, "warning: Microsoft cannot call http://127.0.0.1:8080/hooks/graph: "
                                   "it is an address of this machine alone")
        self.assertNotIn("graph.secret", said.out)
        secret = self.scratch / "graph-secret"
        secret.chmod(0o644)
        self.assertRegex(self.expect(0, "check", config).out,
                         r"fristvakt.yaml:\d+:\d+: warning: `graph.secret`: .* open to everybody")
        secret.unlink()
        self.assertRegex(self.expect(0, "check", config).out, "`graph.secret`: .* cannot be read")

    def test_what_is_exported_is_the_same_configuration(self):
        whole = self.scratch / "whole"
        config = self.copy_of_config()
        layer = self.scratch / "state" / "config" / "programmes" / "pulje-6.yaml"
        layer.parent.mkdir(parents=True)
        text = (config / "programmes" / "ibs-pulje-5-innlandet.yaml").read_text(encoding="utf-8")
        layer.write_text(text.replace("cohort: pulje-5", "cohort: pulje-6"), encoding="utf-8")
        state = ("--state", self.scratch / "state")
        self.expect(0, "check", config, *state, says="3 cohorts")
        said = self.expect(0, "export", "--config", config, *state, "--to", whole, "--json").json()
        self.assertIn("programmes/pulje-6.yaml", said["files"])
        self.expect(0, "check", whole, says="3 cohorts")
        same = ("--from", "2021-01-01", "--to", "2021-12-31", "--exit-code")
        self.expect(1, "diff", config, whole, *same)
        self.expect(0, "diff", whole, whole, *same)
        self.expect(1, "export", "--config", config, *state, "--to", whole, says="not empty")
        self.expect(4, "export", *state, "--to", self.scratch / "new", says="no daemon has run")
        self.expect(4, "export", "--config", self.scratch / "none", "--to", self.scratch / "new",
                    says="none")
        self.assertFalse((self.scratch / "new").exists())
        layer.write_text("cohort: pulje-6\nprogramme: [\n", encoding="utf-8")
        self.expect(1, "export", "--config", config, *state, "--to", self.scratch / "new",
                    says="programmes/pulje-6.yaml:2:")
        self.expect(2, "diff", config, whole, "--to", "2021-12-31", says="--from is missing")

    def test_all_errors_of_a_run_together_in_order(self):
        config = self.copy_of_config()
        self.edit(config / "fristvakt.yaml", "time_zone: Europe/Oslo", "time_zone: Europe/Olso")
        self.edit(config / "fristvakt.yaml", "brake: 20", "breake: 20")
        programme = config / "programmes" / "ibs-pulje-5-innlandet.yaml"
        self.edit(programme, "workflow: plan", "workflow: plann")
        with open(config / "contacts.csv", "a", encoding="utf-8") as contacts:
            contacts.write("gjovik,Kari,not an address,ressursperson\n")
        said = self.expect(1, "check", config)
        errors = [line for line in said.lines() if ": error: " in line]
        self.assertGreaterEqual(len(errors), 4, said)
        places = []
        for line in errors:
            file, row, column, rest = line.split(":", 3)
            self.assertTrue(file.startswith(str(config)), line)
            self.assertIn("; ", rest, "what to do: " + line)
            places.append((file, int(row), int(column)))
        self.assertEqual(places, sorted(places))
        found = run("check", config, "--json").json_lines()
        self.assertEqual(
            [(one["file"], one["line"], one["column"]) for one in found
             if one["severity"] == "error"], places)
        # What simulates says the same, and nothing else.
        self.assertEqual(self.expect(1, "simulate", config, *FROM_TO).err.splitlines(), errors)

    def test_strict_counts_warnings(self):
        config = self.copy_of_config()
        programme = config / "programmes" / "ibs-pulje-5-innlandet.yaml"
        self.edit(programme, "due: 2021-01-25", "due: 2021-01-24")  # A Sunday.
        self.expect(0, "check", config, says=" 0 errors")
        said = self.expect(1, "check", "--strict", config)
        self.assertIn(": warning: ", said.out)

    def test_deadline_explains_itself(self):
        said = self.expect(0, "deadline", "2026-03-12 + 3 weeks", "--json").json()
        self.assertEqual(said["date"], "2026-04-07")
        self.assertEqual(said["ends_at"], "2026-04-08T00:00:00+02:00")
        self.assertTrue(said["because"])
        text = self.expect(0, "deadline", "2026-11-28 + 14 days", "--if-free-day", "keep").out
        self.assertTrue(text.startswith("2026-12-12"), text)

    def test_deadline_says_what_is_wrong(self):
        for expression in ("2026-02-30", "due + 1 day", "2026-01-01 + 0 days", "x"):
            with self.subTest(expression):
                self.expect(2, "deadline", expression, says=expression)
        self.expect(2, "deadline", "2026-01-01", "--time-zone", "Europe/Olso", says="Europe/Oslo")


class Simulation(CliTest):
    def test_json_lines_end_with_books_that_balance(self):
        lines = self.expect(0, "simulate", *FROM_TO, "--json").json_lines()
        books = lines[-1]
        self.assertEqual(books["type"], "books")
        self.assertGreater(books["planned"], 50)
        self.assertEqual(books["planned"], sum(books[account] for account in (
            "sent", "held", "suppressed", "superseded", "failed", "waiting")))
        times = [line["at"] for line in lines[:-1]]
        self.assertEqual(times, sorted(times))
        self.assertEqual({line["type"] for line in lines},
                         {"message", "transition", "books"} |
                         ({"settled"} if books["superseded"] else set()))

    def test_formats(self):
        text = self.expect(0, "simulate", *FROM_TO).lines()
        self.assertTrue(text[-1].startswith("books: planned "), text[-1])
        self.assertTrue(any(line.startswith("man 2021-01-11 08:00  mail  ") for line in text))
        self.assertEqual(run("simulate", *FROM_TO, "--format", "json").out,
                         run("simulate", *FROM_TO, "--json").out)
        self.expect(2, "simulate", *FROM_TO, "--format", "xml")

    def test_calendar_is_one_that_calendars_read(self):
        raw = self.expect(0, "simulate", *FROM_TO, "--format", "ics").out.encode()
        # text=True has turned CRLF into LF; the length of a line is what RFC 5545 bounds.
        self.assertTrue(all(len(line) <= 75 for line in raw.split(b"\n")))
        lines = raw.replace(b"\n ", b"").decode().split("\n")
        self.assertEqual((lines[0], lines[-2]), ("BEGIN:VCALENDAR", "END:VCALENDAR"))
        events = [dict(line.split(":", 1) for line in event.strip().split("\n"))
                  for event in "\n".join(lines).split("BEGIN:VEVENT")[1:]]
        self.assertGreaterEqual(len(events), 14)
        self.assertEqual(len({event["UID"] for event in events}), len(events))
        for event in events:
            self.assertRegex(event["DTSTAMP"], r"^\d{8}T\d{6}Z$")
            key = "VALUE=DATE" if "DTSTART;VALUE=DATE" in event else "TZID=Europe/Oslo"
            self.assertRegex(event[f"DTSTART;{key}"], r"^\d{8}(T\d{6})?$")
            self.assertGreater(event[f"DTEND;{key}"], event[f"DTSTART;{key}"])
            self.assertTrue(event["SUMMARY"])

    def test_events_happen(self):
        events = self.write("events.jsonl", EVENTS)
        lines = self.expect(0, "simulate", *FROM_TO, "--json", "--events", events).json_lines()
        gjovik = [line["at"][:10] for line in lines if line["type"] == "message"
                  and any(one["case"] == "pulje-5/plan/gjovik" for one in line["reminders"])]
        self.assertEqual(gjovik, ["2021-01-11", "2021-01-20"])

    def test_crashes_change_nothing(self):
        events = self.write("events.jsonl", EVENTS)
        plain = self.expect(0, "simulate", *FROM_TO, "--json", "--events", events)
        crashed = self.expect(0, "simulate", *FROM_TO, "--json", "--events", events, "--crash-at",
                              "2021-01-11T08:00", "2021-01-20", "--crash-at", "2021-02-02T07:59")
        self.assertEqual(crashed.out, plain.out)

    def test_what_makes_no_sense_is_said(self):
        for arguments, says in (
                (("--from", "2021-02-30", "--to", "2021-03-05"), "--from: "),
                (("--from", "2021-01-01", "--to", "yesterday"), "--to: "),
                (("--from", "2021-01-01", "--to", "2021-01-01T25:00"), "--to: "),
                (("--from", "2021-03-05", "--to", "2021-01-01"), "turn them round"),
                ((*FROM_TO, "--crash-at", "2021-13-01"), "--crash-at: "),
                (("--from", "2021-01-01"), "--to is required")):
            with self.subTest(arguments):
                self.expect(2, "simulate", *arguments, says=says)
        # One day is from its start to its end.
        self.expect(0, "simulate", "--from", "2021-01-11", "--to", "2021-01-11")

    def test_events_that_cannot_be_read(self):
        self.expect(4, "simulate", *FROM_TO, "--events", self.scratch / "none", says="none")
        self.expect(4, "simulate", *FROM_TO, "--events", self.scratch, says="--events")
        bad = self.write("bad.jsonl", 'what\n{"at":"2021-01-22T10:00"}\n\n{"at":"2021-02-30T10:00",'
                         '"case":"a","event":"b"}\n')
        said = self.expect(1, "simulate", *FROM_TO, "--events", bad)
        self.assertEqual([line.split(": error: ")[0] for line in said.err.splitlines()],
                         [f"{bad}:1", f"{bad}:2", f"{bad}:4"])
        early = self.write("early.jsonl", EVENTS.replace("2021-01-22", "2020-01-22"))
        self.expect(1, "simulate", *FROM_TO, "--events", early, says=f"{early}:1: error: outside")

    def test_an_event_that_is_refused_is_a_problem(self):
        events = self.write("events.jsonl", EVENTS.replace('"received"', '"reecived"'))
        said = self.expect(1, "simulate", *FROM_TO, "--events", events, says=f"{events}:2: error: ")
        self.assertIn("books: planned", said.out)

    def test_spool_is_a_maildir(self):
        spool = self.scratch / "spool"
        lines = self.expect(0, "simulate", *FROM_TO, "--json", "--spool", spool).json_lines()
        count = sum(1 for line in lines if line["type"] == "message")
        self.assertEqual(len(list((spool / "new").iterdir())), count)

    def test_a_spool_that_cannot_be_made(self):
        file = self.write("file", "")
        self.expect(1, "simulate", *FROM_TO, "--spool", file / "spool", says="--spool: ")
        self.expect(1, "simulate", *FROM_TO, "--spool", file, says="--spool: ")


class Comparison(CliTest):
    def test_the_same_twice_is_no_difference(self):
        config = self.copy_of_config()
        said = self.expect(0, "diff", config, config, *FROM_TO, "--exit-code")
        self.assertEqual(len(said.lines()), 1, said)
        self.assertTrue(said.out.startswith("0 added, 0 moved, 0 removed, 0 reworded, "), said)

    def test_a_step_that_moves_goes_or_comes(self):
        config, changed = self.copy_of_config(), self.copy_of_config("changed")
        ladder = changed / "ladders" / "standard.yaml"
        text = ladder.read_text(encoding="utf-8")
        self.assertIn("due - 14 days", text)
        ladder.write_text("\n".join(
            line.replace("due - 14 days", "due - 13 days") for line in text.split("\n")
            if "due-3wd" not in line), encoding="utf-8")
        lines = self.expect(0, "diff", config, changed, *FROM_TO, "--json").json_lines()
        summary = lines.pop()
        kinds = [line["type"] for line in lines]
        self.assertEqual(set(kinds), {"moved", "removed"})
        for kind in ("added", "moved", "removed", "reworded"):
            self.assertEqual(summary[kind], kinds.count(kind))
        moved = next(line for line in lines if line["type"] == "moved")
        self.assertEqual((moved["old_at"][:10], moved["new_at"][:10]),
                         ("2021-01-11", "2021-01-12"))
        back = self.expect(1, "diff", changed, config, *FROM_TO, "--json", "--exit-code")
        self.assertEqual(back.json_lines()[-1]["added"], summary["removed"])

    def test_other_words_are_told(self):
        config, changed = self.copy_of_config(), self.copy_of_config("changed")
        programme = changed / "programmes" / "ibs-pulje-5-innlandet.yaml"
        self.edit(programme, "nb: Kommunens plan", "nb: Kommunens handlingsplan")
        said = self.expect(0, "diff", config, changed, *FROM_TO)
        self.assertIn("(other words or copies)", said.out)
        self.assertTrue(said.lines()[-1].startswith("0 added, 0 moved, 0 removed, "), said)

    def test_bad_input(self):
        config = self.copy_of_config()
        self.expect(4, "diff", config, self.scratch / "none", *FROM_TO, says="none")
        self.expect(2, "diff", config, config, "--from", "x", "--to", "2021-01-01", says="--from")
        self.edit(config / "fristvakt.yaml", "brake: 20", "brake: many")
        self.expect(1, "diff", config, config, *FROM_TO, says="fristvakt.yaml:")


class Rendering(CliTest):
    def test_every_notice_in_both_languages(self):
        shipped = pathlib.Path(program.SOURCE) / "config" / "messages" / "nb"
        for notice in sorted(path.stem for path in shipped.glob("*.md")):
            subjects = set()
            for language in ("nb", "nn"):
                with self.subTest(notice=notice, language=language):
                    said = self.expect(0, "render", notice, "--language", language,
                                       "--json").json()
                    self.assertEqual(said["language"], language)
                    self.assertTrue(said["html"].lower().startswith("<!doctype html>"), said["html"][:99])
                    for part in ("subject", "text", "html"):
                        self.assertNotIn("{{", said[part])
                    self.assertGreater(len(said["text"]), 100)
                    subjects.add(said["text"])
            self.assertEqual(len(subjects), 2, notice)

    def test_parts(self):
        whole = self.expect(0, "render", "reminder").out
        subject = self.expect(0, "render", "reminder", "--part", "subject").out
        text = self.expect(0, "render", "reminder", "--part", "text").out
        self.assertEqual(whole, subject + "\n" + text)
        self.assertIn("<html", self.expect(0, "render", "reminder", "--part", "html").out)

    def test_time_and_people_are_those_of_the_case(self):
        said = self.expect(0, "render", "overdue", "--case", "pulje-5/plan/gjovik", "--json").json()
        self.assertEqual(said["at"], "2021-01-26T08:00:00+01:00")
        self.assertIn("gjovik", said["to"])
        many = self.expect(0, "render", "call-them", "--count", "5", "--json").json()
        self.assertGreaterEqual(many["text"].count("@"), 5)

    def test_an_operators_own_notice(self):
        config = self.copy_of_config()
        for language in ("nb", "nn"):
            path = config / "messages" / language / "reminder.md"
            self.edit(path, "---\n", "---\n")
            with open(path, "a", encoding="utf-8") as notice:
                notice.write("\nHilsen **oss** i {{cohort}}.\n")
        said = self.expect(0, "render", "reminder", config, "--part", "text")
        self.assertIn("Hilsen oss i ", said.out)

    def test_bad_input(self):
        self.expect(4, "render", "remainder", says="there are ")
        self.expect(4, "render", "reminder", "--case", "pulje-5/plan/oslo", says="pulje-5/plan/oslo")
        self.expect(4, "render", "reminder", self.scratch / "none", says="none")
        self.expect(2, "render", "reminder", "--language", "en")


class Folders(CliTest):
    """What reads a state folder, when there is nothing good to read."""

    def test_no_folder_no_database(self):
        for command in (["list"], ["show", "a/b/c"], ["explain", "a/b/c"]):
            with self.subTest(command):
                self.expect(4, *command, "--state", self.scratch / "none", says="--state")
                self.expect(4, *command, "--state", self.scratch, says="no daemon has run")
        for command in ("status", "verify", "rebuild"):
            self.expect(4, "db", command, "--state", self.scratch, says="--state")
        self.assertEqual(list(self.scratch.iterdir()), [], "looking made something")

    def test_a_file_that_is_no_database(self):
        self.write("state.db", "nothing that SQLite wrote, and long enough to be looked at" * 99)
        for command in (["list"], ["show", "a/b/c"], ["db", "status"], ["db", "verify"],
                        ["db", "backup", self.scratch / "copy.db"], ["db", "rebuild"]):
            with self.subTest(command):
                self.expect(1, *command, "--state", self.scratch, says="state.db")
        self.assertFalse((self.scratch / "copy.db").exists())


class WithDaemon(CliTest):
    """A daemon on a demo clock that stands at 11 January 2021, some minutes past eight."""

    CLOCK = ("--clock", "2021-01-11T07:59:58", "--speed", "10")
    LAST_MAIL = ("  mail  ", "@vaga.")

    def setUp(self):
        super().setUp()
        self.state = self.scratch / "state"
        self.daemon = Daemon(self.state, *self.CLOCK)
        self.addCleanup(self.daemon.stop)
        self.daemon.wait_for(*self.LAST_MAIL)

    def at_state(self, *arguments):
        return (*arguments, "--state", self.state)

    def at_daemon(self, *arguments):
        return (*arguments, "--url", self.daemon.url)


class Running(WithDaemon):
    def test_list(self):
        rows = self.expect(0, *self.at_state("list", "--json")).json_lines()
        self.assertGreaterEqual(len(rows), 14)
        gjovik = next(row for row in rows if row["id"] == "pulje-5/plan/gjovik")
        self.assertEqual((gjovik["state"], gjovik["days_left"], gjovik["next_step"]),
                         ("awaited", 14, "due-3wd"))
        self.assertEqual(gjovik["next_step_at"], "2021-01-20T08:00:00+01:00")
        table = self.expect(0, *self.at_state("list"), says="cases as of man 2021-01-11 08:").lines()
        self.assertEqual(len(table), len(rows) + 1)
        self.assertEqual(table[0].split(), ["CASE", "STATE", "DUE", "LEFT", "NEXT"])
        self.assertIn("due-3wd on ons 2021-01-20 08:00", "\n".join(table))

    def test_list_filters(self):
        count = lambda *filters: len(
            self.expect(0, *self.at_state("list", "--json", *filters)).lines())
        self.assertEqual(count("--organisation", "gjovik"), 1)
        self.assertEqual(count("--overdue"), 0)
        self.assertEqual(count("--closed"), 0)
        self.assertEqual(count("--open"), count())
        # Beside the plans there are two meetings.
        self.assertEqual(count("--cohort", "pulje-5"), count())
        self.assertEqual(count("--cohort", "pulje-5", "--requirement", "plan"), count() - 2)
        self.assertEqual(count("--state-of-case", "claimed"), 0)
        for option in ("--cohort", "--requirement", "--organisation", "--state-of-case"):
            with self.subTest(option):
                self.expect(4, *self.at_state("list", option, "gjovikk"), says="gjovikk")

    def test_show(self):
        said = self.expect(0, *self.at_state("show", "pulje-5/plan/gjovik", "--json")).json()
        self.assertEqual(said["due"]["date"], "2021-01-25")
        self.assertTrue(said["due"]["because"]["nn"])
        self.assertIn("ressursperson", [one["role"] for one in said["people"]])
        self.assertEqual([(one["step"], one["account"]) for one in said["reminders"]],
                         [("due-14d", "sent")])
        self.assertEqual(said["history"][0]["kind"], "event")
        text = self.expect(0, *self.at_state("show", "pulje-5/plan/gjovik", "--language", "nn")).out
        for part in ("Planen til kommunen", "Ikkje levert", "People today", "Reminders",
                     "History", "due-14d", "message "):
            self.assertIn(part, text)
        self.expect(4, *self.at_state("show", "pulje-5/plan/oslo"), says="fristvakt list")

    def test_explain_now_before_and_to_come(self):
        case = "pulje-5/plan/gjovik"
        now = self.expect(0, *self.at_state("explain", case, "--json")).json()
        self.assertEqual((now["quiet"], now["next_step"]), ("no", "due-3wd"))
        self.assertEqual(set(now["text"]), {"nb", "nn", "en"})
        text = self.expect(0, *self.at_state("explain", case)).out
        self.assertIn("Next: due-3wd (reminder-soon), ons 2021-01-20 08:00", text)
        before = self.expect(
            0, *self.at_state("explain", case, "--at", "2021-01-11T07:59:59", "--json")).json()
        self.assertEqual(before["next_step"], "due-14d")
        later = self.expect(
            0, *self.at_state("explain", case, "--at", "2021-02-03", "--json")).json()
        self.assertEqual(later["next_step"], "due+11wd")
        self.assertEqual({one["account"] for step in later["steps"] for one in step["planned"]},
                         {"sent"})
        self.assertEqual(self.expect(
            0, *self.at_state("explain", case, "--at", "2021-06-01", "--json")).json()["quiet"],
            "ladder-at-end")
        self.expect(4, *self.at_state("explain", case, "--at", "2020-01-01"),
                    says="had not been opened")
        self.expect(4, *self.at_state("explain", "pulje-5/plan/oslo"), says="fristvakt list")
        self.expect(2, *self.at_state("explain", case, "--at", "noon"), says="--at: ")

    def test_another_configuration_explains_too(self):
        config = self.copy_of_config()
        ladder = config / "ladders" / "standard.yaml"
        self.edit(ladder, "due - 3 working days", "due - 4 working days")
        said = self.expect(0, *self.at_state("explain", "pulje-5/plan/gjovik", "--json",
                                             "--config", config)).json()
        self.assertEqual(said["next_at"][:10], "2021-01-19")
        self.expect(4, *self.at_state("list", "--config", self.scratch / "none"), says="none")

    def test_render_a_stored_case(self):
        said = self.expect(0, *self.at_state("render", "overdue", "--case", "pulje-5/plan/gjovik",
                                             "--part", "text"))
        self.assertIn("Gjøvik", said.out)

    def test_event(self):
        case = "pulje-5/plan/gjovik"
        said = self.expect(0, *self.at_daemon("event", case, "claimed", "--by", "debtor"))
        self.assertEqual(said.out.split("  ")[:2], [case, "awaited -> claimed"], said)
        self.assertIn("claimed (", self.expect(
            0, *self.at_state("list", "--organisation", "gjovik")).out)
        said = self.expect(0, *self.at_daemon(
            "event", case, "received", "--field", "document_number=12", "--who", "Ola", "--json"))
        self.assertEqual((said.json()["from"], said.json()["to"]), ("claimed", "received"))
        self.assertIn("who=Ola", self.expect(0, *self.at_state("show", case)).out)

    def test_event_with_fields(self):
        case = "pulje-5/plan/skjak"
        said = self.expect(0, *self.at_daemon("event", case, "more_time_given", "--until",
                                              "2021-02-12"))
        self.assertIn("due 2021-02-12", said.out)
        said = self.expect(0, *self.at_daemon("event", case, "exempted", "--reason", "slått sammen"))
        self.assertIn("-> exempt", said.out)

    def test_a_key_counts_once(self):
        call = self.at_daemon("event", "pulje-5/plan/hamar", "claimed", "--by", "debtor", "--key",
                              "k-1", "--json")
        self.assertFalse(self.expect(0, *call).json()["repeated"])
        self.assertTrue(self.expect(0, *call).json()["repeated"])
        self.expect(2, *self.at_daemon("event", "a/b/c", "noted", "--key", "with blank"))

    def test_events_that_are_refused(self):
        for code, arguments, says in (
                (4, ("pulje-5/plan/oslo", "claimed", "--by", "debtor"), "pulje-5/plan/oslo"),
                (4, ("../../healthz?x", "claimed"), ""),
                (1, ("pulje-5/plan/hamar", "claimedd"), "claimedd"),
                (1, ("pulje-5/plan/hamar", "claimed", "--by", "creditor"), ""),
                (1, ("pulje-5/plan/hamar", "not_found"), ""),
                (1, ("pulje-5/plan/hamar", "more_time_given"), "until"),
                (1, ("pulje-5/plan/hamar", "more_time_given", "--until", "2021-02-30"), "2021-02-30"),
                (2, ("pulje-5/plan/hamar", "noted", "--field", "text"), "NAME=VALUE"),
                (2, ("pulje-5/plan/hamar", "noted", "--field", "a=1", "--field", "a=2"), "twice"),
                (2, ("pulje-5/plan/hamar", "noted", "--by", "clock"), "--by")):
            with self.subTest(arguments):
                self.expect(code, *self.at_daemon("event", *arguments), says=says)

    def test_nobody_there(self):
        self.daemon.stop()
        self.expect(6, *self.at_daemon("event", "pulje-5/plan/hamar", "noted"), says="--url")
        self.expect(6, *self.at_daemon("outbox", "list"), says="--url")

    def test_plain_http_stays_on_this_machine(self):
        for url in ("http://fristvakt.example", "ftp://127.0.0.1/", "nonsense url",
                    "http://127.0.0.1.fristvakt.example"):
            with self.subTest(url):
                self.expect(2, "outbox", "list", "--url", url)

    def test_outbox(self):
        messages = self.expect(0, *self.at_daemon("outbox", "list", "--json")).json_lines()
        self.assertGreaterEqual(len(messages), 13)
        first = min(one["number"] for one in messages)
        table = self.expect(0, *self.at_daemon("outbox", "list", "--limit", "3"),
                            says="3 messages").lines()
        self.assertEqual(len(table), 4)
        said = self.expect(0, *self.at_daemon("outbox", "show", first, "--json")).json()
        self.assertEqual(said["state"], "sent")
        self.assertIn(said["text"], self.expect(0, *self.at_daemon("outbox", "show", first)).out)
        self.assertEqual(self.expect(0, *self.at_daemon("outbox", "list", "--state", "failed",
                                                        "--json")).out, "")
        self.assertEqual(len(self.expect(0, *self.at_daemon(
            "outbox", "list", "--json", "--case", "pulje-5/plan/gjovik")).lines()), 1)

    def test_outbox_hold_and_release(self):
        self.expect(0, *self.at_daemon("outbox", "hold", "--reason", "adressene sees over"))
        self.expect(0, *self.at_daemon("event", "pulje-5/plan/gjovik", "claimed", "--by", "debtor"))
        self.expect(0, *self.at_state("list"), says="on hold: adressene sees over")
        self.assertIn("on hold", self.expect(
            0, *self.at_state("explain", "pulje-5/plan/gjovik")).out)
        self.expect(0, *self.at_daemon("outbox", "list"), says="on hold: adressene sees over")
        said = self.expect(0, *self.at_daemon("outbox", "release", "--who", "Ola"))
        self.assertEqual(said.out, "sending goes on\n")
        self.daemon.wait_for("  mail  ", "@gjovik.")  # The answer to the claim.
        said = self.expect(0, *self.at_daemon("outbox", "hold", "--reason", "x", "--json")).json()
        self.assertEqual(said, {"on_hold": True, "hold_reason": "x"})

    def test_outbox_refusals(self):
        self.expect(4, *self.at_daemon("outbox", "show", "4711"), says="4711")
        self.expect(4, *self.at_daemon("outbox", "retry", "4711"), says="4711")
        self.expect(1, *self.at_daemon("outbox", "release", "1"), says="not held")
        self.expect(1, *self.at_daemon("outbox", "retry", "1"), says="only a failed one")
        self.expect(2, *self.at_daemon("outbox", "hold"))
        self.expect(2, *self.at_daemon("outbox", "show", "one"))


class Maintenance(WithDaemon):
    def test_a_running_daemon_is_in_nobodys_way(self):
        copy = self.scratch / "copy.db"
        self.expect(0, *self.at_state("db", "backup", copy))
        self.assertEqual(copy.stat().st_mode & 0o777, 0o600)
        self.expect(1, *self.at_state("db", "backup", copy), says="exists")
        self.expect(0, *self.at_state("db", "backup", copy, "--overwrite"))
        self.expect(0, *self.at_state("db", "verify"))
        status = self.expect(0, *self.at_state("db", "status", "--json")).json()
        self.assertEqual((status["clock"], status["on_hold"]), ("demo", False))
        self.assertTrue(status["books"]["balance"])
        holder = f"process {self.daemon.process.pid}"
        self.expect(1, *self.at_state("db", "rebuild"), says=holder)
        self.expect(1, *self.at_state("db", "erase", "a@b.example"), says=holder)
        self.expect(1, *self.at_state("db", "restore", copy), says=holder)

    def test_head_finds_a_log_that_was_cut_off(self):
        first = self.expect(0, *self.at_state("db", "verify", "--json")).json()
        self.assertEqual(first["problems"], [])
        self.expect(0, *self.at_daemon("event", "pulje-5/plan/hamar", "claimed", "--by", "debtor"))
        self.expect(0, *self.at_state("db", "verify", "--head", first["head"]))
        sequence, chain = first["head"].split(":")
        said = self.expect(1, *self.at_state("db", "verify", "--head",
                                             f"{int(sequence) + 10 ** 6}:{chain}"))
        self.assertIn("cut off", said.out)
        self.expect(2, *self.at_state("db", "verify", "--head", "nonsense"), says="head")

    def test_looking_changes_nothing(self):
        self.daemon.stop()
        digest = lambda: hashlib.sha256((self.state / "state.db").read_bytes()).hexdigest()
        before = digest()
        self.expect(0, *self.at_state("list"))
        self.expect(0, *self.at_state("show", "pulje-5/plan/gjovik"))
        self.expect(0, *self.at_state("explain", "pulje-5/plan/gjovik", "--at", "2021-01-11T07:59:59"))
        self.expect(0, *self.at_state("db", "verify"))
        self.assertEqual(digest(), before)

    def test_rebuild_finds_nothing_to_mend(self):
        self.daemon.stop()
        rows = self.expect(0, *self.at_state("list", "--json")).out
        said = self.expect(0, *self.at_state("db", "rebuild", "--json")).json()
        self.assertEqual(said["differences"], [])
        self.assertEqual(self.expect(0, *self.at_state("list", "--json")).out, rows)

    def test_restore_begins_on_hold(self):
        copy = self.scratch / "copy.db"
        self.expect(0, *self.at_state("db", "backup", copy))
        self.daemon.stop()
        self.expect(1, *self.at_state("db", "restore", copy), says="database already")
        other = self.scratch / "other"
        self.expect(0, "db", "restore", copy, "--state", other, says="on hold")
        status = self.expect(0, "db", "status", "--state", other, "--json").json()
        self.assertTrue(status["on_hold"])
        self.assertTrue(status["last_entry_at"].startswith("2021-01-11"), status)
        self.expect(0, "db", "verify", "--state", other)
        self.expect(0, "list", "--state", other, says="on hold")
        self.expect(4, "db", "restore", self.scratch / "none.db", "--state", self.scratch / "new",
                    says="none.db")

    def test_erase(self):
        said = self.expect(0, *self.at_state("show", "pulje-5/plan/gjovik", "--json")).json()
        address = next(one["address"] for one in said["people"] if one["role"] == "ressursperson")
        self.daemon.stop()
        self.expect(4, *self.at_state("db", "erase", "nobody@nowhere.example"), says="nobody")
        report = self.expect(0, *self.at_state("db", "erase", address, "--json")).json()
        self.assertEqual((report["persons"], report["configurations"]), (1, 1))
        self.expect(0, *self.at_state("db", "verify"))
        # The stored configuration is not whole any more; the folder it came from is.
        self.expect(1, *self.at_state("list"), says="--config")
        config = pathlib.Path(program.SOURCE) / "config"
        self.expect(0, *self.at_state("list", "--config", config))
        self.assertNotIn(address.encode(), (self.state / "state.db").read_bytes())


if __name__ == "__main__":
    program.PROGRAM, program.SOURCE = sys.argv[1:3]
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=1)
