"""Serve one site with the files of the Desk, by the bench's own Python: `serve_site.py SITE PORT`, from the bench's sites folder."""

import os
import sys

import frappe.app
from werkzeug.serving import run_simple

frappe.app._site, frappe.app._sites_path = sys.argv[1], os.getcwd()
run_simple("127.0.0.1", int(sys.argv[2]), frappe.app.application_with_statics(), threaded=True)
