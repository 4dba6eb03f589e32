#!/usr/bin/python3
"""A stand-in for Microsoft Graph and its sign-in, on a loopback port of its own, over TLS.

    graph_server.py FOLDER

It keeps one mailbox, moter@sf-innlandet.example, and to what is documented: tokens by client
credentials; events with transactionId, a single-value extended property that is never echoed and
can be searched for, online meetings whose part of the body must be kept, whom each change is mailed
to, cancellation; subscriptions with a handshake while their request is pending, and with an end;
changes by calendarView/delta with links that are used to the letter; four requests at a time. Unlike
Microsoft it calls addresses without TLS, on this machine.

FOLDER gets the certificate. The first line printed is {"port": …, "ca_file": …}. After that it
answers one line of JSON to each line of JSON, which does what its keys say:
    {"set": {NAME: VALUE}}      see World.settings
    {"fail": [RULE]}            {"at": "POST .*/events$", "status": 503, "code": "…", "message": "…",
                                 "headers": {…}, "drop": "before" or "after", "times": 1, "skip": 0};
                                of "after", what was asked for has been done
    {"respond": {"event", "address", "response", "time"}}, {"delete": ID},
    {"edit": {"event", "patch"}}
                                what people do in Outlook; {"notified": [STATUS…]}
    {"lifecycle": "missed"}     tells the subscriptions so; {"notified": [STATUS…]}
    {"forget_sync": true}       no link of changes is good any more
    {"forget_requests": true}   begins to list requests anew
    {"hold": true}              keeps requests about the mailbox waiting
    {"await_held": N}           answers once so many wait
    {"release": N}              lets so many go on; all, and no longer hold any: -1
    {"ask": NAME}               {NAME: …}: events, mails, requests, subscriptions, most_at_once,
                                tokens (how many were given)
It ends when its input does.
"""
import http.client
import http.server
import json
import pathlib
import re
import secrets
import sys
import threading
import urllib.parse
import uuid
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from certificate import make_certificate  # noqa: E402

MAILBOX = "moter@sf-innlandet.example"
TENANT = "sf-innlandet.example"
CLIENT = "5f0c0de0-0000-4000-8000-000000000001"
SUBSCRIPTION_MINUTES_MAX = 10_080
AT_ONCE_MAX = 4
ZONES = {"UTC": timezone.utc, "W. Europe Standard Time": ZoneInfo("Europe/Oslo")}
PROPERTY = re.compile(r"^String \{[0-9a-f-]{36}\} Name \w+$")
FILTER = re.compile(r"^singleValueExtendedProperties/Any\(ep: ep/id eq '([^']*)' and "
                    r"ep/value eq '([^']*)'\)$")
RULE = "_" * 80


class Refusal(Exception):
    def __init__(self, status, code, message="", headers=None):
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = headers or {}


class Dropped(Exception):
    pass


def iso(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.0000000")


def instant(text):
    return int(datetime.fromisoformat(text.replace("Z", "+00:00")[:19] + "+00:00").timestamp())


def read_time(value):
    zone = ZONES.get(value.get("timeZone"))
    if zone is None:
        raise Refusal(400, "TimeZoneNotSupportedException")
    local = datetime.fromisoformat(value["dateTime"])
    return int(local.replace(tzinfo=zone).timestamp())


class World:
    """All that is kept. Its lock is held while a request is worked on, and never while waiting."""

    def __init__(self):
        self.changed = threading.Condition()
        self.settings = {
            "now": instant("2021-03-01T08:00:00Z"),
            "secret": "hemmelig",
            "token_life": 3599,
            "secret_expired": False,
            "roles": ["Calendars.ReadWrite"],
            "policy": "",                 # "denied": an access policy keeps the application out
            "mailbox": MAILBOX,
            "providers": ["teamsForBusiness"],
            "blind_search": False,        # what was just made is not found yet
            "forgets_transactions": False,
            "page_size": 2,
        }
        self.rules = []
        self.tokens = {}
        self.events = {}
        self.log = []                     # ids in the order of their changes
        self.sessions = {}                # of delta, by token
        self.subscriptions = {}
        self.mails = []
        self.requests = []
        self.under_way = self.most_at_once = 0
        self.is_holding, self.held, self.may_go = False, 0, 0
        self.made = 0

    # Tokens

    def token(self, tenant, form):
        if tenant != TENANT:
            return 400, {"error": "invalid_request", "error_codes": [90002],
                         "error_description": "AADSTS90002: Tenant 'x' not found."}
        if form.get("client_id") != CLIENT:
            return 400, {"error": "unauthorized_client", "error_codes": [700016],
                         "error_description": "AADSTS700016: Application not found."}
        if self.settings["secret_expired"]:
            return 401, {"error": "invalid_client", "error_codes": [7000222],
                         "error_description": "AADSTS7000222: keys are expired."}
        if form.get("client_secret") != self.settings["secret"]:
            return 401, {"error": "invalid_client", "error_codes": [7000215],
                         "error_description": "AADSTS7000215: Invalid client secret."}
        if (form.get("grant_type") != "client_credentials"
                or form.get("scope") != "https://graph.microsoft.com/.default"):
            return 400, {"error": "invalid_scope", "error_codes": [70011]}
        token = f"hemmelig-token-{len(self.tokens) + 1}"
        life = self.settings["token_life"]
        self.tokens[token] = self.settings["now"] + life
        return 200, {"token_type": "Bearer", "expires_in": life, "ext_expires_in": life,
                     "access_token": token}

    def check_token(self, header):
        expires_at = self.tokens.get(header.removeprefix("Bearer "), 0)
        if expires_at <= self.settings["now"]:
            raise Refusal(401, "InvalidAuthenticationToken", "Lifetime validation failed.")

    def check_mailbox(self, mailbox, writing):
        if self.settings["policy"] == "denied":
            raise Refusal(403, "ErrorAccessDenied", "Access to OData is disabled.")
        roles = self.settings["roles"]
        if "Calendars.ReadWrite" not in roles and (writing or "Calendars.Read" not in roles):
            raise Refusal(403, "ErrorAccessDenied",
                          "Access is denied. Check credentials and try again.")
        if mailbox.lower() != self.settings["mailbox"]:
            raise Refusal(404, "ErrorInvalidUser", f"The requested user '{mailbox}' is invalid.")

    # Events

    def find(self, event_id):
        event = self.events.get(event_id)
        if event is None:
            raise Refusal(404, "ErrorItemNotFound",
                          "The specified object was not found in the store.")
        return event

    def shown(self, event):
        out = {key: value for key, value in event.items() if not key.startswith("_")}
        for name in ("start", "end"):
            out[name] = {"dateTime": iso(event["_" + name]), "timeZone": "UTC"}
        return out

    def touch(self, event_id):
        self.log.append(event_id)

    def take(self, event, given):
        """What stands in `given` becomes so."""
        for key in ("subject", "location", "allowNewTimeProposals"):
            if key in given:
                event[key] = given[key]
        for name in ("start", "end"):
            if name in given:
                event["_" + name] = read_time(given[name])
        if event["_start"] >= event["_end"]:
            raise Refusal(400, "ErrorPropertyValidationFailure")
        if "attendees" in given:
            if len(given["attendees"]) > 500:
                raise Refusal(400, "ErrorTooManyAttendees")
            before = {self.address(one): one for one in event["attendees"]}
            event["attendees"] = []
            for one in given["attendees"]:
                old = before.get(self.address(one), {})
                status = old.get("status", {"response": "none", "time": "0001-01-01T00:00:00Z"})
                event["attendees"].append({**one, "status": status})
        if "body" in given:
            content = given["body"]["content"]
            event["body"] = {"contentType": "html", "content": content}
            if event["isOnlineMeeting"] and event["_stem"] not in content:
                # The way in was taken out of the text: the meeting in Teams is no more.
                event["isOnlineMeeting"], event["onlineMeeting"] = False, None
        if given.get("isOnlineMeeting") and not event["isOnlineMeeting"]:
            self.go_online(event, given.get("onlineMeetingProvider"))

    def go_online(self, event, provider):
        if provider not in self.settings["providers"]:
            return
        event["_stem"] = f"https://teams.example/l/meetup-join/19%3ameeting_{event['id']}%40thread/0"
        join_url = event["_stem"] + "?context=%7b%22Tid%22%3a%22t%22%7d&x=1"
        event["isOnlineMeeting"] = True
        event["onlineMeetingProvider"] = provider
        event["onlineMeeting"] = {"joinUrl": join_url}
        if not event["location"].get("displayName"):
            event["location"] = {"displayName": "Microsoft Teams-møte"}
        own = re.sub(r"(?s)^.*<body>|</body>.*$", "", event["body"]["content"])
        line = f'<div style="width:100%"><span style="opacity:.36">{RULE}</span></div>\r\n'
        link = join_url.replace("&", "&amp;")
        event["body"]["content"] = (
            f'<html><head>\r\n<meta charset="utf-8"></head>\r\n<body>\r\n{own}{line}'
            f'<div class="way-in"><a href="{link}">Bli med</a></div>\r\n{line}</body></html>')

    @staticmethod
    def address(attendee):
        return attendee["emailAddress"]["address"].lower()

    def mail(self, event, kind, addresses):
        self.mails.append({"event": event["id"], "kind": kind, "to": sorted(addresses)})

    def create(self, given):
        transaction = given.get("transactionId")
        if transaction and not self.settings["forgets_transactions"]:
            for event in self.events.values():
                if event.get("transactionId") == transaction:
                    return event
        self.made += 1
        event = {"id": f"AAMk{self.made}=/+", "iCalUId": uuid.uuid4().hex, "subject": "",
                 "location": {"displayName": ""}, "attendees": [], "isCancelled": False,
                 "isOnlineMeeting": False, "onlineMeeting": None,
                 "body": {"contentType": "html", "content": ""},
                 "_start": 0, "_end": 1, "_properties": {}}
        if transaction:
            event["transactionId"] = transaction
        for one in given.get("singleValueExtendedProperties", []):
            if not PROPERTY.match(one["id"]):
                raise Refusal(400, "ErrorInvalidExtendedProperty")
            event["_properties"][one["id"]] = one["value"]
        body = dict(given)
        online = body.pop("isOnlineMeeting", False)
        self.take(event, body)
        if online:
            self.go_online(event, body.get("onlineMeetingProvider"))
        self.events[event["id"]] = event
        self.mail(event, "invited", [self.address(one) for one in event["attendees"]])
        self.touch(event["id"])
        return event

    def change(self, event_id, patch):
        event = self.find(event_id)
        if "transactionId" in patch:
            raise Refusal(400, "ErrorInvalidRequest", "transactionId cannot be changed.")
        before = {self.address(one): one["type"] for one in event["attendees"]}
        self.take(event, patch)
        after = {self.address(one): one["type"] for one in event["attendees"]}
        gone = before.keys() - after.keys()
        if set(patch) <= {"attendees"}:
            told = {one for one, kind in after.items() if before.get(one) != kind}
        else:
            told = set(after)
        if told:
            self.mail(event, "updated", told)
        if gone:
            self.mail(event, "uninvited", gone)
        self.touch(event_id)
        return event

    def cancel(self, event_id, comment):
        event = self.find(event_id)
        self.mail(event, "cancelled: " + comment, [self.address(one) for one in event["attendees"]])
        self.remove(event_id)

    def remove(self, event_id):
        del self.events[event_id]
        self.touch(event_id)

    def search(self, query):
        match = FILTER.match(query.get("$filter", ""))
        if set(query) != {"$filter"} or not match:
            raise Refusal(400, "BadRequest", "Invalid filter clause")
        if self.settings["blind_search"]:
            return []
        wanted_id, wanted = match.groups()
        return [self.shown(event) for event in self.events.values()
                if event["_properties"].get(wanted_id, "").lower() == wanted.lower()]

    # Changes

    def delta(self, raw_query, here):
        query = dict(urllib.parse.parse_qsl(raw_query))
        if set(query) == {"startDateTime", "endDateTime"}:
            window = (instant(query["startDateTime"]), instant(query["endDateTime"]))
            ids = [id_ for id_, event in self.events.items() if self.is_in(event, window)]
            return self.page(ids, window, here)
        session = self.sessions.get(raw_query)
        if session is None:
            raise Refusal(410, "SyncStateNotFound", "The sync state generation is not found.")
        ids, window, since = session
        if since is not None:
            ids = list(dict.fromkeys(self.log[since:]))
        return self.page(ids, window, here)

    @staticmethod
    def is_in(event, window):
        return event["_start"] < window[1] and window[0] < event["_end"]

    def page(self, ids, window, here):
        size = self.settings["page_size"]
        value = []
        for id_ in ids[:size]:
            event = self.events.get(id_)
            if event and self.is_in(event, window):
                value.append(self.shown(event))
            else:
                value.append({"@removed": {"reason": "deleted"}, "id": id_})
        # An odd spelling, so that a link which was taken apart and put together again is found out.
        link = f"$deltatoken=R0usmc%2b{secrets.token_hex(8)}%2F"
        out = {"value": value}
        if len(ids) > size:
            link = link.replace("delta", "skip")
            self.sessions[link] = (ids[size:], window, None)
            out["@odata.nextLink"] = f"{here}?{link}"
        else:
            self.sessions[link] = ([], window, len(self.log))
            out["@odata.deltaLink"] = f"{here}?{link}"
        return out

    # Subscriptions

    def check_expiry(self, text):
        expires_at = instant(text)
        if expires_at > self.settings["now"] + SUBSCRIPTION_MINUTES_MAX * 60:
            raise Refusal(400, "ValidationError", "Subscription expiration can only be 10080 minutes")
        return max(expires_at, self.settings["now"] + 45 * 60)

    def known_subscription(self, id_):
        subscription = self.subscriptions.get(id_)
        if subscription is None or instant(
                subscription["expirationDateTime"]) <= self.settings["now"]:
            self.subscriptions.pop(id_, None)
            raise Refusal(404, "ResourceNotFound", "The object was not found.")
        return subscription

    def live_subscriptions(self):
        return [dict(one) for one in self.subscriptions.values()
                if instant(one["expirationDateTime"]) > self.settings["now"]]


def post(url, body, content_type):
    """The status, type and body of what answers at `url` on this machine."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        path = parts.path + ("?" + parts.query if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": content_type})
        answer = connection.getresponse()
        return answer.status, answer.headers.get_content_type(), answer.read().decode()
    except OSError:
        return 0, "", ""
    finally:
        connection.close()


def shake_hands(url):
    token = f"Validation: Testing client application reachability for 1+{secrets.token_hex(4)}%"
    status, content_type, body = post(
        url + "?validationToken=" + urllib.parse.quote_plus(token), "",
        "text/plain; charset=utf-8")
    if (status, content_type, body) != (200, "text/plain", token):
        raise Refusal(400, "ValidationError",
                      "Subscription validation request failed. HTTP status code is 'NotFound'.")


def notify(subscriptions, make):
    out = []
    for one in subscriptions:
        url, told = make(one)
        told = {"subscriptionId": one["id"], "clientState": one["clientState"],
                "subscriptionExpirationDateTime": one["expirationDateTime"],
                "tenantId": "t", **told}
        out.append(post(url, json.dumps({"value": [told]}), "application/json")[0])
    return {"notified": out}


def notify_of_change(world, event_id, kind):
    with world.changed:
        subscriptions = world.live_subscriptions()
    return notify(subscriptions, lambda one: (one["notificationUrl"], {
        "changeType": kind, "resource": f"Users/1/Events/{event_id}",
        "resourceData": {"@odata.type": "#Microsoft.Graph.Event", "id": event_id}}))


class Handler(http.server.BaseHTTPRequestHandler):
    world = None
    port = 0

    def log_message(self, *_):
        pass

    def handle(self):
        try:
            super().handle()
        except (Dropped, OSError):
            pass

    def drop(self):
        self.connection.close()
        raise Dropped

    def do_GET(self):
        self.serve()

    do_POST = do_PATCH = do_DELETE = do_GET

    def rule_for(self, what):
        for rule in self.world.rules:
            if not re.search(rule["at"], what):
                continue
            if rule.get("skip", 0) > 0:
                rule["skip"] -= 1
                continue
            if rule.setdefault("times", 1) > 0:
                rule["times"] -= 1
                return rule
        return {}

    def serve(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        path, _, query = self.path.partition("?")
        path = path.removeprefix("/v1.0")
        world = self.world
        what = f"{self.command} {path}"
        with world.changed:
            world.requests.append({"what": what, "query": urllib.parse.unquote(query),
                                   "body": "" if "/oauth2/" in path else body})
            rule = self.rule_for(what)
        if rule.get("drop") == "before":
            self.drop()
        try:
            if "status" in rule:
                raise Refusal(rule["status"], rule.get("code", ""), rule.get("message", ""),
                              rule.get("headers"))
            if match := re.fullmatch(r"/([^/]+)/oauth2/v2\.0/token", path):
                with world.changed:
                    status, answer = world.token(match[1], dict(urllib.parse.parse_qsl(body)))
                self.answer(status, answer)
                return
            with world.changed:
                world.check_token(self.headers.get("Authorization", ""))
            given = json.loads(body) if body else {}
            if path.startswith("/subscriptions"):
                status, answer = self.subscriptions(path, given)
            else:
                status, answer = self.mailbox(path, query, given)
        except Refusal as refusal:
            self.answer(refusal.status, {"error": {"code": refusal.code,
                                                   "message": refusal.message}}, refusal.headers)
            return
        if rule.get("drop") == "after":
            self.drop()
        self.answer(status, answer)

    def answer(self, status, document, headers=None):
        body = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if document is not None:
            self.send_header("Content-Type", "application/json; odata.metadata=minimal")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def mailbox(self, path, query, given):
        world = self.world
        match = re.fullmatch(r"/users/([^/]+)(/.*)", path)
        if not match:
            raise Refusal(400, "BadRequest", "Resource not found for the segment.")
        with world.changed:
            if world.under_way >= AT_ONCE_MAX:
                raise Refusal(429, "ApplicationThrottled",
                              "Application is over its MailboxConcurrency limit.",
                              {"Retry-After": "10"})
            world.under_way += 1
            world.most_at_once = max(world.most_at_once, world.under_way)
            try:
                self.wait_for_leave()
                world.check_mailbox(urllib.parse.unquote(match[1]), self.command != "GET")
                return self.calendar(match[2], query, given)
            finally:
                world.under_way -= 1

    def wait_for_leave(self):
        world = self.world
        if not world.is_holding:
            return
        world.held += 1
        world.changed.notify_all()
        world.changed.wait_for(lambda: world.may_go > 0 or not world.is_holding)
        world.may_go -= 1 if world.may_go > 0 else 0
        world.held -= 1
        world.changed.notify_all()

    def calendar(self, path, query, given):
        world = self.world
        zone = self.headers.get("Prefer", "")
        if zone not in ("", 'outlook.timezone="UTC"'):
            raise Refusal(400, "ErrorInvalidTimeZone")
        if (self.command, path) == ("GET", "/calendar"):
            return 200, {"id": "c", "name": "Kalender",
                         "allowedOnlineMeetingProviders": world.settings["providers"]}
        if (self.command, path) == ("GET", "/calendarView/delta"):
            here = f"https://127.0.0.1:{self.port}/v1.0" + self.path.partition("?")[0].removeprefix(
                "/v1.0")
            return 200, world.delta(query, here)
        if (self.command, path) == ("GET", "/events"):
            return 200, {"value": world.search(dict(urllib.parse.parse_qsl(query)))}
        if (self.command, path) == ("POST", "/events"):
            return 201, world.shown(world.create(given))
        match = re.fullmatch(r"/events/([^/]+)(/cancel)?", path)
        if not match:
            raise Refusal(400, "BadRequest")
        event_id = urllib.parse.unquote(match[1])
        if match[2] and self.command == "POST":
            world.cancel(event_id, given["Comment"])
            return 202, None
        if self.command == "GET":
            return 200, world.shown(world.find(event_id))
        if self.command == "PATCH":
            return 200, world.shown(world.change(event_id, given))
        raise Refusal(405, "ErrorInvalidRequest")

    def subscriptions(self, path, given):
        world = self.world
        if (self.command, path) == ("POST", "/subscriptions"):
            with world.changed:
                expires_at = world.check_expiry(given["expirationDateTime"])
            if len(given.get("clientState", "")) > 128:
                raise Refusal(400, "InvalidRequest", "clientState is too long.")
            if given["resource"] != f"/users/{MAILBOX}/events":
                raise Refusal(403, "ExtensionError", "Operation: Create; access denied.")
            for url in (given["notificationUrl"], given["lifecycleNotificationUrl"]):
                shake_hands(url)
            with world.changed:
                id_ = str(uuid.uuid4())
                world.subscriptions[id_] = {**given, "id": id_,
                                            "expirationDateTime": iso(expires_at) + "Z"}
                return 201, dict(world.subscriptions[id_])
        id_ = path.removeprefix("/subscriptions/")
        with world.changed:
            subscription = world.known_subscription(id_)
            if self.command == "DELETE":
                del world.subscriptions[id_]
                return 204, None
            if self.command == "PATCH" and set(given) == {"expirationDateTime"}:
                expires_at = world.check_expiry(given["expirationDateTime"])
                subscription["expirationDateTime"] = iso(expires_at) + "Z"
                return 200, dict(subscription)
        raise Refusal(400, "InvalidRequest")


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


def respond(world, told):
    with world.changed:
        event = world.find(told["event"])
        for one in event["attendees"]:
            if world.address(one) == told["address"]:
                one["status"] = {"response": told["response"], "time": told["time"]}
        world.touch(told["event"])
    return notify_of_change(world, told["event"], "updated")


def delete(world, event_id):
    with world.changed:
        world.remove(event_id)
    return notify_of_change(world, event_id, "deleted")


def edit(world, told):
    with world.changed:
        world.take(world.find(told["event"]), told["patch"])
        world.touch(told["event"])
    return notify_of_change(world, told["event"], "updated")


def lifecycle(world, what):
    with world.changed:
        subscriptions = world.live_subscriptions()
        if what == "subscriptionRemoved":
            world.subscriptions.clear()
    return notify(subscriptions,
                  lambda one: (one["lifecycleNotificationUrl"], {"lifecycleEvent": what}))


def tell(world, name):
    with world.changed:
        return {name: {
            "events": [world.shown(event) for event in world.events.values()],
            "mails": world.mails, "requests": world.requests,
            "subscriptions": list(world.subscriptions.values()),
            "most_at_once": world.most_at_once, "tokens": len(world.tokens)}[name]}


def obey(world, question):
    answer = {}
    with world.changed:
        world.settings.update(question.get("set", {}))
        if "fail" in question:
            world.rules = question["fail"]
        if question.get("forget_sync"):
            world.sessions.clear()
        if question.get("forget_requests"):
            world.requests.clear()
        if question.get("hold"):
            world.is_holding = True
        if "await_held" in question:
            world.changed.wait_for(lambda: world.held >= question["await_held"])
        if "release" in question:
            count = question["release"]
            world.is_holding = world.is_holding and count > 0
            world.may_go += max(count, 0)
            world.changed.notify_all()
            # Who was let go has gone before this is answered, so that the next wait sees the next.
            world.changed.wait_for(lambda: world.may_go == 0)
    for name, act in (("respond", respond), ("delete", delete), ("edit", edit),
                      ("lifecycle", lifecycle), ("ask", tell)):
        if name in question:
            answer = act(world, question[name])
    return answer


def main():
    public, context = make_certificate(sys.argv[1])
    server = Server(("127.0.0.1", 0), Handler)
    Handler.world, Handler.port = World(), server.server_port
    # The handshake of TLS is left to the request's own thread.
    server.socket = context.wrap_socket(server.socket, server_side=True,
                                        do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"port": server.server_port, "ca_file": str(public)}), flush=True)
    for line in sys.stdin:
        print(json.dumps(obey(Handler.world, json.loads(line))), flush=True)


main()
