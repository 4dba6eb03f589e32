"""The day's statement, and what an outside watcher sees."""
import contextlib
import sqlite3
import subprocess
import unittest

from harness import PATIENCE, PROGRAM, SOURCE, DaemonTest

MORNING = {"clock": "2021-01-11T08:00", "speed": "0.001"}


class Books(DaemonTest):
    def watch(self, daemon):
        return daemon.get("/watch", daemon.operator)

    def test_the_statement(self):
        daemon = self.serve(config=SOURCE / "config-real-time", clock=None, spool=True).ready()
        self.assertTrue(daemon.log.find("event=300 "))
        line = next(one for one in daemon.log.lines if "event=300 " in one)
        self.assertIn("books=in_balance", line)
        self.assertRegex(line, r"head=\d+:[0-9a-f]{64}")
        daemon.until(lambda: daemon.get("/api/v1/books").json["statement"], "counted")
        statement = daemon.get("/api/v1/books").json["statement"]
        self.assertTrue(statement["ok"])
        self.assertEqual(self.watch(daemon).status, 200)
        self.assertEqual(daemon.metric("fristvakt_books_recounted_ok"), 1)
        self.assertIn("Regnskap", daemon.get("/utboks?lang=nb").body.decode())
        self.assertEqual(daemon.end(), 0)
        done = subprocess.run([PROGRAM, "db", "verify", "--state", str(self.state), "--head",
                               statement["head"]], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=PATIENCE, check=False)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_counted_anew_each_day(self):
        daemon = self.serve(clock="2021-01-11T07:00", speed="86400", spool=True).ready()
        name = "fristvakt_books_recounted_timestamp_seconds"
        daemon.until(lambda: f"\n{name} " in daemon.get("/metrics", daemon.operator).body.decode(),
                     "counted")
        first = daemon.metric(name)
        daemon.until(lambda: daemon.metric(name) >= first + 86400, "counted on another day")

    def test_books_that_are_off(self):
        daemon = self.serve(**MORNING, spool=True).ready()
        daemon.until(lambda: daemon.books()["sent"] == 16, "done with the first reminders")
        self.assertEqual(daemon.end(), 0)
        # One reminder gone, and nothing else: no page of the file is damaged.
        with contextlib.closing(sqlite3.connect(self.state / "state.db")) as database:
            database.execute("DELETE FROM reminders WHERE case_id = 'pulje-5/plan/gjovik'")
            database.commit()
        daemon = self.serve(**MORNING, spool=True).ready()
        self.assertTrue(daemon.log.find("event=301 "))
        red = self.watch(daemon)
        self.assertEqual(red.status, 503)
        self.assertIn("books are off", red.json["detail"])
        self.assertIn("db verify", red.json["detail"])
        self.assertIn("Regnskapet stemmer ikke", daemon.get("/?lang=nb").body.decode())
        self.assertFalse(daemon.get("/api/v1/books").json["statement"]["ok"])

    def test_an_engine_that_is_kept_from_its_work(self):
        daemon = self.serve(**MORNING, spool=True).ready()
        daemon.until(lambda: self.watch(daemon).status == 200, "well")
        with contextlib.closing(sqlite3.connect(self.state / "state.db")) as database:
            database.execute("BEGIN IMMEDIATE")
            # Waits as long as it does for the engine, and is told to ask again.
            self.assertEqual(daemon.raise_event("pulje-5/plan/gjovik", "noted", "creditor", "a",
                                                text="a").status, 503)
            self.assertTrue(daemon.log.find("event=120 "))
            red = self.watch(daemon)
            self.assertEqual(red.status, 503)
            self.assertIn("store does not answer", red.json["detail"])
            database.rollback()
        daemon.until(lambda: self.watch(daemon).status == 200, "well again by itself")
        self.assertEqual(daemon.raise_event("pulje-5/plan/gjovik", "noted", "creditor", "a",
                                            text="a").status, 200)


if __name__ == "__main__":
    unittest.main(verbosity=2)
