"""Every route × who comes: whoever may not is refused, and nothing changes.

The daemon lists its own routes, so that a new one is walked from its first day. What a path's
parameters stand for, and which routes are open to strangers, stands here: a route that is not
thought of fails the test.
"""
import json
import re
import unittest
import urllib.parse

from desk import Browser, DeskTest

OWN, FOREIGN = "gjovik", "hamar"
# Open to strangers, each for a reason.
OPEN = {"asset", "openapi", "page_accessibility", "page_sign_in", "sign_in_mail", "page_sign_in_link", "sign_in_link",
        "sign_in_openid", "sign_in_openid_back", "feed",
        "page_answer", "answer_invitation",  # The link is the key.
        "page_card", "confirm_card",  # Likewise.
        "page_sign_up", "sign_up", "graph_hook"}  # An open meeting; its secret.
# For whoever is signed in, whatever they may: one's own sessions.
SIGNED_IN = {"sign_out", "page_sessions", "session_end", "sessions_end"}
ENDS_SESSION = {"sign_out", "sessions_end"}
# Kept in the reader's own browser, nowhere else.
OWN_BROWSER = {"view_save"}
# Goes to whoever asks for it alone, and shows what they see.
TO_ONESELF = {"notice_test"}
RIGHTS = {"reader": {"read"}, "officer": {"read", "act", "plan", "operate"},
          "administrator": {"read", "act", "plan", "operate", "administer"}}
# Rights that a role for a part does not give.
WHOLE_ONLY = {"operate", "administer"}
# A cohort is its programme's, contacts are a region's: a role for the other does not plan them.
COHORTS = ("page_cohort_copy", "copy_cohort", "page_move_deadline", "move_deadline",
           "add_participant", "end_participant", "take_out_requirement", "page_meeting_date",
           "set_meeting_date", "page_plan_row_new", "add_plan_row", "page_plan_row",
           "change_plan_row")
CONTACTS = ("page_contact", "change_contact", "page_import", "import_contacts")
PLANNED_IN = {**dict.fromkeys(COHORTS, {"all", "programme"}),
              **dict.fromkeys(CONTACTS, {"all", "region"}),
              **dict.fromkeys(("page_conflicts", "settle_conflict"), {"all"})}
PEOPLE = {  # who: (address, role, where)
    "reader": ("leser@sf-innlandet.example", "reader", "all"),
    "officer": ("sak@sf-innlandet.example", "officer", "all"),
    "administrator": ("adm@sf-innlandet.example", "administrator", "all"),
    "reader of a region": ("gjovik-leser@sf-innlandet.example", "reader", "region"),
    "officer of a region": ("gjovik-sak@sf-innlandet.example", "officer", "region"),
    "officer of a programme": ("ibs-sak@sf-innlandet.example", "officer", "programme"),
}
PROGRAMS = {  # who: (allows, rights, where)
    "token to read": ("read", {"read"}, "all"),
    "token for events": ("events", {"read", "act"}, "all"),
    "token for all": ("admin", RIGHTS["administrator"], "all"),
    "token of a region": ("events", {"read", "act"}, "region"),
    "token for all of a region": ("admin", RIGHTS["administrator"], "region"),
}


class Caller:
    def __init__(self, name, rights, where, send, renew=None):
        self.name, self.rights, self.where, self.send, self.renew = name, rights, where, send, renew

    def may(self, route):
        need = route["needs"]
        if need == "nothing":
            return True
        if self.rights is None:
            return False
        if need == "sign_in":
            return True
        if need == "plan" and self.where not in PLANNED_IN.get(route["name"], {"all", self.where}):
            return False
        return need in self.rights and (self.where == "all" or need not in WHOLE_ONLY)


class EveryRoute(DeskTest):
    def setUp(self):
        super().setUp()
        self.daemon = self.desk_with_mail()
        self.admin = self.signed_in("adm@sf-innlandet.example", self.daemon)
        self.routes = self.daemon.get("/routes", self.daemon.operator).json["routes"]
        self.numbers = {organisation: self.message_of(organisation)
                        for organisation in (OWN, FOREIGN)}
        self.batches = {organisation: self.batch_of(organisation)
                        for organisation in (OWN, FOREIGN)}
        self.asset = re.search(r'href="/a/([^"]+)"', self.admin.get("/").text)[1]

    def message_of(self, organisation):
        for message in self.admin.get("/api/v1/outbox?limit=500").json["messages"]:
            cases = {one["case"] for one in message["reminders"] + message.get("told", [])}
            if cases and all(case.endswith("/" + organisation) for case in cases):
                return str(message["number"])
        self.fail(f"no message about {organisation} alone")

    def batch_of(self, organisation):
        """Done by the administrator."""
        answer = self.admin.request("POST", "/api/v1/batches", json.dumps(
            {"event": "noted", "by": "creditor", "fields": {"text": "prøve"},
             "items": [{"case": f"pulje-5/plan/{organisation}"}]}),
            {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json["batch"]

    def values(self, pattern, organisation):
        """What each parameter of a path stands for."""
        kind = pattern.split("{")[0].strip("/").split("/")[-1]
        before_id = re.search(r"([^/{}]+)/\{id\}", pattern)
        number = self.batches if kind in ("parti", "batches") else self.numbers
        return {"id*": f"pulje-5/plan/{organisation}", "number": number[organisation],
                "id": {"organisasjon": organisation, "mote": "nettverk"}.get(
                    before_id[1] if before_id else kind, "plan"),
                "name": self.asset, "token": "x" * 43, "cohort": "pulje-5", "event": "noted",
                "channel": "saksbehandlere"}

    def path(self, route, organisation):
        def value(match):
            known = self.values(route["pattern"], organisation)
            self.assertIn(match[1], known, f"{route['pattern']}: say in rights_test.py what "
                                           f"{{{match[1]}}} stands for")
            return urllib.parse.quote(known[match[1]], safe="/" if match[1].endswith("*") else "")
        return re.sub(r"\{([^}]+)\}", value, route["pattern"])

    def names_an_object(self, route):
        names = set(re.findall(r"\{([^}]+)\}", route["pattern"]))
        # A cohort's requirement is seen by whoever has one participant in their region.
        return bool(names & {"id*", "number", "id"}) and "cohort" not in names

    def browser_caller(self, name, address, rights, where):
        browser = self.signed_in(address, self.daemon)
        return Caller(name, rights, where, browser,
                      lambda: self.browser_caller(name, address, rights, where))

    def callers(self):
        yield Caller("stranger", None, "all", Browser(self.daemon.pages))
        forged = Browser(self.daemon.pages)
        forged.cookies["fristvakt-http"] = "A" * 43
        yield Caller("forged session", None, "all", forged)
        for name, (address, role, where) in PEOPLE.items():
            yield self.browser_caller(name, address, RIGHTS[role], where)

    def token_of(self, allows, where):
        more = ["--region", OWN] if where == "region" else []
        return self.command("token", "create", allows, "--allow", allows, *more).stdout.strip()

    def call(self, caller, route, organisation):
        path = self.path(route, organisation)
        browser = caller.send
        if route["method"] == "GET":
            answer = browser.get(path)
            # What only leads on is judged by where it leads.
            onward = answer.status == 303 and not answer.location.startswith("/logg-inn")
            return browser.get(answer.location) if onward else answer
        if path.startswith("/api/"):
            body = {"/hold": {"reason": "prøve"}, "/stop": {"reason": "prøve"},
                    "/postpone": {"until": "2021-02-01"}}.get(path[path.rindex("/"):], {})
            if path.endswith("/events"):
                body = {"event": "noted", "by": "creditor", "text": "prøve"}
            elif path.endswith("/batches"):
                body = {"event": "noted", "by": "creditor", "fields": {"text": "prøve"},
                        "items": [{"case": f"pulje-5/plan/{organisation}"}]}
            return browser.request(route["method"], path, json.dumps(body),
                                   {"Content-Type": "application/json"})
        # The token is right, so that the right alone decides.
        own = "/logg-inn" if caller.rights is None else "/okter"
        browser.get(own)
        case = f"pulje-5/plan/{organisation}"
        return browser.post(path, {"sak": case, "id": case, "pulje": "pulje-5",
                                   "adresse": "x@y.example", "event": "noted", "reason": "prøve",
                                   "text": "prøve"})

    def assert_refused(self, caller, route, answer, before, statuses=(401, 403, 404)):
        what = f"{caller.name}: {route['method']} {route['pattern']} → {answer.status}"
        to_sign_in = answer.status == 303 and answer.location.startswith("/logg-inn?")
        self.assertTrue(answer.status in statuses or (to_sign_in and caller.rights is None), what)
        self.assertEqual(self.footprint(), before, what)

    def test_says_what_it_needs_and_that_was_thought_of(self):
        self.assertGreater(len(self.routes), 20)
        for route in self.routes:
            need, name = route["needs"], route["name"]
            self.assertIn(need, {"nothing", "sign_in", *RIGHTS["administrator"]})
            if need == "nothing":
                self.assertIn(name, OPEN, f"{route['pattern']} is open to strangers")
            elif need == "sign_in":
                self.assertIn(name, SIGNED_IN, f"{route['pattern']} asks for no right")
            elif route["method"] != "GET" and name not in OWN_BROWSER:
                self.assertNotEqual(need, "read", f"{route['pattern']} changes, for readers")
            self.path(route, OWN)

    def test_refuses_whoever_may_not(self):
        for caller in self.callers():
            for route in sorted(self.routes, key=lambda one: one["name"] in ENDS_SESSION):
                with self.subTest(who=caller.name, route=route["pattern"], method=route["method"]):
                    before = self.footprint()
                    answer = self.call(caller, route, OWN)
                    if not caller.may(route):
                        self.assert_refused(caller, route, answer, before)
                    else:
                        self.assertNotIn(answer.status, (401, 403) if route["needs"] != "nothing"
                                         else (401,), answer.text[:300])
                        self.assertLess(answer.status, 500)
                        if route["name"] in ENDS_SESSION and caller.renew:
                            caller = caller.renew()

    def test_shows_and_changes_nothing_of_another_region(self):
        for name in ("reader of a region", "officer of a region"):
            address, role, where = PEOPLE[name]
            caller = self.browser_caller(name, address, RIGHTS[role], where)
            for route in self.routes:
                if not caller.may(route) or route["needs"] in ("nothing", "sign_in"):
                    continue
                with self.subTest(who=name, route=route["pattern"], method=route["method"]):
                    before = self.footprint()
                    answer = self.call(caller, route, FOREIGN)
                    if self.names_an_object(route):
                        self.assert_refused(caller, route, answer, before, (403, 404))
                    elif route["method"] != "GET" and route["name"] not in TO_ONESELF:
                        self.assertEqual(self.footprint(), before)
                    else:
                        for word in ("Hamar kommune", "post@hamar.kommune.example",
                                     f"plan/{FOREIGN}"):
                            self.assertNotIn(word, answer.text)

    def test_holds_for_programs_too(self):
        for name, (allows, rights, where) in PROGRAMS.items():
            browser = Browser(self.daemon.pages)
            token = self.token_of(allows, where)
            send = browser.request
            browser.request = lambda method, path, body=None, headers=None, send=send, token=token: \
                send(method, path, body, {**(headers or {}), "Authorization": f"Bearer {token}"})
            for route in self.routes:
                with self.subTest(who=name, route=route["pattern"], method=route["method"]):
                    api = route["pattern"].startswith("/api/")
                    caller = Caller(name, rights if api else None, where, browser)
                    before = self.footprint()
                    answer = self.call(caller, route, OWN)
                    if not caller.may(route):
                        self.assert_refused(caller, route, answer, before)
                    elif api and route["needs"] != "nothing":
                        self.assertNotIn(answer.status, (401, 403), answer.text[:300])
                    if api and where == "region" and self.names_an_object(route):
                        before = self.footprint()
                        self.assert_refused(caller, route, self.call(caller, route, FOREIGN), before)

    def test_knows_only_its_methods(self):
        for route in self.routes:
            declared = {one["method"] for one in self.routes if one["pattern"] == route["pattern"]}
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - declared:
                with self.subTest(route=route["pattern"], method=method):
                    before = self.footprint()
                    answer = self.admin.request(method, self.path(route, OWN), "{}",
                                                {"Content-Type": "application/json"})
                    self.assertIn(answer.status, (404, 405))
                    self.assertEqual(self.footprint(), before)


if __name__ == "__main__":
    unittest.main()
