"""An installation in which something falls due every day: what is sent can be lost."""

KOMMUNER = [f"by{number:02}" for number in range(1, 17)]
# Reports of each month, due in different weeks.
REQUIREMENTS = {"start": 3, "tall": 10, "plan": 17, "regnskap": 24}
START = "2021-01-01T00:00"


def write(folder, port):
    (folder / "programmes").mkdir(parents=True)
    (folder / "fristvakt.yaml").write_text(f"""\
name: {{nb: Statsforvalteren i Vika, nn: Statsforvaltaren i Vika}}
organisation: sf-vika
nag_budget: {{messages: 7, per: week}}
brake: 100000
sending: live
public_url: http://127.0.0.1:8080
mail: {{from: fristvakt@sf-vika.example, reply_to: post@sf-vika.example,
       smtp: {{url: "smtp://127.0.0.1:{port}", starttls: "off"}}}}
""", encoding="utf-8")
    (folder / "organisations.csv").write_text(
        "id,name,kind,number,parent,language,email\n"
        "sf-vika,Statsforvalteren i Vika,embete,99,,nb,post@sf-vika.example\n" +
        "".join(f"{name},{name.title()} kommune,kommune,,sf-vika,{'nn' if number % 2 else 'nb'},"
                f"post@{name}.example\n" for number, name in enumerate(KOMMUNER)),
        encoding="utf-8")
    (folder / "contacts.csv").write_text(
        "organisation,name,email,roles\n"
        "sf-vika,Ingrid Haug,ingrid@sf-vika.example,saksbehandler\n" +
        "".join(f"{name},Kari {name},kari@{name}.example,ressursperson\n"
                f"{name},Ola {name},ola@{name}.example,skoleeier\n" for name in KOMMUNER),
        encoding="utf-8")
    (folder / "programmes" / "drift.yaml").write_text(
        "programme: drift\n"
        "title: {nb: Drift, nn: Drift}\n"
        "cohort: drift\n"
        "period: {from: 2021-01-01, to: 2023-12-31}\n"
        "creditor: sf-vika\n"
        f"participants: [{', '.join(KOMMUNER)}]\n"
        "requirements:\n" +
        "".join(f"  - id: {name}\n"
                f"    title: {{nb: {name.title()}, nn: {name.title()}}}\n"
                f"    workflow: {'plan' if name == 'plan' else 'report'}\n"
                "    every: month\n"
                f"    due: start + {days} days\n"
                "    ladder: standard\n" for name, days in REQUIREMENTS.items()),
        encoding="utf-8")
    return folder
