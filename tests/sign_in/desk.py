"""A daemon that people sign in to, and what a browser does there."""
import html
import http.client
import itertools
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "daemon"))
import harness  # noqa: E402

# After that day's slot: nothing happens for days.
MORNING = "2021-01-11T09:00"
# Ten seconds before it: the first reminders go out, and then nothing happens for days.
BEFORE_MAIL = {"clock": "2021-01-11T07:50", "speed": "60"}
USERS = """email,name,role,region,programme,subject
adm@sf-innlandet.example,Ada Administrator,administrator,,,
sak@sf-innlandet.example,Siri Saksbehandler,case_officer,,,
leser@sf-innlandet.example,Lars Leser,reader,,,
gjovik-leser@sf-innlandet.example,Gro Gjøvik,reader,gjovik,,
gjovik-sak@sf-innlandet.example,Geir Gjøvik,case_officer,gjovik,,
ibs-sak@sf-innlandet.example,Ida Ibs,case_officer,,ibs,
to@sf-innlandet.example,Tor Toroller,reader,,,
to@sf-innlandet.example,Tor Toroller,case_officer,hamar,,
knut@sf-innlandet.example,Knut Utenfor,reader,,,subject-17
"""


class Page:
    def __init__(self, response):
        self.status = response.status
        self.body = response.read()
        self.headers = response.headers
        self.location = response.headers.get("Location", "")
        self.cookies = response.headers.get_all("Set-Cookie") or []

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def form_token(self):
        return re.search(r'name="form_token" value="([^"]+)"', self.text)[1]


# On loopback each browser comes from a machine of its own: attempts are counted for each.
MACHINES = itertools.count(2)


class Browser:
    """Keeps cookies, sends Origin with forms, follows nothing."""

    def __init__(self, port, host="127.0.0.1"):
        self.host, self.port = host, port
        number = next(MACHINES)
        self.source = (f"127.0.{number // 250}.{number % 250 + 1}", 0) if host == "127.0.0.1" else None
        self.cookies = {}
        self.last = None

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=harness.PATIENCE,
                                                source_address=self.source)
        sent = {"Accept": "text/html", **(headers or {})}
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        try:
            connection.request(method, path, body, {k: v for k, v in sent.items() if v is not None})
            page = Page(connection.getresponse())
        finally:
            connection.close()
        for line in page.cookies:
            name, value = line.split(";")[0].split("=", 1)
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        self.last = page
        return page

    def get(self, path, **headers):
        return self.request("GET", path, headers=headers)

    def post(self, path, fields=(), token=None, headers=None):
        """A form; the token is that of the page that was seen last."""
        pairs = dict(fields)
        pairs["form_token"] = self.last.form_token if token is None else token
        return self.request("POST", path, urllib.parse.urlencode(pairs),
                            {"Content-Type": "application/x-www-form-urlencoded",
                             "Origin": f"http://{self.host}:{self.port}", **(headers or {})})


class DeskTest(harness.DaemonTest):
    """An installation with users."""

    def desk(self, more="sign_in: {}", users=USERS, **options):
        """The daemon, when it has nothing to do."""
        self.folder_of_config = self.config(name="desk")
        shutil.copy(harness.SHIPPED / harness.PULJE_5, self.folder_of_config / harness.PULJE_5)
        with open(self.folder_of_config / "fristvakt.yaml", "a", encoding="utf-8") as file:
            file.write(more + "\n")
        if users:
            (self.folder_of_config / "users.csv").write_text(users, encoding="utf-8")
        daemon = self.serve(config=self.folder_of_config,
                            **{"clock": MORNING, "speed": "1", **options}).ready()
        return daemon

    def desk_with_mail(self):
        """The daemon, when the day's mail is out."""
        daemon = self.desk(**BEFORE_MAIL)
        spool = self.state / "spool" / "new"
        count = [-1, 0]

        def still():
            found = len(list(spool.glob("*"))) if spool.exists() else 0
            count[0], count[1] = found, count[1] + 1 if found == count[0] and found > 0 else 0
            return count[1] > 20
        daemon.until(still, "settled")
        return daemon

    def command(self, *arguments, code=0):
        done = subprocess.run([harness.PROGRAM, *arguments, "--state", str(self.state)],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=harness.PATIENCE, check=False)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def link(self, address, daemon):
        done = self.command("login-link", address, "--url", f"http://127.0.0.1:{daemon.pages}")
        return urllib.parse.urlsplit(done.stdout.strip()).path

    def signed_in(self, address, daemon):
        browser = Browser(daemon.pages)
        path = self.link(address, daemon)
        self.assertEqual(browser.get(path).status, 200)
        self.assertEqual(browser.post(path).status, 303)
        self.assertIn("fristvakt-http", browser.cookies)
        return browser

    def access(self, statement, *values):
        with sqlite3.connect(self.state / "access.db", timeout=30) as database:
            rows = database.execute(statement, values).fetchall()
        database.close()
        return rows

    def footprint(self):
        """What a refused request must leave as it was: the log, sessions, links and tokens."""
        with sqlite3.connect(f"file:{self.state / 'state.db'}?mode=ro", uri=True,
                             timeout=30) as database:
            head = database.execute("SELECT max(sequence) FROM log").fetchone()
        database.close()
        return (head,
                self.access("SELECT token_hash, id, ends_at FROM sessions ORDER BY 1"),
                self.access("SELECT number, revoked_at FROM api_tokens ORDER BY 1"),
                self.access("SELECT number, token_hash FROM feeds ORDER BY 1"))

    def spooled(self):
        found = harness.read_spool(self.state / "spool")
        return [mail for mail in found if mail["Subject"].startswith("Innlogging")]


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


def unescaped(text):
    return html.unescape(text)
