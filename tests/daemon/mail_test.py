"""What a mail server may answer, and the modes that keep mail from people."""
import unittest

from harness import EVENTS, DaemonTest, message_id

KARI = "kari.lunde@gjovik.kommune.example"
POST = "post@gjovik.kommune.example"
# Behind the first reminders, before the next ones.
AFTER_FIRST = "2021-01-12T00:00:00Z"


class Refusals(DaemonTest):
    def run_with(self, plan, until=AFTER_FIRST, events=None):
        server = self.smtp(plan)
        config = self.config("live", server.port)
        daemon = self.serve(config=config, events=events).ready().run_until(until)
        self.assert_balance(daemon)
        return server, daemon

    def to(self, daemon, address, state):
        return [one for one in daemon.messages()
                if one["to"]["address"] == address and one["state"] == state]

    def test_no_such_user(self):
        server, daemon = self.run_with(
            [{"at": "RCPT", "to": KARI, "reply": "550 5.1.1 no such user"}], "2021-03-06T00:00:00Z")
        failed = self.to(daemon, KARI, "failed")
        self.assertEqual(len(failed), 1, "a dead address is tried once")
        self.assertIn("550", failed[0]["reply"])
        self.assertEqual(failed[0]["reminders"][0]["case"], "pulje-5/plan/gjovik")
        # Nobody else holds the role: the postmottak gets what she would have got.
        self.assertEqual([step["step"] for one in self.to(daemon, POST, "sent")
                          for step in one["reminders"]], ["due-14d", "due-3wd", "due+1wd", "due+6wd"])
        got = [recipients for recipients, _, _ in server.received()]
        self.assertFalse(any(KARI in recipients for recipients in got))
        self.assertEqual(sum(POST in recipients for recipients in got), 4)

    def test_next_holder(self):
        server = self.smtp([{"at": "RCPT", "to": KARI, "reply": "550 5.1.1 no such user"}])
        config = self.config("live", server.port)
        with open(config / "contacts.csv", "a", encoding="utf-8") as contacts:
            contacts.write("gjovik,Turid Moe,turid.moe@gjovik.kommune.example,ressursperson,,,,\n")
        daemon = self.serve(config=config).ready().run_until(AFTER_FIRST)
        self.assertEqual(len(self.to(daemon, KARI, "failed")), 1)
        self.assertEqual(len(self.to(daemon, "turid.moe@gjovik.kommune.example", "sent")), 1)
        self.assertEqual(self.to(daemon, POST, "sent"), [])
        self.assert_balance(daemon)

    def test_try_again_later(self):
        for number, at in enumerate(["MAIL", "RCPT", "DATA", "END"]):
            with self.subTest(at):
                server = self.smtp([{"at": at, "times": 1, "reply": "451 4.3.0 try again later"}])
                server.folder = self.folder / "mail"
                config = self.config("live", server.port, name=f"config-{number}")
                daemon = self.serve(config=config, state=self.folder / f"state-{number}")
                daemon.ready().run_until(AFTER_FIRST)
                messages = daemon.messages()
                self.assertEqual({one["state"] for one in messages}, {"sent"})
                self.assertEqual(sorted(one["attempts"] for one in messages), [1] * 15 + [2])
                self.assertEqual(len(server.received()), 16)
                self.assertEqual(daemon.end(), 0)
                server.close()
                for file in server.folder.iterdir():
                    file.unlink()

    def test_dropped_behind_the_message(self):
        server, daemon = self.run_with([{"at": "END", "times": 1, "drop": "before"}])
        self.assertEqual(daemon.end(), 0)
        self.assertIn(" uncertain: ", daemon.out.text())
        received = server.received()
        self.assertEqual(len(received), 17)
        by_id = {}
        for _, mail, data in received:
            by_id.setdefault(message_id(mail), []).append(data)
        twice = [datas for datas in by_id.values() if len(datas) > 1]
        self.assertEqual(len(twice), 1)
        self.assertEqual(twice[0][0], twice[0][1])

    def test_dropped_before_the_message(self):
        server, daemon = self.run_with([{"at": "DATA", "times": 1, "drop": "before"}])
        self.assertEqual(daemon.end(), 0)
        self.assertEqual(len(server.received()), 16)
        self.assertEqual(len({message_id(mail) for _, mail, _ in server.received()}), 16)

    def test_nobody_answers(self):
        config = self.config("live", self.dead_port())
        daemon = self.serve(config=config).ready()
        daemon.until(lambda: any(one["attempts"] >= 2 for one in daemon.messages()),
                     "trying once more")
        books = self.assert_balance(daemon)
        self.assertEqual(books["sent"], 0)
        self.assertEqual(books["waiting"], books["planned"])
        self.assertEqual(daemon.get("/readyz", daemon.operator).status, 200)
        self.assertEqual(daemon.end(), 0, "stops though nothing could be sent")


class Modes(DaemonTest):
    def test_redirect(self):
        server = self.smtp()
        config = self.config("redirect", server.port, "redirect_to: test@sf-innlandet.example")
        daemon = self.serve(config=config, events=EVENTS).ready().run_until()
        books = self.assert_balance(daemon)
        self.assertEqual(books["planned"], books["sent"])
        received = server.received()
        self.assertEqual(len(received), len(daemon.messages()))
        for recipients, mail, _ in received:
            self.assertEqual(recipients, ["test@sf-innlandet.example"])
            self.assertIsNone(mail["Cc"])
        subjects = [str(mail["Subject"]) for _, mail, _ in received]
        self.assertTrue(all("@" in subject for subject in subjects), subjects[:2])
        self.assertEqual(sum(KARI in subject for subject in subjects), 4)

    def test_allowlist(self):
        server = self.smtp()
        config = self.config("allowlist", server.port, "allowlist: [gjovik.kommune.example]")
        daemon = self.serve(config=config).ready().run_until()
        books = self.assert_balance(daemon)
        received = server.received()
        for recipients, _, _ in received:
            self.assertTrue(all(one.endswith("@gjovik.kommune.example") for one in recipients))
        self.assertEqual(books["sent"], len(received))
        self.assertEqual(books["suppressed"], books["planned"] - books["sent"])
        self.assertGreater(books["suppressed"], 50)


if __name__ == "__main__":
    unittest.main(verbosity=2)
