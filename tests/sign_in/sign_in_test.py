"""Signing in by a link, sessions and their ends, forms, API tokens: as people and programs do it."""
import json
import re
import signal
import socket
import unittest
import urllib.parse

from desk import Browser, DeskTest, USERS, text_of
import harness


class Links(DeskTest):
    def test_the_first_one_comes_from_the_command_line_and_works_once(self):
        daemon = self.desk()
        stranger = Browser(daemon.pages)
        self.assertEqual(stranger.get("/utboks?state=sent").location,
                         "/logg-inn?til=%2Futboks%3Fstate%3Dsent")
        self.assertEqual(stranger.get("/api/v1/cases", Accept="application/json").status, 401)
        path = self.link("adm@sf-innlandet.example", daemon)
        # What scanners of mail do: look, and look again.
        scanner = Browser(daemon.pages)
        for method in ("GET", "HEAD", "GET"):
            self.assertEqual(scanner.request(method, path).status, 200)
        self.assertEqual(scanner.cookies, {})
        browser = Browser(daemon.pages)
        self.assertIn("adm@sf-innlandet.example", browser.get(path).text)
        answer = browser.post(path, {"til": "/utboks"})
        self.assertEqual((answer.status, answer.location), (303, "/utboks"))
        cookie = answer.cookies[0]
        self.assertRegex(cookie, r"^fristvakt-http=[\w-]{43}; Path=/; Max-Age=43200; HttpOnly; "
                                 r"SameSite=Lax$")
        page = browser.get("/")
        self.assertEqual(page.status, 200)
        self.assertIn("Ada Administrator", page.text)
        # Once.
        scanner.get(path)
        self.assertEqual(scanner.last.status, 404)
        self.assertEqual(scanner.post(path, token=Browser(daemon.pages).get("/logg-inn").form_token)
                         .status, 404)
        # No secret is on the disk, and none in the log.
        secret, token = browser.cookies["fristvakt-http"], path.rsplit("/", 1)[1]
        for file in self.state.rglob("*"):
            if file.is_file():
                data = file.read_bytes()
                self.assertNotIn(secret.encode(), data, file)
                self.assertNotIn(token.encode(), data, file)
        self.assertNotIn("adm@", daemon.log.text())
        self.assertRegex(daemon.log.text(), r"event=240 .*way=command")

    def test_a_link_ends_after_a_quarter_of_an_hour_and_with_a_newer_one(self):
        daemon = self.desk()
        first, second = (self.link("adm@sf-innlandet.example", daemon) for _ in range(2))
        ends = self.access("SELECT ends_at - made_at FROM links")
        self.assertEqual(ends, [(900,), (900,)])
        browser = Browser(daemon.pages)
        browser.get(second)
        self.assertEqual(browser.post(second).status, 303)
        self.assertEqual(Browser(daemon.pages).get(first).status, 404)
        third = self.link("sak@sf-innlandet.example", daemon)
        self.access("UPDATE links SET ends_at = ends_at - 900")
        self.assertEqual(Browser(daemon.pages).get(third).status, 404)

    def test_the_command_says_what_is_wrong(self):
        daemon = self.desk()
        self.assertIn("did you mean adm@sf-innlandet.example?",
                      self.command("login-link", "adn@sf-innlandet.example", code=4).stderr)
        self.assertIn("nobody in users.csv",
                      self.command("login-link", "x@elsewhere.example", code=4).stderr)
        daemon.end()

    def test_mail_says_the_same_to_all_and_is_in_no_book(self):
        daemon = self.desk_with_mail()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        self.assertEqual(admin.request("POST", "/api/v1/outbox/hold", '{"reason": "stille"}',
                                       {"Content-Type": "application/json"}).status, 200)
        books = admin.get("/api/v1/books").json
        outbox = admin.get("/api/v1/outbox").json
        answers = []
        for address in ("Leser@SF-Innlandet.example", "nobody@elsewhere.example"):
            browser = Browser(daemon.pages)
            browser.get("/logg-inn?til=/utboks")
            answer = browser.post("/logg-inn", {"adresse": address, "til": "/utboks"})
            answers.append((answer.status, re.sub(r"\d\d\.\d\d|\d{64}", "", answer.text)))
        self.assertEqual(answers[0], answers[1])
        daemon.until(self.spooled, "mailed")
        mail, = self.spooled()
        self.assertEqual(mail["To"], "Lars Leser <leser@sf-innlandet.example>")
        self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        link = re.search(r"^https?://\S+$", text_of(mail), re.M)[0]
        self.assertTrue(link.startswith("http://127.0.0.1:8080/logg-inn/lenke/"), link)
        parts = urllib.parse.urlsplit(link)
        self.assertEqual(parts.query, "til=%2Futboks")
        browser = Browser(daemon.pages)
        browser.get(parts.path)
        self.assertEqual(browser.post(parts.path).status, 303)
        self.assertEqual(admin.get("/api/v1/books").json, books)
        self.assertEqual(admin.get("/api/v1/outbox").json, outbox)

    def test_nynorsk_is_sent_to_whoever_reads_it(self):
        daemon = self.desk()
        browser = Browser(daemon.pages)
        browser.get("/logg-inn?lang=nn")
        browser.post("/logg-inn", {"adresse": "sak@sf-innlandet.example"})
        daemon.until(self.spooled, "mailed")
        self.assertIn("Ho verkar éin gong", text_of(self.spooled()[0]))

    def test_nobody_is_flooded(self):
        daemon = self.desk()
        browser = Browser(daemon.pages)
        browser.get("/logg-inn")
        token = browser.last.form_token
        for _ in range(5):
            self.assertEqual(browser.post("/logg-inn", {"adresse": "sak@sf-innlandet.example"},
                                          token).status, 200)
        daemon.until(lambda: len(self.spooled()) == 3, "mailed")
        self.assertEqual(self.access("SELECT count(*) FROM links"), [(3,)])
        answers = [browser.post("/logg-inn", {"adresse": f"x{n}@elsewhere.example"}, token).status
                   for n in range(30)]
        self.assertEqual(answers, [200] * 25 + [429] * 5)
        self.assertEqual(browser.post("/logg-inn", {"adresse": "no address"}, token).status, 429)


class Sessions(DeskTest):
    def test_end_when_idle_and_in_any_case(self):
        daemon = self.desk("sign_in: {idle_minutes: 30, session_hours: 2}")
        browser = self.signed_in("sak@sf-innlandet.example", daemon)
        self.access("UPDATE sessions SET seen_at = seen_at - 1740")
        self.assertEqual(browser.get("/").status, 200)
        # That click counted …
        self.access("UPDATE sessions SET seen_at = seen_at - 1740")
        self.assertEqual(browser.get("/").status, 200)
        # … but a page that looks for news by itself does not.
        self.access("UPDATE sessions SET seen_at = seen_at - 1740")
        before = self.access("SELECT seen_at FROM sessions")
        self.assertEqual(browser.get("/", **{"Fristvakt-Refresh": "1"}).status, 200)
        self.assertEqual(self.access("SELECT seen_at FROM sessions"), before)
        self.access("UPDATE sessions SET seen_at = seen_at - 70")
        self.assertEqual(browser.get("/").status, 303)
        other = self.signed_in("sak@sf-innlandet.example", daemon)
        self.assertEqual(self.access("SELECT ends_at - began_at FROM sessions WHERE seen_at = "
                                     "began_at"), [(7200,)])
        self.access("UPDATE sessions SET ends_at = ends_at - 7201")
        self.assertEqual(other.get("/").status, 303)

    def test_are_listed_and_ended(self):
        daemon = self.desk()
        here, there = (self.signed_in("sak@sf-innlandet.example", daemon) for _ in range(2))
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        page = here.get("/okter")
        self.assertIn("Denne økten", page.text)
        self.assertNotIn("adm@", page.text)
        other = re.search(r'name="id" value="([0-9a-f]{16})"', page.text)[1]
        # Somebody else's cannot be ended by naming it.
        theirs = self.access("SELECT id FROM sessions WHERE address LIKE 'adm@%'")[0][0]
        self.assertEqual(here.post("/okter/avslutt", {"id": theirs}).status, 404)
        here.get("/okter")
        self.assertEqual(here.post("/okter/avslutt", {"id": other}).status, 303)
        self.assertEqual(there.get("/").status, 303)
        self.assertEqual(here.get("/").status, 200)
        # An administrator sees all, and may.
        self.assertIn("sak@sf-innlandet.example", admin.get("/okter").text)
        own = self.access("SELECT id FROM sessions WHERE address LIKE 'sak@%'")[0][0]
        self.assertEqual(admin.post("/okter/avslutt", {"id": own}).status, 303)
        self.assertEqual(here.get("/").status, 303)

    def test_signing_out_here_and_everywhere(self):
        daemon = self.desk()
        a, b, c = (self.signed_in("sak@sf-innlandet.example", daemon) for _ in range(3))
        kept = dict(a.cookies)
        a.get("/")
        answer = a.post("/logg-ut")
        self.assertEqual((answer.status, answer.location), (303, "/logg-inn"))
        self.assertEqual(a.cookies, {})
        a.cookies = kept
        self.assertEqual(a.get("/").status, 303)
        self.assertEqual(b.get("/okter").status, 200)
        self.assertEqual(b.post("/okter/avslutt-alle").status, 303)
        self.assertEqual(c.get("/").status, 303)

    def test_who_is_taken_out_of_users_csv_is_out_with_the_next_click(self):
        daemon = self.desk()
        browser = self.signed_in("leser@sf-innlandet.example", daemon)
        officer = self.signed_in("sak@sf-innlandet.example", daemon)
        token = self.command("token", "create", "x", "--allow", "read").stdout.strip()
        users = USERS.replace("leser@sf-innlandet.example,Lars Leser,reader,,,\n", "", 1)
        users = users.replace("Siri Saksbehandler,case_officer", "Siri Saksbehandler,reader")
        (self.folder_of_config / "users.csv").write_text(users, encoding="utf-8")
        daemon.process.send_signal(signal.SIGHUP)
        daemon.until(lambda: browser.get("/").status == 303, "reloaded")
        self.assertEqual(officer.get("/").status, 200)
        self.assertEqual(officer.request("POST", "/api/v1/outbox/hold", '{"reason": "x"}',
                                         {"Content-Type": "application/json"}).status, 403)
        self.assertEqual(Browser(daemon.pages).get("/api/v1/books",
                                                   Authorization=f"Bearer {token}").status, 200)

    def test_nobody_signs_in_where_it_is_not_configured(self):
        daemon = self.desk(more="", users=None)
        browser = Browser(daemon.pages)
        self.assertEqual(browser.get("/").status, 200)
        self.assertEqual(browser.get("/logg-inn").status, 404)
        self.assertEqual(browser.get("/okter").status, 404)
        self.assertIn("add `sign_in`", self.command("login-link", "x@y.example", code=1).stderr)


class Forms(DeskTest):
    def test_need_their_token_and_our_origin(self):
        daemon = self.desk()
        browser = self.signed_in("sak@sf-innlandet.example", daemon)
        other = self.signed_in("leser@sf-innlandet.example", daemon)
        theirs = other.get("/").form_token
        browser.get("/okter")
        before = self.footprint()
        elsewhere = {"Origin": "https://elsewhere.example"}
        for name, answer in {
                "none": browser.post("/okter/avslutt-alle", token=""),
                "another's": browser.post("/okter/avslutt-alle", token=theirs),
                "elsewhere": browser.post("/okter/avslutt-alle", token=theirs, headers=elsewhere),
                "no origin": browser.post("/okter/avslutt-alle", headers={"Origin": None},
                                          token=browser.get("/okter").form_token),
                "null": browser.post("/okter/avslutt-alle", headers={"Origin": "null"},
                                     token=browser.get("/okter").form_token),
                "cross-site": browser.post("/okter/avslutt-alle",
                                           headers={"Sec-Fetch-Site": "cross-site"},
                                           token=browser.get("/okter").form_token)}.items():
            self.assertEqual(answer.status, 403, name)
        # A form is no way into the API.
        self.assertEqual(browser.post("/api/v1/outbox/release",
                                      token=browser.get("/okter").form_token).status, 415)
        self.assertEqual(self.footprint(), before)
        browser.get("/okter")
        self.assertEqual(browser.post("/okter/avslutt-alle").status, 303)

    def test_nobody_is_signed_in_from_elsewhere(self):
        daemon = self.desk()
        path = self.link("sak@sf-innlandet.example", daemon)
        browser = Browser(daemon.pages)
        browser.get(path)
        self.assertEqual(browser.post(path, headers={"Origin": "https://elsewhere.example"}).status,
                         403)
        self.assertEqual(browser.cookies, {})
        browser.get(path)
        for wanted in ("//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example",
                       "javascript:1"):
            page = Browser(daemon.pages).get("/logg-inn?" + urllib.parse.urlencode({"til": wanted}))
            self.assertEqual(re.findall(r'name="til" value="([^"]*)"', page.text), ["/"], wanted)
        self.assertEqual(Browser(daemon.pages).get("/logg-inn?til=/a%0D%0ASet-Cookie:%20x=y").status,
                         400)
        self.assertEqual(browser.post(path, {"til": "//elsewhere.example"}).location, "/")


class Tokens(DeskTest):
    def bearer(self, daemon, token, path="/api/v1/books", method="GET", body=None):
        return Browser(daemon.pages).request(method, path, body, {
            "Authorization": f"Bearer {token}", "Accept": "application/json",
            **({"Content-Type": "application/json"} if body else {})})

    def test_are_made_on_the_page_shown_once_and_revoked(self):
        daemon = self.desk()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        admin.get("/nokler")
        made = admin.post("/nokler", {"navn": "<arkiv>", "lov": "events", "gjelder": "r:gjovik",
                                      "dager": "30"})
        secret = re.search(r"<code[^>]*>(fv_[\w-]{43})</code>", made.text)[1]
        self.assertNotIn(secret, admin.get("/nokler").text)
        self.assertNotIn(secret.encode(), b"".join(
            file.read_bytes() for file in self.state.glob("access.db*")))
        self.assertIn("&lt;arkiv&gt;", admin.last.text)
        self.assertIn("Aldri", admin.last.text)
        self.assertEqual(self.bearer(daemon, secret).status, 200)
        self.assertNotIn("Aldri", admin.get("/nokler").text)
        self.assertEqual(self.access("SELECT allows, scope, made_by, ends_at - made_at "
                                     "FROM api_tokens"),
                         [("events", "gjovik", "adm@sf-innlandet.example", 30 * 86400)])
        event = '{"event": "noted", "by": "creditor", "text": "fra arkivet"}'
        own = self.bearer(daemon, secret, "/api/v1/cases/pulje-5/plan/gjovik/events", "POST", event)
        self.assertEqual(own.status, 200, own.text)
        self.assertEqual(self.bearer(daemon, secret, "/api/v1/cases/pulje-5/plan/hamar/events",
                                     "POST", event).status, 404)
        self.assertEqual(self.bearer(daemon, secret, "/api/v1/outbox/hold", "POST",
                                     '{"reason": "x"}').status, 403)
        self.assertEqual(self.bearer(daemon, secret, "/").status, 401)
        self.assertEqual(admin.post("/nokler/trekk", {"nummer": "1"}).status, 303)
        self.assertEqual(self.bearer(daemon, secret).status, 401)
        admin.get("/nokler")
        self.assertEqual(admin.post("/nokler/trekk", {"nummer": "1"}).status, 404)
        for bad in ({"navn": "", "lov": "read", "gjelder": "", "dager": "30"},
                    {"navn": "x", "lov": "all", "gjelder": "", "dager": "30"},
                    {"navn": "x", "lov": "read", "gjelder": "r:nowhere", "dager": "30"},
                    {"navn": "x", "lov": "read", "gjelder": "", "dager": "0"},
                    {"navn": "x", "lov": "read", "gjelder": "", "dager": "99999999999999999999"}):
            admin.get("/nokler")
            self.assertEqual(admin.post("/nokler", bad).status, 422, bad)
        self.assertEqual(self.access("SELECT count(*) FROM api_tokens"), [(1,)])

    def test_on_the_command_line(self):
        daemon = self.desk()
        link = json.loads(self.command("login-link", "adm@sf-innlandet.example", "--json").stdout)
        self.assertIn("/logg-inn/lenke/", link["url"])
        self.assertEqual(link["address"], "adm@sf-innlandet.example")
        made = self.command("token", "create", "overvåking", "--allow", "read", "--days", "10")
        secret = made.stdout.strip()
        self.assertRegex(secret, r"^fv_[\w-]{43}$")
        self.assertIn("valid", self.command("token", "list").stdout)
        self.assertEqual(self.bearer(daemon, secret).status, 200)
        self.access("UPDATE api_tokens SET ends_at = ends_at - 864001")
        self.assertEqual(self.bearer(daemon, secret).status, 401)
        self.assertIn("ended", self.command("token", "list").stdout)
        ended = json.loads(self.command("token", "revoke", "1", "--json").stdout)
        self.assertEqual(ended, {"number": 1, "state": "revoked"})
        self.assertIn("revoked", self.command("token", "list").stdout)
        self.command("token", "revoke", "1", code=4)
        self.assertIn("did you mean `gjovik`?",
                      self.command("token", "create", "x", "--allow", "read", "--region", "gjovk",
                                   code=2).stderr)

    def test_a_wrong_one_is_not_made_good_by_a_cookie(self):
        daemon = self.desk()
        admin = self.signed_in("adm@sf-innlandet.example", daemon)
        self.assertEqual(admin.get("/api/v1/books", Authorization="Bearer fv_wrong").status, 401)
        self.assertEqual(admin.get("/api/v1/books").status, 200)


class Notices(DeskTest):
    PAGE = "/krav/pulje-5/plan?varsel=overdue&til=gjovik"

    def test_are_tried_on_oneself_and_on_nobody_else(self):
        daemon = self.desk()
        officer = self.signed_in("gjovik-sak@sf-innlandet.example", daemon)
        before = (officer.get("/api/v1/books").json, officer.get("/api/v1/outbox").json,
                  len(list(self.state.glob("spool/new/*"))))
        page = officer.get(self.PAGE)
        action = re.search(r'action="(/krav/[^"]+/test\?[^"]+)"', page.text)[1]
        answer = officer.post(action.replace("&amp;", "&"))
        self.assertEqual((answer.status, answer.location), (
            303, "/krav/pulje-5/plan?varsel=overdue&til=gjovik&gjort=test#varsler"))
        self.assertIn("Testen er på vei til gjovik-sak@sf-innlandet.example",
                      officer.get(answer.location.split("#")[0]).text)

        def found():
            return [mail for mail in harness.read_spool(self.state / "spool")
                    if mail["Subject"].startswith("[Test] ")]
        daemon.until(found, "mailed")
        mail, = found()
        self.assertEqual(mail["To"], "Geir Gjøvik <gjovik-sak@sf-innlandet.example>")
        self.assertIsNone(mail["Cc"])
        self.assertIn("Gjøvik kommune", text_of(mail))
        self.assertEqual((officer.get("/api/v1/books").json, officer.get("/api/v1/outbox").json,
                          len(list(self.state.glob("spool/new/*"))) - 1), before)
        officer = self.signed_in("sak@sf-innlandet.example", daemon)
        log = officer.get("/hendelser?slag=drift").text
        self.assertIn("Sendte seg selv en prøve av", log)
        self.assertIn("Geir Gjøvik", log)

    def test_are_not_tried_by_readers(self):
        daemon = self.desk()
        reader = self.signed_in("leser@sf-innlandet.example", daemon)
        self.assertNotIn("Test på meg selv", reader.get(self.PAGE).text)
        reader.get("/okter")
        before = self.footprint()
        self.assertEqual(reader.post("/krav/pulje-5/plan/test?varsel=overdue").status, 403)
        self.assertEqual(self.footprint(), before)


class Reach(DeskTest):
    PROXIED = ('sign_in: {{}}\nhttp: {{listen: "0.0.0.0:0", operator: "127.0.0.1:0", '
               'trusted_proxy: {0}}}\n')

    def proxied(self, address):
        folder = self.config(name="desk")
        harness.edit(folder / "fristvakt.yaml", "public_url: http://127.0.0.1:8080",
                     "public_url: https://frist.example")
        harness.edit(folder / "fristvakt.yaml",
                     "http: {listen: 127.0.0.1:8080, operator: 127.0.0.1:8081}",
                     self.PROXIED.format(address))
        (folder / "users.csv").write_text(USERS, encoding="utf-8")
        self.folder_of_config = folder
        return self.serve(config=folder, clock="2021-01-11T09:00", speed="1", listen="").ready()

    def own_address(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))
                found = probe.getsockname()[0]
            except OSError:
                found = "127.0.0.1"
        if found.startswith("127."):
            self.skipTest("this machine has no address but its own")
        return found

    def test_from_elsewhere_only_through_the_proxy_and_over_tls(self):
        address = self.own_address()
        daemon = self.proxied(address)
        outside = Browser(daemon.pages, address)
        seen = {"Host": "frist.example", "X-Forwarded-For": "198.51.100.7",
                "X-Forwarded-Proto": "https"}
        page = outside.get("/logg-inn", **seen)
        self.assertEqual(page.status, 200)
        self.assertEqual(outside.get("/utboks?a=b", **{**seen, "X-Forwarded-Proto": "http"})
                         .location, "https://frist.example/utboks?a=b")
        self.assertEqual(outside.get("/logg-inn", Host="frist.example").status, 403)
        path = self.link("sak@sf-innlandet.example", daemon)
        outside.get(path, **seen)
        answer = outside.post(path, headers={**seen, "Origin": "https://frist.example"})
        self.assertRegex(answer.cookies[0], r"^__Host-fristvakt=[\w-]{43}; Path=/; Max-Age=\d+; "
                                            r"HttpOnly; SameSite=Lax; Secure$")
        self.assertEqual(self.access("SELECT client FROM sessions"), [("198.51.100.7",)])
        self.assertEqual(outside.get("/", **seen).status, 200)
        self.assertEqual(outside.get("/", **{**seen, "Host": "elsewhere.example"}).status, 421)
        # A cookie of the name for plain http is none here.
        token = outside.cookies["__Host-fristvakt"]
        self.assertEqual(outside.get("/", **seen, Cookie=f"fristvakt-http={token}").status, 303)

    def test_nobody_else_is_believed(self):
        address = self.own_address()
        daemon = self.proxied("203.0.113.9")
        outside = Browser(daemon.pages, address)
        self.assertEqual(outside.get("/logg-inn", **{
            "Host": "frist.example", "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Proto": "https"}).status, 403)
        self.assertEqual(Browser(daemon.pages).get("/logg-inn").status, 200)

    def test_without_sign_in_only_this_machine_may_come(self):
        daemon = self.serve(listen="0.0.0.0:0")
        self.assertEqual(daemon.wait(), 1)
        self.assertIn("only this machine may reach it", daemon.log.text())


if __name__ == "__main__":
    unittest.main()
