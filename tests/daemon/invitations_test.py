"""A meeting as everybody's calendar meets it: invited by a real SMTP server, answered into a real IMAP
server, by the clock of the machine."""
import base64
import datetime
import email.message
import json
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

from harness import PATIENCE, SOURCE, DaemonTest, edit

MEETING = "kurs/samling"
KARI = "kari.lunde@gjovik.kommune.example"
PER = "per.engen@gjovik.kommune.example"
ANSWERS = "svar@sf-innlandet.example"
MAILBOX = """
mailbox:
  url: imap://127.0.0.1:{port}
  starttls: off
  user: svar
  password: {{env: MAILBOX_PASSWORD}}
  address: svar@sf-innlandet.example
"""
PROGRAMME = """
programme: kurs
title: {{nb: Kurs, nn: Kurs}}
cohort: kurs
period: {{from: {first}, to: {last}}}
creditor: sf-innlandet
participants: [gjovik]
requirements: []
meetings:
  - id: samling
    title: {{nb: Samling, nn: Samling}}
    audience: [ressursperson, skoleeier]
    dates:
      - {{start: {day}T09:00, end: {day}T12:00, place: {place}}}
"""


class ImapServer:
    """tests/servers/imap_server.py."""

    def __init__(self, password):
        # Not below the test's own folder, which is closed to whom the server runs as.
        self.folder = tempfile.mkdtemp(prefix="fristvakt-")
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(SOURCE / "tests/servers/imap_server.py"), self.folder,
             json.dumps({"user": "svar", "password": password})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def append(self, message):
        question = {"append": [base64.b64encode(message).decode()], "to": "INBOX"}
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(PATIENCE)
        shutil.rmtree(self.folder, ignore_errors=True)


def calendar_of(mail):
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    return re.sub("\r\n ", "", part.get_content())


def value_of(calendar, name):
    return re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*?)\r?$", calendar, re.M)[1]


def reply(calendar, address, answer, sender=None):
    """As a calendar answers, without ORGANIZER, as Exchange does at times."""
    stamp = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    message = email.message.EmailMessage()
    message["From"] = sender or address
    message["To"] = ANSWERS
    message["Subject"] = "Svar"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("Svar\n")
    message.add_attachment(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
        f"UID:{value_of(calendar, 'UID')}\r\nDTSTAMP:{stamp}\r\n"
        f"SEQUENCE:{value_of(calendar, 'SEQUENCE')}\r\n"
        f"ATTENDEE;PARTSTAT={answer}:MAILTO:{address}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        subtype="calendar", params={"method": "REPLY"})
    return message.as_bytes()


class Invitations(DaemonTest):
    def setUp(self):
        super().setUp()
        self.mail = self.smtp()
        self.box = ImapServer("hemmelig")
        self.addCleanup(self.box.close)
        # A Tuesday three to four weeks ahead, whatever day it is.
        today = datetime.date.today()
        self.day = today + datetime.timedelta(days=21 + (1 - today.weekday()) % 7)
        self.settings = self.config("live", self.mail.port)
        (self.settings / "programmes/ibs-pulje-5-innlandet.yaml").unlink()
        edit(self.settings / "fristvakt.yaml",
             'send_window: {days: working, hours: "08:00-16:00", avoid: [romjul, fellesferie]}',
             'send_window: {days: all, hours: "00:00-24:00"}')
        with open(self.settings / "fristvakt.yaml", "a", encoding="utf-8") as file:
            file.write(MAILBOX.format(port=self.box.port))
        self.plan("Lampeland")
        self.daemon = self.serve(config=self.settings, clock=None,
                                 environment={"MAILBOX_PASSWORD": "hemmelig"}).ready()

    def plan(self, place):
        (self.settings / "programmes/kurs.yaml").write_text(PROGRAMME.format(
            first=self.day - datetime.timedelta(days=60), last=self.day + datetime.timedelta(days=9),
            day=self.day, place=place), encoding="utf-8")

    def reload(self):
        self.daemon.process.send_signal(signal.SIGHUP)

    def people(self):
        whole = self.daemon.get(f"/api/v1/cases/{MEETING}").json
        return {one["address"]: one for one in whole["invitations"]}

    def calendars_to(self, address, count):
        def received():
            return [mail for to, mail, _ in self.mail.received() if to == [address]]
        self.daemon.until(lambda: len(received()) >= count, f"{count} mails to {address}")
        self.assertEqual(len(received()), count)
        return [calendar_of(mail) for mail in received()]

    def answer(self, message, address, response):
        self.box.append(message)
        self.reload()  # Looks at once, instead of in a minute.
        self.daemon.until(lambda: self.people()[address]["response"] == response, response)

    def test_invited_answered_moved(self):
        self.assertEqual(self.daemon.raise_event(MEETING, "invited", "creditor").status, 200)
        [to_kari], [to_per] = self.calendars_to(KARI, 1), self.calendars_to(PER, 1)
        self.assertEqual(value_of(to_kari, "METHOD"), "REQUEST")
        self.assertEqual(value_of(to_kari, "ORGANIZER"), f"mailto:{ANSWERS}")
        self.assertEqual(value_of(to_kari, "ATTENDEE"), f"mailto:{KARI}")
        self.assertEqual(value_of(to_kari, "LOCATION"), "Lampeland")
        self.assertEqual(value_of(to_kari, "UID"), value_of(to_per, "UID"))
        self.answer(reply(to_kari, KARI, "ACCEPTED"), KARI, "accepted")
        self.assertEqual(self.people()[KARI]["response_by"], "mail")
        self.assertEqual(self.people()[PER]["response"], "none")
        # What somebody else writes for her is nobody's answer.
        self.box.append(reply(to_kari, KARI, "DECLINED", "ukjent@annet.example"))
        self.answer(reply(to_per, PER, "DECLINED"), PER, "declined")
        self.assertEqual(self.people()[KARI]["response"], "accepted")
        self.assertTrue(self.daemon.log.find(r"answer_put_aside .*why=another-sender"))
        # Another place: told once more, and what was answered before says nothing of it.
        self.plan("Kongsberg")
        self.reload()
        _, moved = self.calendars_to(KARI, 2)
        self.assertEqual(value_of(moved, "LOCATION"), "Kongsberg")
        self.assertEqual(value_of(moved, "SEQUENCE"), "1")
        self.assertEqual(value_of(moved, "UID"), value_of(to_kari, "UID"))
        self.assertEqual(self.people()[KARI]["response"], "none")
        self.answer(reply(moved, KARI, "TENTATIVE"), KARI, "tentative")
        self.assertNotIn("hemmelig", self.daemon.log.text())
        # Restarted, it knows what it knew, and reads nothing twice.
        self.assertEqual(self.daemon.end(), 0)
        self.daemon = self.serve(config=self.settings, clock=None,
                                 environment={"MAILBOX_PASSWORD": "hemmelig"}).ready()
        self.assertEqual(self.people()[KARI]["response"], "tentative")
        self.assertEqual(self.people()[PER]["response"], "none", "it has moved since")
        self.assertEqual(len(self.calendars_to(KARI, 2)), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
