"""Configurations and stores to measure on: made once in a run, copied for each use."""

import datetime

import installation
import machine

ORGANISATIONS = 10_000
BOARD = (357, 12)
TODAY = datetime.date.today()
YESTERDAY = TODAY - datetime.timedelta(days=1)
ALWAYS = '{days: all, hours: "00:00-24:00"}'
FAR = TODAY + datetime.timedelta(days=300)
LATENCY_FROM = "2026-03-02T00:00"
STORM_DAY = "2026-05-18"
PRODUCT = machine.BUILD / "tests/bench/bench_product"


def _far(index):
    """Ten requirements fall due together: a hundred thousand reminders on one day."""
    return FAR + datetime.timedelta(days=7 * (index // 10))


def first_step_day():
    """When the first reminders of `stored` are due: fourteen days before the deadline."""
    return _far(0) - datetime.timedelta(days=14)


class Stores:
    def __init__(self, host):
        self.host = host
        self.made = {}

    def _make(self, key, wanted, at):
        if key not in self.made:
            folder = self.host.make_folder("-".join(map(str, key)))
            config = installation.write(folder / "config", wanted)
            values = self.host.values(PRODUCT, "fill", config, folder / "fristvakt.db", at)
            self.made[key] = (config, folder / "fristvakt.db", values)
        return self.made[key]

    def stored(self, count):
        """`count` open cases of ten thousand organisations, a board of a country's size among them,
        opened yesterday at noon. Their first reminders lie ahead, but for one of one case, which
        was due at midnight."""
        requirements = max(1, count // ORGANISATIONS)
        return self._make(("stored", count), installation.Installation(
            organisations=ORGANISATIONS, requirements=requirements,
            participants=(count - 1 - BOARD[0] * BOARD[1]) // requirements,
            opens=str(YESTERDAY), due=lambda index: str(_far(index)),
            period=(str(YESTERDAY.replace(month=1, day=1)), str(FAR + datetime.timedelta(days=900))),
            if_free_day="keep", window=ALWAYS, board=BOARD, urgent=str(TODAY)),
            f"{YESTERDAY}T12:00")

    def timed(self, count, due):
        """The same, and `due` reminders of as many people, one each minute after LATENCY_FROM."""
        requirements = max(1, count // ORGANISATIONS)
        return self._make(("timed", count, due), installation.Installation(
            organisations=ORGANISATIONS, requirements=requirements,
            participants=(count - due) // requirements, opens="2026-03-01", due="2027-06-01", period=("2026-01-01", "2028-12-31"),
            window=ALWAYS, timed=due), "2026-03-01T12:00")

    def storm(self, recipients):
        """Everybody's first reminder is due on STORM_DAY at 08:00."""
        return self._make(("storm", recipients), installation.Installation(
            organisations=recipients, requirements=1, opens="2026-02-02", due="2026-06-01",
            steps=["{id: due-14d, at: due - 14 days, to: [ressursperson], notice: reminder}"]),
            "2026-02-02T12:00")

    def country(self):
        """357 kommuner, twelve requirements a year, due on the 25th of one month each."""
        if "country" not in self.made:
            wanted = installation.Installation(
                organisations=BOARD[0], requirements=BOARD[1], every="year",
                opens=lambda index: f"{index % 12 + 1:02d}-01",
                due=lambda index: f"{index % 12 + 1:02d}-25")
            self.made["country"] = installation.write(self.host.make_folder("country") / "config",
                                                      wanted)
        return self.made["country"]

    def copy_of(self, database):
        folder = self.host.make_folder("copy")
        return machine.copy(database, folder / "fristvakt.db")
