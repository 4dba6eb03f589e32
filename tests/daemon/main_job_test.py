"""The main job through the daemon: the same messages as `simulate` says, by every transport, and
however often the daemon is stopped."""
import signal
import unittest

from harness import EVENTS, DaemonTest, message_id, read_spool


class MainJob(DaemonTest):
    def test_spool_equals_simulation(self):
        daemon = self.serve(events=EVENTS, spool=True).ready().run_until()
        books = self.assert_balance(daemon)
        self.assertEqual(books["planned"], books["sent"])
        self.assertEqual(daemon.end(), 0)
        self.assert_same_mail(read_spool(self.state / "spool"), self.simulate())

    def test_nobody_delivers(self):
        self.serve(spool=True).ready().run_until().end()
        self.assert_same_mail(read_spool(self.state / "spool"), self.simulate(events=None))

    def test_smtp_equals_simulation(self):
        server = self.smtp()
        config = self.config("live", server.port)
        daemon = self.serve(config=config, events=EVENTS).ready().run_until()
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)
        received = server.received()
        self.assert_same_mail([mail for _, mail, _ in received], self.simulate())
        for recipients, mail, _ in received:
            named = [address.addr_spec for header in ("To", "Cc") if mail[header]
                     for address in mail[header].addresses]
            self.assertEqual(sorted(recipients), sorted(named))

    def test_stopped_and_started_again(self):
        for how in [signal.SIGINT, signal.SIGTERM] * 3:
            daemon = self.serve(events=EVENTS, spool=True, speed="500000").ready()
            before = len(read_spool(self.state / "spool"))
            daemon.until(lambda: len(read_spool(self.state / "spool")) >= min(before + 9, 78),
                         "further")
            self.assertEqual(daemon.end(how), 0)
            self.assertIn("event=102", daemon.log.text())
        daemon = self.serve(events=EVENTS, spool=True).ready().run_until()
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)
        mail = read_spool(self.state / "spool")
        self.assertEqual(len(mail), len({message_id(one) for one in mail}))
        self.assert_same_mail(mail, self.simulate())


if __name__ == "__main__":
    unittest.main(verbosity=2)
