"""The file system turns read-only under the running daemon, as systems do when a disk fails: it says
so, shows what it has, loses nothing, and goes on when it can write again."""
import os
import pathlib
import sys
import unittest

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1] / "daemon")]

from harness import DaemonTest  # noqa: E402

CASE = "pulje-5/plan/gjovik"


class ReadOnly(DaemonTest):
    def serve_on_a_failing_disk(self, **options):
        self.read_only = self.folder / "read-only"
        return self.serve(spool=True, **options, environment={
            "LD_PRELOAD": os.environ["FRISTVAKT_UNSTEADY_DISK"],
            "FRISTVAKT_READ_ONLY": str(self.read_only)})

    def note(self, daemon, key):
        return daemon.raise_event(CASE, "noted", "creditor", key, text=key)

    def noted(self, daemon):
        return [entry["aside"].get("text") for entry in
                daemon.get(f"/api/v1/cases/{CASE}").json["history"] if entry["event"] == "noted"]

    def test_commands(self):
        daemon = self.serve_on_a_failing_disk(clock="2021-01-12T10:00", speed="0.001").ready()
        self.assertEqual(self.note(daemon, "a").status, 200)
        self.read_only.touch()
        self.assertEqual(self.note(daemon, "b").status, 503)
        self.assertTrue(daemon.log.find("event=120 "))
        self.assertEqual(daemon.get("/readyz", daemon.operator).status, 503)
        self.assertEqual(daemon.get("/watch", daemon.operator).status, 503)
        self.assertIn("Lageret svarer ikke", daemon.get("/?lang=nb").body.decode())
        self.assertEqual(self.noted(daemon), ["a"])
        steps = daemon.log.text().count("event=122 ")
        self.assertEqual(self.note(daemon, "b").status, 503)
        self.assertEqual(daemon.log.text().count("event=122 "), steps, "it could write nothing")
        self.read_only.unlink()
        self.assertTrue(daemon.log.find("event=122 "))
        daemon.until(lambda: daemon.get("/readyz", daemon.operator).status == 200, "ready again")
        self.assertEqual(self.note(daemon, "b").status, 200)
        self.assertEqual(self.noted(daemon), ["a", "b"])
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)

    def test_sending(self):
        # Most of an hour before the first reminders; a second of ours is an hour of theirs.
        daemon = self.serve_on_a_failing_disk(clock="2021-01-11T07:10", speed="3600").ready()
        self.read_only.touch()
        self.assertTrue(daemon.log.find("event=120 "))
        self.assertEqual(daemon.books()["sent"], 0)
        self.read_only.unlink()
        self.assertTrue(daemon.log.find("event=122 "))
        daemon.until(lambda: daemon.books()["sent"] == 16, "sending")
        self.assertEqual(len(list((self.state / "spool" / "new").iterdir())), 16)
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
