"""Cards to a channel in Teams: posted once, tried again, held when nobody knows, and never in a demo."""
import json
import os
import subprocess
import sys
import unittest

from harness import EVENTS, PATIENCE, PROGRAM, SOURCE, DaemonTest, Lines, edit

# The week before the deadline is the first with something to say.
AFTER_FIRST = "2021-01-18T12:00:00Z"
AFTER_THIRD = "2021-01-25T12:00:00Z"
UNTIL = "2021-02-10T00:00:00Z"
TEAMS = """
teams:
  saksbehandlere: {url: {env: TEAMS_URL}, digest: {day: daily, at: "08:30"}}
"""


class Workflow:
    """tests/servers/webhook_server.py."""

    def __init__(self, plan):
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(SOURCE / "tests/servers/webhook_server.py"),
             json.dumps(plan)], stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline())}/invoke?sig=hemmelig"
        self.lines = Lines(self.process.stdout)

    def cards(self):
        return [json.loads(json.loads(line)["body"])["attachments"][0]["content"]
                for line in list(self.lines.lines)]

    def titles(self):
        return [card["fallbackText"] for card in self.cards()]

    def close(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.lines.end()


class Teams(DaemonTest):
    def workflow(self, plan=()):
        workflow = Workflow(list(plan))
        self.addCleanup(workflow.close)
        return workflow

    def with_teams(self, sending="live", more=""):
        config = self.config(sending, self.smtp().port, more)
        with open(config / "fristvakt.yaml", "a", encoding="utf-8") as file:
            file.write(TEAMS)
        return config

    def run_with(self, workflow, until=UNTIL, **options):
        daemon = self.serve(config=self.with_teams(**options), events=EVENTS,
                            environment={"TEAMS_URL": workflow.url}).ready()
        return daemon.run_until(until)

    def to_teams(self, daemon, state=None):
        return [one for one in daemon.messages()
                if one["channel"] == "teams" and state in (None, one["state"])]

    def test_each_card_once(self):
        workflow = self.workflow()
        daemon = self.run_with(workflow)
        titles = workflow.titles()  # Time goes on meanwhile.
        sent = self.to_teams(daemon, "sent")
        self.assertGreater(len(titles), 10)
        self.assertEqual(len(set(titles)), len(titles))
        self.assertLessEqual(set(titles), {one["subject"] for one in sent})
        self.assertTrue(any("Meldt sendt" in title for title in workflow.titles()))
        self.assertIn(("teams:saksbehandlere"), {one["to"]["address"] for one in sent})
        self.assert_balance(daemon)
        for card in workflow.cards():
            self.assertNotIn("@", json.dumps(card))
        self.assertEqual(daemon.get("/watch", daemon.operator).status, 200)
        page = daemon.get("/drift").body.decode()
        self.assertIn("siste kort tatt imot", page)
        self.assertNotIn("hemmelig", daemon.log.text() + page)

    def test_a_refusal_is_seen_everywhere(self):
        workflow = self.workflow([{"status": 404}] * 200)
        daemon = self.run_with(workflow, AFTER_FIRST)
        failed = self.to_teams(daemon, "failed")
        self.assertGreater(len(failed), 0)
        self.assertIn("turned off", failed[0]["reply"])
        self.assertEqual({one["attempts"] for one in failed}, {1}, "refused for good: tried once")
        watch = daemon.get("/watch", daemon.operator)
        self.assertEqual(watch.status, 503)
        self.assertIn("Teams channel saksbehandlere", watch.json["detail"])
        self.assertEqual(
            daemon.metric('fristvakt_teams_channel_ok{channel="saksbehandlere"}'), 0)
        page = daemon.get("/drift").body.decode()
        self.assertIn("siste kort kom ikke fram", page)
        self.assertRegex(daemon.log.text() + daemon.out.text(), "turned off|failed")
        for text in (watch.body.decode(), page, daemon.log.text(), daemon.out.text()):
            self.assertNotIn("hemmelig", text)

    def test_busy_is_tried_again_and_lost_is_held(self):
        workflow = self.workflow([{"status": 429, "headers": {"Retry-After": "1"}}, {}, {"close": True}])
        daemon = self.run_with(workflow, AFTER_THIRD)
        self.assertEqual(len(self.to_teams(daemon, "held")), 1)
        self.assertGreaterEqual(max(one["attempts"] for one in self.to_teams(daemon, "sent")), 2)
        titles = workflow.titles()
        self.assertEqual(titles[0], titles[1])
        self.assertEqual(titles.count(self.to_teams(daemon, "held")[0]["subject"]), 1)

    def with_canary(self, workflow):
        config = self.with_teams()
        edit(config / "fristvakt.yaml", 'digest: {day: daily, at: "08:30"}',
             'digest: off, events: [], canary: {day: tue, at: "09:00"}')
        return self.serve(config=config, events=EVENTS,
                          environment={"TEAMS_URL": workflow.url}).ready()

    def test_a_canary_that_nobody_confirms_is_told_by_mail(self):
        workflow = self.workflow()
        daemon = self.with_canary(workflow).run_until(AFTER_THIRD)
        told = [mail for _, mail, _ in self.smtp_server.received()
                if "Teams-kanalen saksbehandlere" in str(mail["Subject"])]
        self.assertGreater(len(told), 1)
        # Time goes on meanwhile: the last cards, and what is said of them, may be under way.
        self.assertIn(len(workflow.cards()) - len(told), (0, 1, 2), "one for each card")
        self.assertEqual(told[0]["To"], "post@sf-innlandet.example")
        self.assertEqual(daemon.metric(
            'fristvakt_teams_channel_silent{channel="saksbehandlere"}'), 1)
        self.assertIn("nobody has confirmed", daemon.get("/watch", daemon.operator).json["detail"])
        link = workflow.cards()[-1]["actions"][0]["url"]
        page = daemon.get("/t/" + link.split("/t/")[1])
        self.assertEqual(page.status, 200)
        self.assertIn("Ja, vi ser det", page.body.decode())
        self.assert_balance(daemon)

    def test_spool_and_redirect_touch_no_network(self):
        workflow = self.workflow()
        config = self.with_teams("spool")
        environment = {"TEAMS_URL": workflow.url}
        daemon = self.serve(config=config, environment=environment).ready().run_until(AFTER_FIRST)
        # One that begins with a dot is being written.
        files = sorted((self.state / "spool" / "teams").glob("[!.]*"))
        self.assertGreater(len(files), 0)
        self.assertEqual(json.loads(files[0].read_text())["type"], "message")
        self.assertEqual(daemon.end(), 0)
        edit(config / "fristvakt.yaml", "sending: spool",
             "sending: redirect\nredirect_to: prove@sf-innlandet.example")
        daemon = self.serve(config=config, environment=environment,
                            state=self.folder / "other").ready().run_until(AFTER_FIRST)
        got = [mail for _, mail, _ in self.smtp_server.received()
               if "teams:saksbehandlere" in str(mail["Subject"])]
        self.assertGreater(len(got), 0)
        self.assertEqual(workflow.cards(), [])

    def smtp(self, *arguments, **options):
        self.smtp_server = super().smtp(*arguments, **options)
        return self.smtp_server

    def test_a_demo_posts_to_this_machine_alone(self):
        code, said = self.refused(config=self.with_teams(),
                                  environment={"TEAMS_URL": "https://flow.example/hemmelig"})
        self.assertNotEqual(code, 0)
        self.assertIn("demo clock", said)
        self.assertNotIn("hemmelig", said)

    def fristvakt(self, *arguments, **environment):
        return subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True,
                              timeout=PATIENCE, check=False, env={**os.environ, **environment})

    def test_the_canary_and_what_check_says(self):
        workflow = self.workflow()
        config = self.with_teams()
        done = self.fristvakt("teams", "test", config, TEAMS_URL=workflow.url)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("took the card", done.stdout)
        self.assertTrue(workflow.lines.find("fallbackText"))
        self.assertEqual(workflow.titles(), ["Prøvekort fra fristvakt"])
        done = self.fristvakt("teams", "test", config,
                              TEAMS_URL=f"http://127.0.0.1:{self.dead_port()}/hemmelig")
        self.assertEqual(done.returncode, 6, done)
        done = self.fristvakt("teams", "test", config, "--channel", "saksbehandler",
                              TEAMS_URL=workflow.url)
        self.assertEqual(done.returncode, 4)
        self.assertIn("did you mean saksbehandlere?", done.stderr)
        retired = "https://innlandet.webhook.office.com/webhookb2/hemmelig"
        done = self.fristvakt("check", config, TEAMS_URL=retired)
        self.assertEqual(done.returncode, 1, done)
        self.assertRegex(done.stdout, r"fristvakt.yaml:\d+:\d+: error: .*retired")
        self.assertNotIn("hemmelig", done.stdout + done.stderr)
        done = self.fristvakt("teams", "test", config, TEAMS_URL=retired)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("retired", done.stderr)
        edit(config / "fristvakt.yaml", "sending: live", "sending: spool")
        done = self.fristvakt("teams", "test", config, TEAMS_URL=retired)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(json.loads(done.stdout)["type"], "message")
        self.assertIn("nothing was posted", done.stderr)


if __name__ == "__main__":
    unittest.main()
