"""The scheduler of one site, as `bench schedule` does it for all of a bench: `journey_schedule.py SITE`, from the bench's sites folder."""

import sys
import time

from frappe.utils.scheduler import enqueue_events_for_site

while True:
    enqueue_events_for_site(sys.argv[1])
    time.sleep(20)
