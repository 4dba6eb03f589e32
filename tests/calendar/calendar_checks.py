"""complaints(raw): what is wrong with a calendar, by an own lint and by three others' libraries.

libical's restriction check knows the tables of iTIP, vobject the required properties, icalendar the
values. None of them sees a zone without its rules, a zone on a whole day, an end before its start,
a stamp that is not UTC, a long line, a bare line end or a fold inside a character: the lint does.
"""
import ctypes
import re
import warnings

import icalendar
import vobject

_ICAL = ctypes.CDLL("libical.so.3")
_ICAL.icalparser_parse_string.restype = ctypes.c_void_p
_ICAL.icalparser_parse_string.argtypes = [ctypes.c_char_p]
for _name in ("icalrestriction_check", "icalcomponent_count_errors", "icalcomponent_free"):
    getattr(_ICAL, _name).argtypes = [ctypes.c_void_p]


def unfolded(raw):
    """Its lines as (name, {parameter: value}, value), by a reader of our own."""
    out = []
    for line in raw.replace(b"\r\n ", b"").replace(b"\r\n\t", b"").decode().split("\r\n"):
        if not line:
            continue
        match = re.match(r'([^;:]+)((?:;[^=]+=(?:"[^"]*"|[^";:]*))*):(.*)$', line, re.S)
        if match is None:
            out.append((line, {}, ""))
            continue
        parameters = dict(re.findall(r';([^=]+)=("[^"]*"|[^";:]*)', match[2]))
        out.append((match[1], {name: value.strip('"') for name, value in parameters.items()},
                    match[3]))
    return out


def events(raw):
    """The events as {name: [(parameters, value), …]}."""
    out, inside = [], False
    for name, parameters, value in unfolded(raw):
        if (name, value) == ("BEGIN", "VEVENT"):
            out.append({})
            inside = True
        elif (name, value) == ("END", "VEVENT"):
            inside = False
        elif inside:
            out[-1].setdefault(name, []).append((parameters, value))
    return out


def _lint_lines(raw):
    out = []
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw):
        out.append("lint: a bare line end")
    if not raw.endswith(b"\r\n"):
        out.append("lint: the last line has no end")
    for line in raw.split(b"\r\n"):
        if len(line) > 75:
            out.append(f"lint: a line of {len(line)} octets")
        try:
            line.decode()
        except UnicodeDecodeError:
            out.append("lint: a fold inside a character")
        if re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", line):
            out.append("lint: a control character")
    return out


def _lint_event(event, zones):
    out = []
    for name, values in event.items():
        for parameters, value in values:
            zone = parameters.get("TZID")
            if zone is None:
                continue
            if zone not in zones:
                out.append(f"lint: {name} names the zone {zone}, whose rules are not there")
            if parameters.get("VALUE") == "DATE" or len(value) == 8:
                out.append(f"lint: {name} has a zone on a whole day")
            if value.endswith("Z"):
                out.append(f"lint: {name} has a zone on a time in UTC")
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        for _, value in event.get(name, []):
            if not re.fullmatch(r"\d{8}T\d{6}Z", value):
                out.append(f"lint: {name} is not in UTC")
    start, end = event.get("DTSTART", [None])[0], event.get("DTEND", [None])[0]
    if start and end:
        same_kind = start[0].get("TZID") == end[0].get("TZID") and len(start[1]) == len(end[1])
        if same_kind and end[1] <= start[1]:
            out.append("lint: DTEND is not after DTSTART")
    for name in ("ORGANIZER", "ATTENDEE"):
        for _, value in event.get(name, []):
            if not value.startswith("mailto:"):
                out.append(f"lint: {name} is no mailto:")
    return out


def lint(raw):
    out = _lint_lines(raw)
    try:
        lines = unfolded(raw)
    except UnicodeDecodeError:
        return out
    zones = {value for name, _, value in lines if name == "TZID"}
    for event in events(raw):
        out += _lint_event(event, zones)
    uids = [event["UID"][0][1] for event in events(raw) if "UID" in event]
    if len(set(uids)) != len(uids):
        out.append("lint: two events have one UID")
    return out


def libical(raw):
    component = _ICAL.icalparser_parse_string(raw)
    if component is None:
        return ["libical: cannot be read"]
    try:
        out = []
        if _ICAL.icalcomponent_count_errors(component) > 0:
            out.append("libical: errors in what was read")
        if _ICAL.icalrestriction_check(component) == 0:
            out.append("libical: a restriction is broken")
        if _ICAL.icalcomponent_count_errors(component) > 0 and not out:
            out.append("libical: errors in what was checked")
        return out
    finally:
        _ICAL.icalcomponent_free(component)


def by_vobject(raw):
    try:
        calendar = vobject.readOne(raw.decode())
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            calendar.validate(raiseException=True)
            calendar.serialize()
        return []
    except Exception as error:  # Its own, and those of what it stands on.
        return [f"vobject: {type(error).__name__}: {error}"]


def by_icalendar(raw):
    try:
        calendar = icalendar.Calendar.from_ical(raw)
        out = [f"icalendar: {error}" for part in calendar.walk() for error in part.errors]
        return out if len(calendar.to_ical()) > 0 else ["icalendar: nothing was read"]
    except Exception as error:
        return [f"icalendar: {type(error).__name__}: {error}"]


def complaints(raw):
    found = lint(raw)
    for judge in (libical, by_vobject, by_icalendar):
        found += judge(raw)
    return found
