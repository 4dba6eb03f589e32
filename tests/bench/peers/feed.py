"""feed.py COUNT: so many all-day events written by python3-icalendar; prints "seconds VALUE"."""

import datetime
import sys
import time

import icalendar

count = int(sys.argv[1])
begin = time.monotonic()
calendar = icalendar.Calendar()
calendar.add("version", "2.0")
calendar.add("prodid", "-//bench//nb")
stamp = datetime.datetime(2027, 1, 15, 8, 0, tzinfo=datetime.timezone.utc)
for index in range(count):
    event = icalendar.Event()
    event.add("uid", f"landet.krav-000.{index}@embetet.example")
    event.add("dtstamp", stamp)
    event.add("dtstart", datetime.date(2027, 9, 1 + index % 28))
    event.add("summary", f"Frist: Krav 0 – Kommune {index}")
    event.add("description", f"Krav 0 skal være levert av Kommune {index}")
    event.add("url", "http://127.0.0.1:8080/sak/landet/krav-000/kommune-000000")
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
calendar.to_ical()
print("seconds", time.monotonic() - begin)
