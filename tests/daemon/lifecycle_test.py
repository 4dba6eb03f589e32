"""Coming up, being refused, being told to read its configuration anew, and what the supervisor hears."""
import signal
import socket
import subprocess
import unittest

from harness import EVENTS, PATIENCE, PROGRAM, SOURCE, DaemonTest, edit, seconds_of

# A morning on which the first reminders are due. Time then stands still, as far as a test can see.
MORNING = {"clock": "2021-01-11T08:00", "speed": "0.001"}
PLAN = "programmes/ibs-pulje-5-innlandet.yaml"
CASE = "/api/v1/cases/pulje-5/plan/gjovik"


class Refused(DaemonTest):
    def assert_refused(self, expected_code, words, *arguments, **options):
        code, said = self.refused(*arguments, **options)
        self.assertEqual(code, expected_code, said)
        for word in words:
            self.assertIn(word, said)
        self.assertFalse((self.state / "spool").exists(), "something was done")

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            self.assert_refused(1, [str(port), "in use"], listen=f"127.0.0.1:{port}", spool=True)
            self.assert_refused(1, [str(port), "in use"], operator=f"127.0.0.1:{port}", spool=True)

    def test_second_daemon_on_one_state(self):
        first = self.serve(**MORNING, spool=True).ready()
        code, said = self.refused(**MORNING, spool=True)
        self.assertEqual(code, 1)
        self.assertIn(str(self.state), said)
        self.assertIn(str(first.process.pid), said)
        self.assertEqual(first.get("/readyz", first.operator).status, 200)

    def test_demo_clock_and_machine_clock_do_not_mix(self):
        for name, born, then in [("a demo clock", "2021-01-01T00:00", None),
                                 ("the machine's clock", None, "2021-01-01T00:00")]:
            with self.subTest(name):
                state = self.folder / name.replace(" ", "-")
                config = SOURCE / "config-real-time"
                self.serve(state=state, config=config, clock=born, spool=True).ready().end()
                code, said = self.refused(state=state, config=config, clock=then, spool=True)
                self.assertEqual(code, 1)
                self.assertIn(f"made on {name}", said)
                self.assertIn("--state", said)

    def test_only_loopback_is_listened_on(self):
        for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"]:
            with self.subTest(address):
                self.assert_refused(1, [address.rsplit(":", 1)[0].strip("[]")], listen=address,
                                    spool=True)
                self.assert_refused(1, [address.rsplit(":", 1)[0].strip("[]")], operator=address,
                                    spool=True)

    def test_demo_clock_sends_to_this_machine_only(self):
        for number, host in enumerate(["mail.example", "127.0.0.1.mail.example", "192.0.2.1",
                                       "localhost.mail.example"]):
            with self.subTest(host):
                config = self.config("live", 25, name=f"config-{number}")
                edit(config / "fristvakt.yaml", "127.0.0.1:25", f"{host}:25")
                self.assert_refused(1, ["demo clock"], config=config)

    def test_bad_clock(self):
        for clock, words in [("yesterday", "yesterday"), ("2021-02-30T10:00", "2021-02-30"),
                             ("2021-01-01T25:00", "25:00")]:
            with self.subTest(clock):
                self.assert_refused(1, ["--clock", words], clock=clock)

    def test_missing_configuration(self):
        self.assert_refused(4, ["nowhere"], config=self.folder / "nowhere")

    def test_missing_events(self):
        self.assert_refused(4, ["--events", "nowhere"], events=self.folder / "nowhere", spool=True)

    def test_bad_events(self):
        events = self.folder / "events.jsonl"
        lines = EVENTS.read_text(encoding="utf-8").splitlines()
        lines[1] = lines[1].replace("2021-01-19", "2021-01-32")
        lines[3] = "{"
        events.write_text("\n".join(lines), encoding="utf-8")
        self.assert_refused(1, ["events.jsonl:2:", "events.jsonl:4:"], events=events, spool=True)

    def test_bad_configuration(self):
        config = self.config()
        edit(config / PLAN, "due: 2021-01-25", "due: 2021-02-30")
        edit(config / "fristvakt.yaml", "brake: 20", "brakes: 20")
        self.assert_refused(1, ["ibs-pulje-5-innlandet.yaml:31:", "fristvakt.yaml:14:"],
                            config=config)

    def test_usage(self):
        for arguments in [["--speed", "2"], ["--events", str(EVENTS)], ["--nonsense"]]:
            with self.subTest(arguments[0]):
                done = subprocess.run([PROGRAM, "serve", "--state", str(self.state), *arguments],
                                      stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                                      timeout=PATIENCE, check=False)
                self.assertEqual(done.returncode, 2, done.stderr)


class Reload(DaemonTest):
    def start(self):
        self.folder_of_config = self.config()
        daemon = self.serve(config=self.folder_of_config, **MORNING, spool=True).ready()
        daemon.until(lambda: len(self.sent(daemon)) == 16, "done with the first reminders")
        return daemon

    @staticmethod
    def sent(daemon, notice=None):
        return [one for one in daemon.messages() if one["state"] == "sent" and (
            notice is None or any(told["notice"] == notice for told in one["told"]))]

    def hang_up(self, daemon):
        daemon.process.send_signal(signal.SIGHUP)

    def step(self, daemon, name):
        return next(one for one in daemon.get(CASE).json["explanation"]["steps"]
                    if one["step"] == name)

    def test_ladder_and_contact(self):
        daemon = self.start()
        edit(self.folder_of_config / "ladders/standard.yaml", "due - 3 working days",
             "due - 5 working days")
        edit(self.folder_of_config / "contacts.csv", "Kari Lunde,kari.lunde@",
             "Turid Moe,turid.moe@")
        self.assertTrue(self.step(daemon, "due-3wd")["at"].startswith("2021-01-20"))
        self.hang_up(daemon)
        daemon.until(lambda: self.step(daemon, "due-3wd")["at"].startswith("2021-01-18"),
                     "reading the new ladder")
        self.assertIn("turid.moe@", str(self.step(daemon, "due-3wd")["to"]))
        self.assertNotIn("kari.lunde@", str(self.step(daemon, "due-3wd")["to"]))
        self.assertEqual(len(self.sent(daemon)), 16, "the same reminder was sent again")
        self.assertTrue(daemon.log.find(r"event=113 .*contacts\.csv, ladders/standard\.yaml"))
        self.assert_balance(daemon)

    def test_deadline_is_told_once(self):
        daemon = self.start()
        edit(self.folder_of_config / PLAN, "due: 2021-01-25", "due: 2021-01-29")
        self.hang_up(daemon)
        daemon.until(lambda: len(self.sent(daemon, "new-deadline")) == 16, "telling the new date")
        self.hang_up(daemon)
        reached = daemon.metric("fristvakt_engine_steps_total") + 1
        daemon.until(lambda: daemon.metric("fristvakt_engine_steps_total") >= reached, "back")
        self.assertEqual(daemon.get(CASE).json["due"]["date"], "2021-01-29")
        self.assertEqual(daemon.end(), 0)
        # Nor is it told again by the next life.
        daemon = self.serve(config=self.folder_of_config, **MORNING, spool=True).ready()
        self.assertEqual(len(self.sent(daemon, "new-deadline")), 16)
        self.assert_balance(daemon)

    def test_bad_configuration_changes_nothing(self):
        daemon = self.start()
        before = daemon.get(CASE).json
        self.assertEqual(daemon.metric("fristvakt_config_last_reload_successful"), 1)
        edit(self.folder_of_config / PLAN, "due: 2021-01-25", "due: 2021-02-30")
        edit(self.folder_of_config / "ladders/standard.yaml", "due - 3 working days",
             "due - 5 working days")
        self.hang_up(daemon)
        self.assertTrue(daemon.log.find(r"event=111 .*ibs-pulje-5-innlandet\.yaml:31:\d+: error"))
        daemon.until(lambda: daemon.metric("fristvakt_config_last_reload_successful") == 0,
                     "showing the failure")
        self.assertEqual(daemon.get(CASE).json["explanation"], before["explanation"])
        self.assertEqual(daemon.get("/readyz", daemon.operator).status, 200)
        # Mended, it is taken into use.
        edit(self.folder_of_config / PLAN, "due: 2021-02-30", "due: 2021-01-25")
        self.hang_up(daemon)
        daemon.until(lambda: daemon.metric("fristvakt_config_last_reload_successful") == 1,
                     "showing success")
        self.assertTrue(self.step(daemon, "due-3wd")["at"].startswith("2021-01-18"))


class DemoClock(DaemonTest):
    def test_never_goes_back_behind_what_has_happened(self):
        daemon = self.serve(spool=True).ready().run_until("2021-01-21T00:00:00Z")
        self.assertEqual(daemon.end(), 0)
        (self.state / "clock").write_bytes(b"")  # As when the power went before it was written.
        daemon = self.serve(spool=True, speed="0.001").ready()
        self.assertGreater(daemon.metric("fristvakt_clock_timestamp_seconds"),
                           seconds_of("2021-01-20T00:00:00Z"))


class Supervised(DaemonTest):
    def test_what_the_supervisor_hears(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as supervisor:
            address = str(self.folder / "notify")
            supervisor.bind(address)
            supervisor.settimeout(PATIENCE)
            heard = []

            def hear(word):
                while True:
                    heard.append(supervisor.recv(4096).decode())
                    if word in heard[-1].splitlines():
                        return heard[-1]

            daemon = self.serve(**MORNING, spool=True, environment={
                "NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000"})
            hear("READY=1")
            daemon.ready()
            for _ in range(5):
                hear("WATCHDOG=1")
            daemon.process.send_signal(signal.SIGHUP)
            hear("RELOADING=1")
            hear("READY=1")
            daemon.process.send_signal(signal.SIGTERM)
            hear("STOPPING=1")
            self.assertEqual(daemon.wait(), 0)

    def test_machine_clock_and_its_log(self):
        daemon = self.serve(config=SOURCE / "config-real-time", clock=None, spool=True).ready()
        self.assertRegex(daemon.log.text(), r"event=110 name=configuration_used hash=[0-9a-f]{64}")
        self.assertIn("clock=machine", daemon.log.text())
        self.assertEqual(daemon.end(), 0)
        self.assertIn("event=101", daemon.log.text())
        self.assertIn("event=102", daemon.log.text())
        # Nobody's name or address in a log.
        self.assertNotIn("@", daemon.log.text())
        self.assertEqual(daemon.out.text(), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
