"""Programmes changed on the pages: shown, confirmed, in use at once, the same after a restart, the same
as one folder, and a conflict with the folder that nobody wins by himself."""
import html
import http.client
import json
import re
import subprocess
import unittest
import urllib.parse

from harness import PATIENCE, PROGRAM, Answer, DaemonTest, edit

COHORT = "/ordninger/pulje/pulje-5"
CASE = "pulje-5/plan/"
FILE = "programmes/ibs-pulje-5-innlandet.yaml"


def run(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, encoding="utf-8", timeout=PATIENCE,
                          check=False)


class Programmes(DaemonTest):
    def setUp(self):
        super().setUp()
        self.folder_of_operator = self.config()

    def start(self):
        """On a clock that hardly moves: what happens is what the test does."""
        return self.serve(config=self.folder_of_operator, clock="2021-01-20T09:00", speed="1",
                          spool=True).ready()

    def page(self, daemon, path):
        answer = daemon.request("GET", path, headers={"Accept": "text/html"})
        return answer.status, answer.body.decode()

    def post(self, daemon, path, fields):
        connection = http.client.HTTPConnection("127.0.0.1", daemon.pages, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("POST", path, urllib.parse.urlencode(fields),
                           {"Content-Type": "application/x-www-form-urlencoded",
                            "Accept": "text/html",
                            "Origin": f"http://127.0.0.1:{daemon.pages}"})
        answer = Answer(connection.getresponse())
        return answer.status, answer.body.decode()

    def hidden(self, body):
        """The hidden fields of the last form."""
        last = body[body.rindex('<form class="fv-action"'):]
        return [(html.unescape(name), html.unescape(value)) for name, value in
                re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', last)]

    def token(self, daemon):
        return [field for field in self.hidden(self.page(daemon, COHORT + "/frist/plan")[1])
                if field[0] == "form_token"]

    def confirm(self, daemon, path, fields):
        """What would come is shown; then it is done."""
        status, seen = self.post(daemon, path, self.token(daemon) + fields)
        self.assertEqual(status, 200, seen)
        status, done = self.post(daemon, path, self.hidden(seen))
        self.assertEqual(status, 303, done)
        return seen

    def case(self, daemon, name):
        return daemon.get(f"/api/v1/cases/{CASE}{name}").json

    def test_changed_restarted_exported(self):
        daemon = self.start()
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-01-25")
        seen = self.confirm(daemon, COHORT + "/frist/plan", [("due", "2021-02-15")])
        self.assertIn("Kommer til", seen)
        self.confirm(daemon, COHORT + "/deltaker/avslutt", [("organisasjon", "hamar")])
        self.confirm(daemon, "/kontakter/import", [
            ("tabell", "Organisasjon;Navn;E-post;Roller\nLom kommune;Ny Å;ny@lom.example;rektor\n")])
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-02-15")
        self.assertEqual(self.case(daemon, "hamar")["state"], "withdrawn")
        self.assertEqual(daemon.end(), 0)

        again = self.start()
        self.assertEqual(self.case(again, "sel")["due"]["date"], "2021-02-15")
        self.assertEqual(self.case(again, "hamar")["state"], "withdrawn")
        self.assertIn("ny@lom.example", self.page(again, "/kontakter")[1])
        self.assertEqual(len(re.findall("event=110 ", again.log.text())), 0,
                         "the same configuration: nothing new was taken into use")
        self.assertEqual(again.end(), 0)

        layered, stored = self.folder / "layered", self.folder / "stored"
        done = run("export", "--config", self.folder_of_operator, "--state", self.state, "--to",
                   layered)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = run("export", "--state", self.state, "--to", stored)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("due: 2021-02-15", (layered / FILE).read_text())
        for folder in (layered, stored):
            with self.subTest(folder.name):
                done = run("check", folder)
                self.assertEqual(done.returncode, 0, done.stdout)
                done = run("diff", folder, layered, "--from", "2021-01-01", "--to", "2021-12-31",
                           "--exit-code")
                self.assertEqual(done.returncode, 0, done.stdout)
        # In the place of the operator's folder it is the same configuration: no message changes.
        self.folder_of_operator = layered
        third = self.start()
        self.assertEqual(len(re.findall("event=110 ", third.log.text())), 0, third.log.text())
        self.assertEqual(third.end(), 0)

    def test_check_diff_and_simulate_see_the_layer(self):
        daemon = self.start()
        self.confirm(daemon, COHORT + "/frist/plan", [("due", "2021-02-15")])
        self.assertEqual(daemon.end(), 0)
        done = run("check", self.folder_of_operator, "--state", self.state)
        self.assertEqual(done.returncode, 0, done.stdout)
        done = run("simulate", self.folder_of_operator, "--state", self.state, "--from",
                   "2021-01-01", "--to", "2021-03-05", "--json")
        self.assertIn('"at":"2021-02-10T08:00:00+01:00"', done.stdout)
        done = run("diff", self.folder_of_operator, self.folder_of_operator, "--state", self.state,
                   "--to", "2021-12-31", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout.splitlines()[-1])["added"], 0)
        (self.state / "config" / "programmes" / "pulje-5.yaml").write_text("cohort: pulje-5\n")
        done = run("check", self.folder_of_operator, "--state", self.state)
        self.assertEqual(done.returncode, 1)
        self.assertIn("state/config/programmes/pulje-5.yaml:1:1: error:", done.stdout)

    def test_a_conflict_is_nobodys_until_it_is_settled(self):
        daemon = self.start()
        self.confirm(daemon, COHORT + "/frist/plan", [("due", "2021-02-15")])
        edit(self.folder_of_operator / FILE, "due: 2021-01-25", "due: 2021-02-01")
        daemon.process.send_signal(1)
        self.assertIn("pulje-5.yaml:1:1: error: the cohort pulje-5 was changed here and in",
                      daemon.log.find("event=111 .*")[0])
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-02-15")
        done = run("check", self.folder_of_operator, "--state", self.state)
        self.assertEqual(done.returncode, 1)
        self.assertIn("/config/programmes/pulje-5.yaml:1:1: error: the cohort pulje-5 was changed",
                      done.stdout)
        self.assertEqual(daemon.end(), 0)
        # A restart does not choose either: the pages must come up to choose on.
        daemon = self.start()
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-02-15")
        status, shown = self.page(daemon, "/ordninger/konflikter")
        self.assertEqual(status, 200)
        self.assertIn("<mark>    due: 2021-02-01</mark>", shown)
        self.confirm(daemon, "/ordninger/konflikter",
                     [("slag", "pulje"), ("id", "pulje-5"), ("velg", "mappe")])
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-02-01")
        self.assertEqual(daemon.end(), 0)
        done = run("check", self.folder_of_operator, "--state", self.state)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_a_form_from_elsewhere_changes_nothing(self):
        daemon = self.start()
        status, _ = self.post(daemon, COHORT + "/frist/plan", [("due", "2021-02-15"), ("vist", "1")])
        self.assertEqual(status, 403)
        self.assertEqual(self.case(daemon, "sel")["due"]["date"], "2021-01-25")
        self.assertFalse((self.state / "config").exists())
        self.assertEqual(daemon.end(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
