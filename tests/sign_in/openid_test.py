"""Signing in at a real OpenID provider: npm's oidc-provider, started here, on loopback."""
import json
import pathlib
import re
import shutil
import subprocess
import unittest
import urllib.parse

from desk import Browser, DeskTest, USERS
import harness

HERE = pathlib.Path(__file__).resolve().parent
REDIRECT = "http://127.0.0.1:8080/logg-inn/openid/svar"


class Provider:
    def __init__(self, **options):
        self.process = subprocess.Popen(
            [shutil.which("node"), str(HERE / "provider.mjs"),
             json.dumps({"redirect_uri": REDIRECT, **options})],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.issuer = f"http://127.0.0.1:{self.port}"

    def ask(self, what):
        self.process.stdin.write(json.dumps({"do": what}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(harness.PATIENCE)


def path_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path + ("?" + parts.query if parts.query else "")


@unittest.skipUnless(shutil.which("node"), "node is not installed")
class OpenId(DeskTest):
    def provider(self, **options):
        provider = Provider(**options)
        self.addCleanup(provider.close)
        return provider

    def desk_with(self, provider, client="RS256", more="", secret=True, issuer=None):
        file = self.folder / "secret"
        file.write_text("not so secret: %+&\n", encoding="utf-8")
        file.chmod(0o600)
        given = f", client_secret: {{file: {file}}}" if secret else ""
        return self.desk(f"sign_in:\n  openid: {{issuer: \"{issuer or provider.issuer}\", "
                         f"client_id: {client}{given}, title: {{nb: Prøven, nn: Prøva}}{more}}}")

    def go_to(self, daemon, browser, til="/utboks"):
        """As far as the provider's door; its address."""
        page = browser.get("/logg-inn?" + urllib.parse.urlencode({"til": til}))
        self.assertIn("Logg inn med Prøven", page.text)
        answer = browser.post("/logg-inn/openid", {"til": til})
        self.assertEqual(answer.status, 200, answer.text)
        return re.fullmatch(r"0; url=(.+)", answer.headers["Refresh"])[1]

    def through(self, provider, location, who):
        """What a person does there; the address that the provider sends the browser back to."""
        there = Browser(provider.port)
        page = there.get(path_of(location))
        for _ in range(12):
            if page.status in (301, 302, 303):
                if page.location.startswith(REDIRECT):
                    return page.location
                page = there.get(path_of(page.location))
                continue
            prompt = re.search(r'name="prompt" value="(\w+)"', page.text)
            action = re.search(r'action="([^"]+)"', page.text)
            self.assertTrue(prompt and action, page.text)
            fields = {"prompt": prompt[1], "login": who, "password": "x"}
            page = there.request("POST", path_of(action[1]), urllib.parse.urlencode(fields),
                                 {"Content-Type": "application/x-www-form-urlencoded"})
        self.fail("the provider does not let go")

    def sign_in(self, provider, daemon, who, browser=None):
        browser = browser or Browser(daemon.pages)
        back = self.through(provider, self.go_to(daemon, browser), who)
        return browser, browser.get(path_of(back))

    def test_signs_in_whatever_the_key(self):
        provider = self.provider()
        for client in ("RS256", "ES256", "PS256"):
            with self.subTest(client):
                self.state = self.folder / client
                shutil.rmtree(self.folder / "desk", ignore_errors=True)
                daemon = self.desk_with(provider, client)
                browser, answer = self.sign_in(provider, daemon, "sak@sf-innlandet.example")
                self.assertEqual((answer.status, answer.location), (303, "/utboks"), answer.text)
                self.assertIn("Siri Saksbehandler", browser.get("/").text)
                self.assertEqual(set(browser.cookies), {"fristvakt-http"})
                self.assertRegex(daemon.log.text(), r"event=240 .*way=openid")
                daemon.end()

    def test_without_a_secret_pkce_alone_proves_it(self):
        provider = self.provider()
        daemon = self.desk_with(provider, "public", secret=False)
        _, answer = self.sign_in(provider, daemon, "sak@sf-innlandet.example")
        self.assertEqual(answer.status, 303, answer.text)

    def test_asks_as_it_should(self):
        provider = self.provider()
        daemon = self.desk_with(provider, more=", acr: [high]")
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(
            self.go_to(daemon, Browser(daemon.pages))).query)
        self.assertEqual(query["response_type"], ["code"])
        self.assertEqual(query["code_challenge_method"], ["S256"])
        self.assertEqual(query["redirect_uri"], [REDIRECT])
        self.assertEqual(query["scope"], ["openid profile email"])
        self.assertEqual(query["acr_values"], ["high"])
        self.assertEqual([len(query[name][0]) for name in ("state", "nonce", "code_challenge")],
                         [43, 43, 43])

    def test_goes_on_when_the_keys_change(self):
        provider = self.provider()
        daemon = self.desk_with(provider)
        self.assertEqual(self.sign_in(provider, daemon, "sak@sf-innlandet.example")[1].status, 303)
        provider.ask("rotate")
        _, answer = self.sign_in(provider, daemon, "sak@sf-innlandet.example")
        self.assertEqual(answer.status, 303, answer.text)

    def test_lets_in_only_who_is_in_users_csv(self):
        provider = self.provider()
        daemon = self.desk_with(provider)
        for who in ("stranger@elsewhere.example", "knut@sf-innlandet.example"):
            browser, answer = self.sign_in(provider, daemon, who)
            self.assertEqual(answer.status, 403, who)
            self.assertIn("Du er ikke registrert som bruker her", answer.text)
            self.assertEqual(browser.cookies, {})
        self.assertNotIn("elsewhere.example", daemon.log.text())

    def test_knows_people_by_another_claim(self):
        provider = self.provider()
        daemon = self.desk_with(provider, more=", claim: sub")
        browser, answer = self.sign_in(provider, daemon, "subject-17")
        self.assertEqual(answer.status, 303, answer.text)
        self.assertIn("Knut Utenfor", browser.get("/").text)

    def test_believes_no_address_that_the_provider_does_not(self):
        provider = self.provider()
        users = USERS + "unverified@sf-innlandet.example,Ulla Uviss,reader,,,\n"
        daemon = self.desk_with(provider)
        (self.folder_of_config / "users.csv").write_text(users, encoding="utf-8")
        daemon.end()
        daemon = self.serve(config=self.folder_of_config, clock="2021-01-11T09:00", speed="1").ready()
        _, answer = self.sign_in(provider, daemon, "unverified@sf-innlandet.example")
        self.assertEqual(answer.status, 403)

    def test_comes_back_once_and_in_the_same_browser(self):
        provider = self.provider()
        daemon = self.desk_with(provider)
        browser = Browser(daemon.pages)
        back = path_of(self.through(provider, self.go_to(daemon, browser),
                                    "sak@sf-innlandet.example"))
        other = Browser(daemon.pages)
        self.assertEqual(other.get(back).status, 403)
        self.assertEqual(other.cookies, {})
        changed = re.sub(r"code=[^&]+", "code=wrong", back)
        kept = dict(browser.cookies)
        self.assertEqual(browser.get(changed).status, 403)
        # The sign-in is used up: the right code comes too late.
        browser.cookies = kept
        self.assertEqual(browser.get(back).status, 403)
        browser, answer = self.sign_in(provider, daemon, "sak@sf-innlandet.example", browser)
        self.assertEqual(answer.status, 303)
        denied = Browser(daemon.pages)
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(self.go_to(daemon, denied)).query)
        self.assertEqual(denied.get("/logg-inn/openid/svar?error=access_denied&state="
                                    + state["state"][0]).status, 403)

    def test_demands_what_acr_says(self):
        provider = self.provider()
        daemon = self.desk_with(provider, more=", acr: [high]")
        _, answer = self.sign_in(provider, daemon, "sak@sf-innlandet.example")
        self.assertEqual(answer.status, 403)
        daemon.until(lambda: "weaker sign-in" in daemon.log.text(), "logged")

    def test_says_so_when_the_provider_is_gone(self):
        provider = self.provider()
        daemon = self.desk_with(provider)
        provider.close()
        browser = Browser(daemon.pages)
        browser.get("/logg-inn")
        answer = browser.post("/logg-inn/openid")
        self.assertEqual(answer.status, 503)
        self.assertIn("Innloggingstjenesten svarer ikke", answer.text)
        daemon.until(lambda: "event=242" in daemon.log.text(), "logged")
        # The other way stays.
        self.signed_in("sak@sf-innlandet.example", daemon)

    def test_minds_the_issuers_name(self):
        provider = self.provider()
        daemon = self.desk_with(provider, issuer=provider.issuer.replace("127.0.0.1", "localhost"))
        browser = Browser(daemon.pages)
        browser.get("/logg-inn")
        self.assertEqual(browser.post("/logg-inn/openid").status, 503)
        daemon.until(lambda: "calls itself by another name" in daemon.log.text(), "logged")


if __name__ == "__main__":
    unittest.main()
