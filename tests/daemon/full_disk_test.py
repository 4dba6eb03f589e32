"""No room for the state: the daemon says so, shows what it has, and goes on when there is room again."""
import collections
import os
import signal
import subprocess
import unittest

from harness import DaemonTest, message_id, read_spool

CASE = "pulje-5/plan/gjovik"


class FullDisk(DaemonTest):
    def setUp(self):
        super().setUp()
        self.state = self.folder / "disk" / "state"
        self.state.parent.mkdir()
        if os.geteuid() != 0:
            self.skipTest("only root may mount a small file system to be filled")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs",
                                  self.state.parent], stderr=subprocess.PIPE, check=False)
        if mounted.returncode != 0:
            self.skipTest("no small file system could be mounted: " + mounted.stderr.decode())
        self.addCleanup(subprocess.run, ["umount", "-l", self.state.parent], check=False)
        self.filler = self.state.parent / "filler"

    def fill(self):
        """Leaves not even the last half block of any file open to be written further."""
        with open(self.filler, "ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    pass

    def is_ready(self, daemon):
        return daemon.get("/readyz", daemon.operator).status == 200

    def test_commands_wait_for_room(self):
        daemon = self.serve(clock="2021-01-12T10:00", speed="0.001", spool=True).ready()
        self.assertEqual(daemon.raise_event(CASE, "noted", "creditor", "a", text="a").status, 200)
        self.fill()
        refused = []
        for number in range(2000):  # What stands open in the log of the database is used up first.
            answer = daemon.raise_event(CASE, "noted", "creditor", f"b{number}", text="b" * 2000)
            if answer.status != 200:
                refused.append(answer)
                break
        self.assertEqual(refused[0].status, 503, refused[0].body)
        self.assertFalse(self.is_ready(daemon))
        self.assertEqual(daemon.metric("fristvakt_store_ok"), 0)
        red = daemon.get("/watch", daemon.operator)
        self.assertEqual(red.status, 503)
        self.assertIn("store does not answer", red.json["detail"])
        self.assertIn("Lageret svarer ikke", daemon.get("/?lang=nb").body.decode())
        self.assertEqual(daemon.get(f"/api/v1/cases/{CASE}").status, 200)
        for _ in range(3):
            self.assertEqual(daemon.raise_event(CASE, "noted", "creditor", f"b{number}",
                                                text="b" * 2000).status, 503)
        self.filler.unlink()
        daemon.until(lambda: self.is_ready(daemon), "ready again by itself")
        answer = daemon.raise_event(CASE, "noted", "creditor", f"b{number}", text="b" * 2000)
        self.assertEqual(answer.status, 200)
        self.assertFalse(answer.json["repeated"])
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)
        self.assertEqual(daemon.log.text().count("event=120 "), 1, "said once")
        self.assertEqual(daemon.log.text().count("event=122 "), 1, "said once")

    def test_sending_goes_on_when_there_is_room(self):
        # Most of an hour before the first reminders; a second of ours is an hour of theirs.
        daemon = self.serve(clock="2021-01-11T07:10", speed="3600", spool=True)
        daemon.ready()
        self.fill()
        self.assertTrue(daemon.log.find("event=120 "))
        self.assertEqual(daemon.get("/").status, 200)
        self.assertEqual(read_spool(self.state / "spool"), [])
        self.filler.unlink()
        self.assertTrue(daemon.log.find("event=122 "))
        daemon.run_until("2021-01-11T09:00:00Z")
        self.assertEqual(len(read_spool(self.state / "spool")), 16)
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)

    def hand_over_into_a_full_disk(self):
        """Four messages are accepted, and then there is no room to write that down."""
        server = self.smtp([{"at": "END", "delay": 5}])
        config = self.config("live", server.port)
        daemon = self.serve(config=config, clock="2021-01-11T08:00", speed="0.001").ready()
        server.ask(wait=4)
        self.fill()
        self.assertTrue(daemon.log.find("event=120 "))
        server.ask(plan=[])
        self.assertEqual(len(server.received()), 4)
        self.assertEqual(daemon.get("/").status, 200)
        return server, config, daemon

    def assert_sent_once(self, server, daemon, but):
        daemon.until(lambda: daemon.books()["sent"] == 16, "done")
        self.assert_balance(daemon)
        counts = collections.Counter(message_id(mail) for _, mail, _ in server.received())
        self.assertEqual(len(counts), 16)
        self.assertEqual(sorted(counts.values()), [1] * (16 - but) + [2] * but)
        attempts = [one["attempts"] for one in daemon.messages()]
        self.assertEqual(sorted(attempts), [1] * (16 - but) + [2] * but)

    def test_full_between_acceptance_and_its_record(self):
        server, _, daemon = self.hand_over_into_a_full_disk()
        self.filler.unlink()
        self.assertTrue(daemon.log.find("event=122 "))
        # What was accepted is known all the same, and not sent again.
        self.assert_sent_once(server, daemon, but=0)
        self.assertEqual(daemon.end(), 0)

    def test_killed_between_acceptance_and_its_record(self):
        server, config, daemon = self.hand_over_into_a_full_disk()
        daemon.end(signal.SIGKILL)
        self.filler.unlink()
        daemon = self.serve(config=config, clock="2021-01-11T08:00", speed="0.001").ready()
        self.assert_sent_once(server, daemon, but=4)
        self.assertEqual(daemon.out.text().count(" uncertain: "), 4)
        self.assertEqual(daemon.end(), 0)

    def test_read_only_at_the_start(self):
        self.serve(clock="2021-01-10T00:00", spool=True).ready().end()
        mount = ["mount", "-o"]
        subprocess.run([*mount, "remount,ro", self.state.parent], check=True)
        code, said = self.refused(clock="2021-01-10T00:00", spool=True)
        self.assertEqual(code, 1)
        self.assertIn(str(self.state), said)
        self.assertIn("Read-only file system", said)
        subprocess.run([*mount, "remount,rw", self.state.parent], check=True)
        self.assert_balance(self.serve(clock="2021-01-10T00:00", spool=True).ready())

    def test_no_room_to_begin(self):
        self.serve(clock="2021-01-10T00:00", spool=True).ready().end()
        self.fill()
        code, said = self.refused(clock="2021-01-10T00:00", spool=True)
        self.assertEqual(code, 1)
        self.assertIn("state.db", said)
        self.filler.unlink()
        daemon = self.serve(clock="2021-01-10T00:00", spool=True).ready()
        self.assert_balance(daemon)


if __name__ == "__main__":
    unittest.main(verbosity=2)
