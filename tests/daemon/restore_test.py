"""A database from a backup: it starts on hold, says what may have been sent already, and goes on only
when told to; however it came where it lies."""
import json
import shutil
import signal
import subprocess
import unittest

from harness import PATIENCE, PROGRAM, DaemonTest, message_id

CASE = "pulje-5/plan/gjovik"
MORNING = {"clock": "2021-01-12T10:00", "speed": "0.001"}


class Restored(DaemonTest):
    def fristvakt(self, *arguments, code=0):
        done = subprocess.run([PROGRAM, *map(str, arguments)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE, check=False, text=True)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def outbox(self, daemon, *arguments, code=0):
        return self.fristvakt("outbox", *arguments, "--url", f"http://127.0.0.1:{daemon.pages}",
                              code=code)

    def reconcile(self, daemon):
        return json.loads(self.outbox(daemon, "reconcile", "--json").stdout)

    def backup(self, name="backup.db", state=None):
        file = self.folder / name
        self.fristvakt("db", "backup", "--state", state or self.state, file)
        return file

    def verify(self, state):
        self.fristvakt("db", "verify", "--state", state)

    def life(self, when, config, server, mails):
        """A daemon at a moment that does not pass, when so many mails have arrived in all."""
        daemon = self.serve(config=config, clock=when, speed="0.001").ready()
        daemon.until(lambda: len(server.received()) == mails, f"done at {when}")
        return daemon

    def test_from_the_backup_to_the_release(self):
        server = self.smtp()
        config = self.config("live", server.port)
        lost = self.life("2021-01-08T07:00", config, server, 0)
        backup = self.backup()
        lost.end(signal.SIGKILL)
        # Reminders go out that the backup knows nothing of; then everything is lost.
        self.life("2021-01-11T08:00", config, server, 16).end(signal.SIGKILL)
        self.life("2021-01-20T08:00", config, server, 32).end(signal.SIGKILL)

        state = self.folder / "new"
        said = self.fristvakt("db", "restore", "--state", state, backup).stderr
        self.assertIn("on hold", said)
        daemon = self.serve(state=state, config=config, clock="2021-01-21T13:00",
                            speed="0.001").ready()
        self.assertIn("event=123", daemon.log.text())
        daemon.until(lambda: len(self.reconcile(daemon)["messages"]) == 16, "seeing what is due")
        doubtful = self.reconcile(daemon)
        self.assertTrue(doubtful["on_hold"])
        self.assertEqual(doubtful["restored_at"], "2021-01-21T13:00:00+01:00")
        # The latest step of each, and each of them was sent before.
        self.assertEqual({one["reminders"][0]["step"] for one in doubtful["messages"]}, {"due-3wd"})
        self.assertEqual({one["state"] for one in doubtful["messages"]}, {"held"})
        table = self.outbox(daemon, "reconcile")
        self.assertIn("pulje-5/plan/gjovik due-3wd", table.stdout)
        self.assertIn("16 would go out", table.stderr)
        for path, words in [("/?lang=nb", ["gjenopprettet fra en sikkerhetskopi",
                                           "/utboks#gjenopprettet"]),
                            ("/utboks?lang=nn", ["gjenoppretta frå ein tryggingskopi",
                                                 "Kan vere sendt allereie",
                                                 "pulje-5/plan/gjovik"])]:
            page = daemon.get(path).body.decode()
            for word in words:
                self.assertIn(word, page)
        self.assertEqual(len(server.received()), 32, "something was sent while on hold")

        first, *others = [one["number"] for one in doubtful["messages"]]
        self.outbox(daemon, "release", first, code=1)
        for number in others:
            self.outbox(daemon, "sent", number, "--who", "Ida")
        self.assertEqual([one["number"] for one in self.reconcile(daemon)["messages"]], [first])
        self.outbox(daemon, "sent", others[0], code=1)
        self.outbox(daemon, "release")
        daemon.until(lambda: daemon.books()["sent"] == 16, "sending what was not marked")
        self.assertEqual(len(server.received()), 33)
        self.assertIsNone(self.reconcile(daemon)["restored_at"])
        self.assertIn("nothing was restored", self.outbox(daemon, "reconcile").stderr)
        self.assertEqual(self.assert_balance(daemon)["held"], 0)
        self.assertEqual(daemon.end(), 0)
        # Then it goes on as if nothing had happened.
        daemon = self.serve(state=state, config=config, clock="2021-01-26T08:00",
                            speed="0.001").ready()
        daemon.until(lambda: daemon.books()["sent"] == 32, "reminding again")
        self.assertEqual(len(server.received()), 33 + 16)
        self.assertEqual(daemon.end(), 0)
        self.verify(state)
        mail = [message_id(one) for _, one, _ in server.received()]
        self.assertEqual(len(mail), len(set(mail)))

    def test_a_copy_put_in_place_by_hand(self):
        daemon = self.serve(**MORNING, spool=True).ready()
        backup = self.backup()
        self.assertEqual(daemon.raise_event(CASE, "claimed", "debtor", "a").status, 200)
        daemon.end(signal.SIGKILL)
        log = self.state / "state.db-wal"
        self.assertGreater(log.stat().st_size, 0)
        shutil.copy(backup, self.state / "state.db")  # And the log of the other lies beside it.
        daemon = self.serve(**MORNING, spool=True).ready()
        outbox = daemon.get("/api/v1/outbox").json
        self.assertEqual((outbox["on_hold"], outbox["hold_reason"]), (True, "restored from a backup"))
        self.assertEqual(daemon.get(f"/api/v1/cases/{CASE}").json["state"], "awaited")
        self.assertEqual(daemon.log.text().count("event=123 "), 2)
        self.assertTrue((self.state / "state.db-wal.foreign").exists())
        self.assertEqual(daemon.end(), 0)
        self.verify(self.state)
        # Once is enough; and a start ends no hold.
        daemon = self.serve(**MORNING, spool=True).ready()
        self.assertNotIn("event=123", daemon.log.text())
        self.assertTrue(daemon.get("/api/v1/outbox").json["on_hold"])

    def test_what_stands_in_the_way(self):
        daemon = self.serve(**MORNING, spool=True).ready()
        backup = self.backup()
        self.assertEqual(daemon.raise_event(CASE, "claimed", "debtor", "a").status, 200)
        restore = ["db", "restore", "--state", self.state, backup]
        said = self.fristvakt(*restore, "--replace", code=1).stderr
        self.assertIn(str(daemon.process.pid), said)
        self.assertEqual(daemon.end(), 0)
        said = self.fristvakt(*restore, code=1).stderr
        for word in ["database already", "would be forgotten", "--replace"]:
            self.assertIn(word, said)
        self.fristvakt(*restore, "--replace")
        self.assertTrue((self.state / "replaced.db").exists())
        daemon = self.serve(**MORNING, spool=True).ready()
        self.assertEqual(daemon.get(f"/api/v1/cases/{CASE}").json["state"], "awaited")
        self.assertTrue(daemon.get("/api/v1/outbox").json["on_hold"])
        self.assertEqual(daemon.end(), 0)
        # What is no backup changes nothing.
        (self.folder / "rubbish.db").write_bytes(b"x" * 9000)
        other = self.folder / "other"
        self.fristvakt("db", "restore", "--state", other, self.folder / "rubbish.db", code=1)
        self.fristvakt("db", "restore", "--state", other, self.folder / "none.db", code=4)
        self.assertFalse((other / "state.db").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
