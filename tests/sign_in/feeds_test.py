"""Calendars to subscribe to: who gives them to whom, what stands in them, and what becomes of them."""
import json
import pathlib
import re
import sys
import unittest
import urllib.parse

from desk import Browser, DeskTest, unescaped

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "calendar"))
import calendar_checks  # noqa: E402

GJOVIK = "fristvakt/sf-innlandet/pulje-5/plan/gjovik"
MEETING = "fristvakt/sf-innlandet/pulje-5/nettverk/2021-var"
RECORD = {"Content-Type": "application/json"}


def path_of(url):
    return urllib.parse.urlsplit(url.strip()).path


class Feeds(DeskTest):
    def feed(self, *arguments):
        return path_of(self.command("feed", "create", *arguments).stdout)

    def entries(self, path, daemon):
        """What a calendar program sees, which knows nothing but the address."""
        answer = Browser(daemon.pages).get(path, Accept="text/calendar")
        self.assertEqual(answer.status, 200, answer.text)
        self.assertEqual(calendar_checks.complaints(answer.body), [])
        return {event["UID"][0][1]: event for event in calendar_checks.events(answer.body)}

    def debtors(self, path, daemon):
        """Whose deadlines stand there; the meetings that they are called to stand there too."""
        uids = self.entries(path, daemon)
        self.assertIn(MEETING, uids)
        return {uid.rsplit("/", 1)[1] for uid in uids if "/plan/" in uid}

    def raise_event(self, browser, case, event):
        answer = browser.request("POST", f"/api/v1/cases/{case}/events", json.dumps(
            {"event": event, "by": "creditor"}), RECORD)
        self.assertEqual(answer.status, 200, answer.text)

    def test_an_organisation_a_person_and_a_cohort_have_each_their_own(self):
        daemon = self.desk()
        gjovik = self.entries(self.feed("--organisation", "gjovik"), daemon)
        self.assertEqual({uid for uid in gjovik if "/plan/" in uid}, {GJOVIK})
        self.assertEqual(gjovik[MEETING]["DTSTART"], [({"TZID": "Europe/Oslo"}, "20210323T090000")])
        self.assertEqual(gjovik[MEETING]["LOCATION"][0][1], "Teams")
        self.assertNotIn("URL", gjovik[MEETING])
        entry = gjovik[GJOVIK]
        self.assertEqual(entry["DTSTART"], [({"VALUE": "DATE"}, "20210125")])
        self.assertEqual(entry["SUMMARY"][0][1], "Frist: Kommunens plan – Gjøvik kommune")
        # Whoever is written to cannot open our pages.
        self.assertNotIn("URL", entry)
        cohort = self.entries(self.feed("--cohort", "pulje-5"), daemon)
        self.assertGreater(len(cohort), 12)
        self.assertIn("/sak/pulje-5/plan/gjovik", cohort[GJOVIK]["URL"][0][1])
        address = re.search(r"^gjovik,[^,]*,([^,]+),", (self.folder_of_config / "contacts.csv")
                            .read_text(encoding="utf-8"), re.M)[1]
        self.assertEqual(self.debtors(self.feed("--person", address.upper()), daemon), {"gjovik"})
        officer = re.search(r"^sf-innlandet,[^,]*,([^,]+),[^,\n]*saksbehandler",
                            (self.folder_of_config / "contacts.csv").read_text(encoding="utf-8"),
                            re.M)[1]
        mine = self.entries(self.feed("--person", officer), daemon)
        self.assertIn(GJOVIK, mine)
        self.assertIn("URL", mine[GJOVIK])

    def test_speaks_the_language_of_the_organisation(self):
        daemon = self.desk()
        skjak = self.feed("--organisation", "skjak")
        summaries = {entry["SUMMARY"][0][1] for entry in self.entries(skjak, daemon).values()}
        self.assertIn("Frist: Planen til kommunen – Skjåk kommune", summaries)
        self.assertIn("Nettverk for ressurspersonar", summaries)
        self.assertIn("X-WR-CALNAME:Fristar: Skjåk kommune", Browser(daemon.pages).get(skjak).text)

    def test_is_fetched_again_only_when_it_changed(self):
        daemon = self.desk()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        path = self.feed("--cohort", "pulje-5")
        program = Browser(daemon.pages)
        first = program.get(path)
        self.assertEqual(first.headers["Content-Type"], "text/calendar; charset=utf-8")
        self.assertEqual(first.headers["Cache-Control"], "private, no-cache")
        tag = first.headers["ETag"]
        for sent in (tag, f'"x", {tag}', "W/" + tag):
            again = program.get(path, **{"If-None-Match": sent})
            self.assertEqual((again.status, again.body), (304, b""))
            self.assertEqual(again.headers["ETag"], tag)
        self.assertEqual(program.request("HEAD", path).headers["ETag"], tag)
        self.raise_event(admin, "pulje-5/plan/gjovik", "received")
        changed = program.get(path, **{"If-None-Match": tag})
        self.assertEqual(changed.status, 200)
        before, after = ({event["UID"][0][1]: event for event in calendar_checks.events(raw)}
                         for raw in (first.body, changed.body))
        self.assertEqual({uid for uid in after if after[uid] != before[uid]}, {GJOVIK})
        self.assertGreater(int(after[GJOVIK]["SEQUENCE"][0][1]), int(before[GJOVIK]["SEQUENCE"][0][1]))
        self.assertEqual(after[GJOVIK]["SUMMARY"][0][1], "Mottatt: Kommunens plan – Gjøvik kommune")

    def test_what_is_over_stays_for_a_while(self):
        daemon = self.desk()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        answer = admin.request("POST", "/api/v1/cases/pulje-5/plan/gjovik/events", json.dumps(
            {"event": "exempted", "by": "creditor", "reason": "prøve"}), RECORD)
        self.assertEqual(answer.status, 200, answer.text)
        path = self.feed("--organisation", "gjovik")
        self.assertEqual(self.entries(path, daemon)[GJOVIK]["STATUS"][0][1], "CANCELLED")
        daemon.end()
        for clock, stays in (("2021-04-10T09:00", True), ("2021-04-20T09:00", False)):
            daemon = self.serve(config=self.folder_of_config, clock=clock, speed="1").ready()
            self.assertEqual(GJOVIK in self.entries(path, daemon), stays, clock)
            daemon.end()

    def test_a_lost_address_is_changed_and_one_not_wanted_is_ended(self):
        daemon = self.desk()
        old = self.feed("--organisation", "gjovik")
        self.entries(old, daemon)
        self.assertEqual(self.access("SELECT used_at IS NOT NULL FROM feeds"), [(1,)])
        new = path_of(self.command("feed", "renew", "1").stdout)
        stranger = Browser(daemon.pages)
        gone = stranger.get(old, Accept="text/calendar")
        self.assertEqual(gone.status, 404)
        self.assertNotIn(old[3:-4], gone.text)
        self.entries(new, daemon)
        for wrong in (new[:-4], new + "x", "/k/.ics", "/k/" + "x" * 43 + ".ics", new.upper(),
                      "/k/..%2F.ics"):
            self.assertEqual(stranger.get(wrong).status, 404, wrong)
        self.assertIn(stranger.request("POST", new, "").status, (405, 415))
        ended = json.loads(self.command("feed", "end", "1", "--json").stdout)
        self.assertEqual(ended, {"number": 1, "state": "ended"})
        self.assertEqual(stranger.get(new).status, 404)
        self.assertEqual(self.command("feed", "list", "--json").stdout, "")
        self.assertIn("no feed 1", self.command("feed", "end", "1", code=4).stderr)
        self.assertIn("no feed 1", self.command("feed", "renew", "1", code=4).stderr)

    def test_no_secret_is_on_the_disk_or_in_the_log(self):
        daemon = self.desk()
        officer = self.signed_in("sak@sf-innlandet.example", daemon)
        made = self.made(officer, {"gjelder": "c:pulje-5"})
        daemon.get("/metrics", daemon.operator)
        self.entries(made, daemon)
        secret = made[3:-4].encode()
        self.assertEqual(len(secret), 43)
        for file in self.state.rglob("*"):
            if file.is_file():
                self.assertNotIn(secret, file.read_bytes(), file)
        self.assertNotIn(secret.decode(), daemon.log.text())
        self.assertRegex(daemon.log.text(), r"event=252 .*number=1")
        self.assertNotIn("sak@", daemon.log.text())

    def made(self, browser, fields):
        browser.get("/kalendere")
        answer = browser.post("/kalendere", fields)
        self.assertEqual(answer.status, 200, answer.text)
        url = re.search(r'class="fv-secret">([^<]+)<', answer.text)[1]
        self.assertIn(f'href="webcal:{url.split(":", 1)[1]}"', answer.text)
        return path_of(unescaped(url))

    def test_on_the_page(self):
        daemon = self.desk()
        officer = self.signed_in("sak@sf-innlandet.example", daemon)
        self.assertIn('href="/kalendere"', officer.get("/frister").text)
        self.assertIn("Ingen kalendere", officer.get("/kalendere").text)
        self.assertIn("Ingen kalendrar", officer.get("/kalendere?lang=nn").text)
        first = self.made(officer, {"gjelder": "o:gjovik"})
        self.assertEqual(self.debtors(first, daemon), {"gjovik"})
        # Shown once.
        self.assertNotIn(first[3:-4], officer.get("/kalendere").text)
        self.assertIn("sak@sf-innlandet.example", officer.last.text)
        answer = officer.post("/kalendere/bytt", {"nummer": "1"})
        second = path_of(unescaped(re.search(r'class="fv-secret">([^<]+)<', answer.text)[1]))
        self.assertEqual(Browser(daemon.pages).get(first).status, 404)
        self.entries(second, daemon)
        answer = officer.post("/kalendere/avslutt", {"nummer": "1"})
        self.assertEqual((answer.status, answer.location), (303, "/kalendere"))
        self.assertEqual(Browser(daemon.pages).get(second).status, 404)
        officer.get("/kalendere")
        for path, fields, status in (("", {"gjelder": "o:gjøvik"}, 422),
                                     ("", {"gjelder": "x"}, 422), ("", {}, 422),
                                     ("", {"adresse": "ingen@hamar.example"}, 422),
                                     ("/bytt", {"nummer": "1"}, 404),
                                     ("/avslutt", {"nummer": "x"}, 404)):
            officer.get("/kalendere")
            self.assertEqual(officer.post("/kalendere" + path, fields).status, status, fields)
        self.assertEqual(self.access("SELECT count(*) FROM feeds"), [(0,)])

    def test_nobody_gives_away_what_is_not_theirs(self):
        daemon = self.desk()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        for fields in ({"gjelder": "o:hamar"}, {"gjelder": "c:pulje-5"}, {"gjelder": "o:gjovik"}):
            self.made(admin, fields)
        regional = self.signed_in("gjovik-sak@sf-innlandet.example", daemon)
        page = regional.get("/kalendere").text
        self.assertIn("Gjøvik", page)
        self.assertNotIn("Hamar", page)
        self.assertNotIn('value="c:', page)
        hamar = re.search(r"^hamar,[^,]*,([^,]+),", (self.folder_of_config / "contacts.csv")
                          .read_text(encoding="utf-8"), re.M)[1]
        for path, fields in (("", {"gjelder": "o:hamar"}), ("", {"gjelder": "c:pulje-5"}),
                             ("", {"gjelder": "o:sf-innlandet"}), ("", {"adresse": hamar}),
                             ("/bytt", {"nummer": "1"}), ("/avslutt", {"nummer": "1"}),
                             ("/avslutt", {"nummer": "2"})):
            regional.get("/kalendere")
            self.assertEqual(regional.post("/kalendere" + path, fields).status, 404, fields)
        self.assertEqual(self.access("SELECT count(*) FROM feeds"), [(3,)])
        self.made(regional, {"gjelder": "p:gjovik-sak@sf-innlandet.example"})
        reader = self.signed_in("leser@sf-innlandet.example", daemon)
        self.assertEqual(reader.get("/kalendere").status, 403)
        self.assertNotIn("/kalendere", reader.get("/frister").text)

    def test_the_command_says_what_is_wrong(self):
        self.desk()
        self.assertIn("did you mean `gjovik`?",
                      self.command("feed", "create", "--organisation", "gjovikk", code=2).stderr)
        self.assertIn("no cohort", self.command("feed", "create", "--cohort", "x", code=2).stderr)
        self.assertIn("no contact or user",
                      self.command("feed", "create", "--person", "x@y.example", code=2).stderr)
        self.assertIn("--person, --organisation or --cohort",
                      self.command("feed", "create", code=2).stderr)
        self.command("feed", "create", "--cohort", "pulje-5", "--organisation", "gjovik", code=2)

    def test_of_an_erased_person_nothing_is_left(self):
        daemon = self.desk()
        address = "to@sf-innlandet.example"  # Signs in, and is written to by nobody.
        self.signed_in(address, daemon)
        path = self.feed("--person", address)
        self.entries(path, daemon)
        daemon.end()
        report = json.loads(self.command("db", "erase", address.upper(), "--json").stdout)
        self.assertGreaterEqual(report["access"], 3)
        self.assertNotIn(address.encode(), (self.state / "access.db").read_bytes())
        self.assertEqual(self.access("SELECT count(*) FROM feeds"), [(0,)])
        self.command("db", "erase", address, code=4)

    def test_works_where_nobody_signs_in(self):
        daemon = self.desk(more="", users="")
        here = Browser(daemon.pages)
        path = self.made(here, {"gjelder": "o:gjovik"})
        self.assertEqual(self.debtors(path, daemon), {"gjovik"})


if __name__ == "__main__":
    unittest.main()
