#!/usr/bin/python3
"""Reads messages with Python's own parser: one JSON string of a message in, one JSON object out.

What is wrong with the bytes themselves, or what the parser calls a defect, stands in "defects".
"""
import email
import email.header
import email.policy
import email.utils
import json
import re
import sys

STRICT = email.policy.SMTP.clone(raise_on_defect=True, cte_type="7bit")
ENCODED_WORD = re.compile(r"=\?([^?\s]*)\?([QqBb])\?([^?\s]*)\?=")


def defects_of_bytes(raw):
    found = []
    if not raw.endswith(b"\r\n"):
        found.append("no CRLF at the end")
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        found.append("a CR or LF alone")
    if re.search(rb"[^\r\n\t\x20-\x7e]", raw):
        found.append("a byte that is no plain ASCII")
    for line in raw.split(b"\r\n"):
        if len(line) > 998:
            found.append("a line of more than 998 characters")
        if line.startswith(b".") or line.startswith(b"From "):
            found.append("a line that others may change")
    return found


def defects_of_header(header):
    found = []
    for line in header.split("\r\n"):
        if not line.strip():
            found.append("a header line of white space")
        if "=?" in line and len(line) > 76:
            found.append(f"a line with encoded-words of {len(line)} characters")
        # An address or a Message-ID cannot be folded; everything else can.
        if len(line) > 78 and len(line.split()) > 2:
            found.append(f"a header line of {len(line)} characters")
    for word in ENCODED_WORD.finditer(header):
        if len(word.group(0)) > 75:
            found.append("an encoded-word of more than 75 characters")
        # Each must be whole characters by itself.
        [(text, charset)] = email.header.decode_header(word.group(0))
        text.decode(charset)
    return found


def mailboxes(message, name):
    """By the older of Python's two parsers too, which joins encoded-words as RFC 2047 says."""
    result = []
    for header in email.message_from_bytes(message.raw).get_all(name, []):
        unfolded = re.sub(r"\r\n(?=[ \t])", "", header)
        for shown, address in email.utils.getaddresses([unfolded]):
            shown = str(email.header.make_header(email.header.decode_header(shown)))
            result.append({"name": shown, "address": address})
    return result


def read(raw):
    found = defects_of_bytes(raw)
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii", "replace")
    for header in re.split(r"\r\n(?![ \t])", head):
        found += defects_of_header(header)
    message = email.message_from_bytes(raw, policy=STRICT)
    message.raw = raw
    headers = {}
    for name, value in message.items():
        found += [f"{name}: {defect}" for defect in value.defects]
        headers.setdefault(name, []).append(str(value))
    parts = []
    for part in message.walk():
        found += [str(defect) for defect in part.defects]
        if not part.is_multipart():
            parts.append({
                "type": part.get_content_type(),
                "charset": part.get_content_charset(),
                "encoding": part["Content-Transfer-Encoding"],
                "text": part.get_payload(decode=True).decode("utf-8"),
            })
            if any(len(line) > 76 for line in part.get_payload().split("\r\n")):
                found.append("a body line of more than 76 characters")
    addresses = {name: [box.addr_spec for box in message[name].addresses]
                 for name in ("From", "To", "Cc", "Reply-To") if message[name] is not None}
    return {
        "headers": headers,
        "names": list(message.keys()),
        "addresses": addresses,
        "mailboxes": {name: mailboxes(message, name) for name in addresses},
        "date": message["Date"].datetime.isoformat() if message["Date"] is not None else None,
        "type": message.get_content_type(),
        "parts": parts,
        "defects": found,
    }


for line in sys.stdin:
    try:
        answer = read(json.loads(line).encode("ascii"))
    except Exception as problem:  # noqa: BLE001 - told to the test, which fails on it
        answer = {"defects": [f"{type(problem).__name__}: {problem}"]}
    print(json.dumps(answer), flush=True)
