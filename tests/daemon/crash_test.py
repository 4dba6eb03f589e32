"""Killed at any moment: no event is lost, nothing is sent twice but what may not have arrived."""
import collections
import concurrent.futures
import http.client
import random
import signal
import subprocess
import threading
import unittest

from harness import EVENTS, PATIENCE, PROGRAM, DaemonTest, message_id

SEED = 20210125
ROUNDS = 8
MORNING = {"clock": "2021-01-12T10:00", "speed": "0.001"}


class Killed(DaemonTest):
    def verify(self):
        done = subprocess.run([PROGRAM, "db", "verify", "--state", str(self.state)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=PATIENCE,
                              check=False)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_while_sending(self):
        chance = random.Random(SEED)
        # The reply comes a little late, so that a kill falls between the message and its reply.
        server = self.smtp([{"at": "END", "delay": 0.01}])
        config = self.config("live", server.port)
        uncertain = 0
        expected = self.simulate(config)
        for _ in range(ROUNDS):
            server.ask(plan=[{"at": "END", "delay": chance.choice([0.01, 0.02, 0.05])}])
            arrived = len({message_id(mail) for _, mail, _ in server.received()})
            daemon = self.serve(config=config, events=EVENTS).ready()
            # Never for more than is still to come: on a quick machine a round sends many.
            server.ask(wait=min(chance.randint(1, 8), len(expected) - arrived))
            daemon.end(signal.SIGKILL)
            uncertain += daemon.out.text().count(" uncertain: ")
        daemon = self.serve(config=config, events=EVENTS).ready().run_until()
        books = self.assert_balance(daemon)
        self.assertEqual(books["planned"], books["sent"])
        attempts = {}
        for one in daemon.messages():
            whole = daemon.get(f"/api/v1/outbox/{one['number']}").json
            attempts[next(header["value"] for header in whole["headers"]
                          if header["name"] == "Message-ID")] = one["attempts"]
        self.assertEqual(daemon.end(), 0)
        uncertain += daemon.out.text().count(" uncertain: ")

        received = server.received()
        copies = collections.defaultdict(list)
        for _, mail, data in received:
            copies[message_id(mail)].append(data)
        twice = {name: datas for name, datas in copies.items() if len(datas) > 1}
        self.assertLessEqual(sum(len(datas) - 1 for datas in twice.values()), uncertain)
        for name, datas in twice.items():
            self.assertGreaterEqual(attempts[name], len(datas), name)
            self.assertEqual(len(set(datas)), 1, "the same message, but not the same bytes")
        self.assertEqual(set(copies), set(attempts))
        first = {message_id(mail): mail for _, mail, _ in received}
        self.assert_same_mail(first.values(), expected)
        self.verify()

    def test_while_events_come_in(self):
        cases = [f"pulje-5/plan/{name}" for name in ("gjovik", "hamar", "sel", "lom", "vaga")]
        wanted = [(f"key-{number}", cases[number % len(cases)]) for number in range(200)]
        acknowledged, enough = [], threading.Event()

        def note(daemon, key, case):
            try:
                answer = daemon.raise_event(case, "noted", "creditor", key, text=key)
            except (OSError, http.client.HTTPException):
                return None  # Killed while we waited.
            if answer.status == 200:
                acknowledged.append(key)
                if len(acknowledged) >= 90:
                    enough.set()
            return answer

        def noted(daemon):
            found = collections.Counter()
            for case in cases:
                for entry in daemon.get(f"/api/v1/cases/{case}").json["history"]:
                    if entry["event"] == "noted":
                        found[{**entry["data"], **entry["aside"]}["text"]] += 1
            return found

        daemon = self.serve(**MORNING, spool=True).ready()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(note, daemon, *one) for one in wanted]
            self.assertTrue(enough.wait(PATIENCE))
            daemon.end(signal.SIGKILL)
            concurrent.futures.wait(asked)
        self.assertLess(len(acknowledged), 200, "killed too late to show anything")
        survived = list(acknowledged)
        daemon = self.serve(**MORNING, spool=True).ready()
        found = noted(daemon)
        self.assertEqual([key for key in survived if found[key] != 1], [])
        # All of them once more with the same keys: each counts once.
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda one: note(daemon, *one), wanted))
        self.assertEqual(collections.Counter(answer.status for answer in answers), {200: 200})
        repeated = [key for (key, _), answer in zip(wanted, answers) if answer.json["repeated"]]
        self.assertEqual(sorted(repeated), sorted(found))
        self.assertEqual(noted(daemon), collections.Counter(key for key, _ in wanted))
        self.assert_balance(daemon)
        self.assertEqual(daemon.end(), 0)
        self.verify()


if __name__ == "__main__":
    unittest.main(verbosity=2)
