"""Writes invented installations of any size: folders that `fristvakt` takes as its configuration."""

import dataclasses
import datetime
import pathlib

FIRST = "Anne Berit Cato Dag Eli Finn Gro Hans Inger Jon Kari Lars Mona Nils Oda Per".split()
LAST = "Bakke Dahl Engen Foss Granli Haug Moen Lund Myhre Nes Ruud Solberg Strand Vik".split()


@dataclasses.dataclass
class Installation:
    """What is owed: each participant owes each of `requirements`, once, or every period."""

    organisations: int
    participants: int = 0  # how many of the organisations; 0: all
    requirements: int = 1
    opens: str = "2026-01-05"
    due: str = "2026-06-01"
    if_free_day: str = "next_working_day"
    every: str = ""  # "year": `opens` and `due` are then month and day
    period: tuple = ("2026-01-01", "2028-12-31")
    steps: list = dataclasses.field(default_factory=list)  # of the ladder; empty: standard
    window: str = '{days: working, hours: "08:00-16:00", avoid: [romjul, fellesferie]}'
    settings: list = dataclasses.field(default_factory=list)  # more lines of fristvakt.yaml
    cohort: str = "landet"
    board: tuple = (0, 0)  # a second cohort, `tavle`: so many of the organisations × requirements
    urgent: str = ""  # a cohort of one case, with a reminder at the window's opening on that day
    timed: int = 0  # a cohort of so many cases of one organisation each, reminded one a minute


def organisation_id(index):
    return f"kommune-{index:06d}"


def _tables(folder, wanted):
    organisations = ["id,name,kind,number,parent,language,email",
                     "udir,Direktoratet,udir,,,neutral,post@udir.example",
                     "embetet,Statsforvalteren i Utlandet,embete,1,udir,nb,post@embetet.example"]
    contacts = ["organisation,name,email,roles",
                "embetet,Ingrid Haugen,ingrid.haugen@embetet.example,saksbehandler"]
    for index in range(wanted.organisations):
        one = organisation_id(index)
        language = ("nb", "nn", "neutral")[index % 3]
        organisations.append(f"{one},Kommune {index:06d},kommune,{10000 + index},embetet,"
                             f"{language},post@{one}.example")
        for role in ("ressursperson", "skoleeier"):
            first = FIRST[(index + len(role)) % len(FIRST)]
            last = LAST[(index // 7 + len(role)) % len(LAST)]
            contacts.append(f"{one},{first} {last},{role}@{one}.example,{role}")
    (folder / "organisations.csv").write_text("\n".join(organisations) + "\n")
    (folder / "contacts.csv").write_text("\n".join(contacts) + "\n")


def _programme(folder, wanted, cohort, organisations, requirements):
    lines = [f"programme: {cohort}-program", f"title: {{nb: Satsing {cohort}, nn: Satsing {cohort}}}",
             f"cohort: {cohort}", f"period: {{from: {wanted.period[0]}, to: {wanted.period[1]}}}",
             "creditor: embetet", "participants:"]
    lines += [f"  - {organisation_id(index)}" for index in range(organisations)]
    lines.append("requirements:")
    for index in range(requirements):
        lines += [f"  - id: krav-{index:03d}",
                  f"    title: {{nb: Krav {index}, nn: Krav {index}}}",
                  f"    workflow: {'report' if wanted.every else 'plan'}"]
        if wanted.every:
            lines.append(f"    every: {wanted.every}")
        lines.append(f"    if_free_day: {wanted.if_free_day}")
        ladder = "egen" if wanted.steps else "standard"
        lines += [f'    opens: {_day(wanted.opens, index)}', f'    due: {_day(wanted.due, index)}',
                  f"    ladder: {ladder}",
                  "    instructions: {nb: Bruk malen i brevet., nn: Bruk malen i brevet.}",
                  "    deliver: {to: post@embetet.example, case_number: 2026/4321}"]
    (folder / "programmes" / f"{cohort}.yaml").write_text("\n".join(lines) + "\n")


def _day(day, index):
    return day(index) if callable(day) else day


def _single(index, opens, due, ladder):
    """A requirement of one organisation alone."""
    return [f"  - id: sak-{index:04d}", f"    title: {{nb: Sak {index}, nn: Sak {index}}}",
            "    workflow: plan", f"    debtor: {organisation_id(index)}", f"    opens: {opens}",
            f"    due: {due}", "    if_free_day: keep", f"    ladder: {ladder}"]


def _singles(folder, wanted, cohort, requirements, ladders):
    lines = [f"programme: {cohort}-program", f"title: {{nb: {cohort}, nn: {cohort}}}",
             f"cohort: {cohort}", f"period: {{from: {wanted.period[0]}, to: {wanted.period[1]}}}",
             "creditor: embetet", f"participants: [{organisation_id(0)}]", "requirements:"]
    (folder / "programmes" / f"{cohort}.yaml").write_text(
        "\n".join(lines + [line for one in requirements for line in one]) + "\n")
    for name, step in ladders:
        (folder / "ladders").mkdir(exist_ok=True)
        (folder / "ladders" / f"{name}.yaml").write_text(
            f"ladder: {name}\nsteps:\n  - {step}\nfallback: postmottak\n")


def _urgent(folder, wanted):
    due = datetime.date.fromisoformat(wanted.urgent) + datetime.timedelta(days=7)
    _singles(folder, wanted, "haster", [_single(0, wanted.opens, due, "haster")],
             [("haster", "{id: due-7d, at: due - 7 days, to: [ressursperson], notice: reminder}")])


def _timed(folder, wanted):
    """All are due a week after the day behind `opens`, and reminded on that day."""
    due = datetime.date.fromisoformat(wanted.opens) + datetime.timedelta(days=8)
    singles, ladders = [], []
    for index in range(wanted.timed):
        name = f"minutt-{index:04d}"
        singles.append(_single(index, wanted.opens, due, name))
        ladders.append((name, "{id: due-7d, at: due - 7 days, to: [ressursperson], notice: "
                        f'reminder, time: "{(index + 1) // 60:02d}:{(index + 1) % 60:02d}"}}'))
    _singles(folder, wanted, "minutter", singles, ladders)


def write(folder, wanted):
    """Writes it into `folder`, which is made."""
    folder = pathlib.Path(folder)
    (folder / "programmes").mkdir(parents=True)
    lines = ["name: {nb: Statsforvalteren i Utlandet, nn: Statsforvaltaren i Utlandet}",
             "organisation: embetet", f"send_window: {wanted.window}",
             "mail: {from: fristvakt@embetet.example, reply_to: post@embetet.example}"]
    if not any(line.startswith("http:") for line in wanted.settings):
        lines.append("http: {listen: 127.0.0.1:0, operator: 127.0.0.1:0}")
    (folder / "fristvakt.yaml").write_text("\n".join(lines + wanted.settings) + "\n")
    _tables(folder, wanted)
    _programme(folder, wanted, wanted.cohort, wanted.participants or wanted.organisations,
               wanted.requirements)
    if wanted.board[0]:
        _programme(folder, wanted, "tavle", *wanted.board)
    if wanted.urgent:
        _urgent(folder, wanted)
    if wanted.timed:
        _timed(folder, wanted)
    if wanted.steps:
        (folder / "ladders").mkdir(exist_ok=True)
        (folder / "ladders" / "egen.yaml").write_text(
            "\n".join(["ladder: egen", "steps:"] + [f"  - {step}" for step in wanted.steps] +
                      ["fallback: postmottak"]) + "\n")
    return folder
