"""What the program writes as a calendar, judged; and the judges, with mistakes planted for them."""
import datetime
import os
import pathlib
import subprocess
import tempfile
import unittest

import vobject

import calendar_checks


class Samples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([os.environ["CALENDAR_SAMPLES"], folder], check=True, timeout=60)
            cls.samples = {path.stem: path.read_bytes()
                           for path in sorted(pathlib.Path(folder).glob("*.ics"))}

    def test_nobody_complains(self):
        self.assertGreaterEqual(len(self.samples), 9)
        for name, raw in self.samples.items():
            with self.subTest(name):
                self.assertEqual(calendar_checks.complaints(raw), [])

    def test_what_was_put_in_comes_out(self):
        calendar = vobject.readOne(self.samples["texts"].decode())
        event = calendar.vevent
        self.assertEqual(event.summary.value, "Møte; mål, mer \\ og en tekst «så lang» " + "æøå" * 40)
        self.assertEqual(event.description.value, "To\nlinjer\n\nBEGIN:VALARM")
        self.assertEqual(event.location.value, "Rom 2, Hamar")
        self.assertEqual(len(calendar_checks.events(self.samples["texts"])), 1)

    def test_people_come_out(self):
        invited = self.samples["invitation"]
        [event] = calendar_checks.events(invited)
        self.assertEqual(event["ORGANIZER"][0][1], "mailto:post+moter@sf-innlandet.example")
        self.assertEqual([value for _, value in event["ATTENDEE"]],
                         ["mailto:kari@gjovik.example", "mailto:100%25%26@hamar.example"])
        parameters = event["ATTENDEE"][0][0]
        self.assertEqual((parameters["PARTSTAT"], parameters["RSVP"], parameters["ROLE"]),
                         ("NEEDS-ACTION", "TRUE", "REQ-PARTICIPANT"))
        # A name that would like to be a property, and one with quotes.
        self.assertEqual(parameters["CN"], "Nordmann; Kari: ^'ressurs^'^nBEGIN:VALARM")
        self.assertIn(b"METHOD:REQUEST\r\n", invited)
        cancelled = self.samples["cancellation"]
        self.assertIn(b"METHOD:CANCEL\r\n", cancelled)
        self.assertIn(b"STATUS:CANCELLED\r\n", cancelled)
        self.assertIn(b"SEQUENCE:2\r\n", cancelled)

    def test_whole_days_end_before_the_next(self):
        self.assertNotIn(b"\r\nSTATUS:", self.samples["uninvited"], "it is held, without them")
        first, last = calendar_checks.events(self.samples["days"])
        self.assertEqual([first["DTSTART"][0], first["DTEND"][0]],
                         [({"VALUE": "DATE"}, "20210125"), ({"VALUE": "DATE"}, "20210126")])
        self.assertEqual([last["DTSTART"][0][1], last["DTEND"][0][1]], ["20191231", "20200102"])

    def test_times_are_what_they_were(self):
        """The reader has nothing but the rules in the file; each event's summary says its time."""
        for name in ("around_summer_time", "another_zone"):
            with self.subTest(name):
                calendar = vobject.readOne(self.samples[name].decode())
                self.assertGreater(len(calendar.vevent_list), 1)
                for event in calendar.vevent_list:
                    start = event.dtstart.value.astimezone(datetime.timezone.utc)
                    self.assertEqual(start.strftime("%Y-%m-%dT%H:%M:%SZ"), event.summary.value)
                    end = event.dtend.value.astimezone(datetime.timezone.utc)
                    self.assertEqual(end - start, datetime.timedelta(hours=3))
        self.assertNotIn(b"VTIMEZONE", self.samples["another_zone"])
        self.assertNotIn(b"VTIMEZONE", self.samples["days"])

    def test_a_feed_says_how_often(self):
        self.assertIn(b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n", self.samples["feed"])
        self.assertNotIn(b"METHOD", self.samples["feed"])


class Simulation(unittest.TestCase):
    def test_the_calendar_of_a_run(self):
        raw = subprocess.run([os.environ["FRISTVAKT"], "simulate", "--from", "2021-01-01", "--to",
                              "2021-03-05", "--format", "ics"], check=True, timeout=60,
                             capture_output=True).stdout
        self.assertEqual(calendar_checks.complaints(raw), [])
        found = {event["UID"][0][1]: event for event in calendar_checks.events(raw)}
        self.assertGreaterEqual(len(found), 14)
        self.assertEqual(found["fristvakt/sf-innlandet/pulje-5/plan/gjovik"]["DTSTART"],
                         [({"VALUE": "DATE"}, "20210125")])


# The zone has a name of its own: vobject remembers zones by name, a planted one too.
GOOD = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//planted//NO
METHOD:REQUEST
BEGIN:VTIMEZONE
TZID:Planted/Oslo
BEGIN:DAYLIGHT
DTSTART:19700329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19701025T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:1@planted.example
DTSTAMP:20210101T080000Z
DTSTART;TZID=Planted/Oslo:20210323T090000
DTEND;TZID=Planted/Oslo:20210323T120000
SEQUENCE:1
SUMMARY:Møte
ORGANIZER:mailto:post@planted.example
ATTENDEE:mailto:kari@planted.example
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")
ZONE = GOOD[GOOD.index("BEGIN:VTIMEZONE"):GOOD.index("BEGIN:VEVENT")]

# What is planted: (from, to).
MISTAKES = {
    "zone without rules": (ZONE, ""),
    "zone on a whole day": ("DTSTART;TZID=Planted/Oslo:20210323T090000\r\n"
                            "DTEND;TZID=Planted/Oslo:20210323T120000",
                            "DTSTART;VALUE=DATE;TZID=Planted/Oslo:20210323\r\n"
                            "DTEND;VALUE=DATE;TZID=Planted/Oslo:20210324"),
    "zone on UTC": ("20210323T090000", "20210323T090000Z"),
    "end before start": ("20210323T120000", "20210323T080000"),
    "end at start": ("20210323T120000", "20210323T090000"),
    "stamp in local time": ("20210101T080000Z", "20210101T080000"),
    "long line": ("SUMMARY:Møte", "SUMMARY:" + "m" * 80),
    "bare line feed": ("SUMMARY:Møte\r\n", "SUMMARY:Møte\n"),
    "control character": ("SUMMARY:Møte", "SUMMARY:M\x07te"),
    "no end of the last line": ("END:VCALENDAR\r\n", "END:VCALENDAR"),
    "no mailto": ("ATTENDEE:mailto:kari@planted.example", "ATTENDEE:kari@planted.example"),
    "no UID": ("UID:1@planted.example\r\n", ""),
    "no DTSTAMP": ("DTSTAMP:20210101T080000Z\r\n", ""),
    "no PRODID": ("PRODID:-//planted//NO\r\n", ""),
    "no organizer": ("ORGANIZER:mailto:post@planted.example\r\n", ""),
    "no attendee": ("ATTENDEE:mailto:kari@planted.example\r\n", ""),
    "cancel without SEQUENCE": ("METHOD:REQUEST", "METHOD:CANCEL", "SEQUENCE:1\r\n", ""),
    "cut off": ("END:VEVENT\r\nEND:VCALENDAR\r\n", ""),
    "bad rule": ("FREQ=YEARLY;BYMONTH=3", "FREQ=NEVER;BYMONTH=3"),
}


class Judges(unittest.TestCase):
    def test_the_good_one_is_good(self):
        self.assertEqual(calendar_checks.complaints(GOOD.encode()), [])

    def test_each_mistake_is_found(self):
        for name, edits in MISTAKES.items():
            with self.subTest(name):
                raw = GOOD
                for old, new in zip(edits[::2], edits[1::2]):
                    self.assertIn(old, raw)
                    raw = raw.replace(old, new)
                self.assertTrue(calendar_checks.complaints(raw.encode()))

    def test_two_of_one_name(self):
        event = GOOD[GOOD.index("BEGIN:VEVENT"):GOOD.index("END:VCALENDAR")]
        self.assertTrue(calendar_checks.complaints(GOOD.replace(event, event * 2).encode()))

    def test_a_fold_inside_a_character(self):
        raw = GOOD.encode().replace("ø".encode(), b"\xc3\r\n \xb8")
        self.assertIn("lint: a fold inside a character", calendar_checks.complaints(raw))


if __name__ == "__main__":
    unittest.main()
