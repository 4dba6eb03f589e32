"""webhook_server.py PLAN: a workflow's webhook on loopback.

Prints its port, then each call as a line of JSON, and answers with what PLAN, a JSON list, says next;
when that is used up, 202. An answer is {"status": 429, "headers": {"Retry-After": "7"}, "body": ""}
or {"close": true}. A card that is bigger than the channel takes is refused with 413, and one that is
no message with a card in it with 400, as Teams does.
"""
import http.server
import json
import sys

BYTES_MAX = 28 * 1024


def problem_of(body):
    if len(body) > BYTES_MAX:
        return 413
    try:
        message = json.loads(body)
        [attachment] = message["attachments"]
        good = (message["type"] == "message" and attachment["content"]["type"] == "AdaptiveCard" and
                attachment["contentType"] == "application/vnd.microsoft.card.adaptive")
    except (ValueError, KeyError, TypeError):
        return 400
    return None if good else 400


class Handler(http.server.BaseHTTPRequestHandler):
    plan = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        print(json.dumps({"path": self.path, "type": self.headers.get("Content-Type", ""),
                          "body": body.decode()}), flush=True)
        step = self.plan.pop(0) if self.plan else {}
        if step.get("close"):
            self.connection.close()
            return
        status = step.get("status") or problem_of(body) or 202
        answer = step.get("body", "").encode()
        self.send_response(status)
        for name, value in step.get("headers", {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


Handler.plan = json.loads(sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
