"""The HTTP front: who may call what, what commits, and the pages."""

from __future__ import annotations

import pytest
from werkzeug.test import Client

from sandbox.host.web import Front


@pytest.fixture
def client(frappe, site):
    return Client(Front(site))


def test_a_login_is_remembered_and_arguments_arrive(client):
    assert client.get("/api/method/toy.work.hello").status_code == 403
    assert client.get("/login?user=Administrator&to=/app").status_code == 302
    answer = client.get("/api/method/toy.work.hello?name=you&unknown=1").json
    assert answer["message"] == {"hello": "you", "user": "Administrator"}


def test_only_whitelisted_functions_and_methods(client):
    client.get("/login?user=Administrator")
    assert client.get("/api/method/toy.work.note").status_code == 403
    assert client.get("/api/method/toy.work.nothing").status_code == 404
    assert client.get("/api/method/toy.work.open_door").status_code == 403


def test_a_guest_may_where_guests_are_allowed_and_a_redirect_is_one(client):
    answer = client.post("/api/method/toy.work.open_door")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/somewhere")


def test_a_post_commits_and_a_get_does_not(client, frappe):
    client.get("/login?user=Administrator")
    client.get("/api/method/toy.work.keep")
    assert frappe.db.count("Toy Parcel") == 0
    client.post("/api/method/toy.work.keep")
    frappe.db.rollback()  # what this connection read before stays what it sees
    assert frappe.db.count("Toy Parcel") == 1


def test_an_error_rolls_back_and_says_what_it_was(client, frappe):
    client.get("/login?user=Administrator")
    answer = client.post("/api/method/toy.work.refuse")
    assert (answer.status_code, answer.json["exc_type"]) == (417, "ValidationError")
    assert answer.json["messages"][0]["message"] == "not today"
    assert frappe.db.count("Toy Parcel") == 0


def test_pages_show_documents_to_whom_may_read_them(client, frappe):
    doc = frappe.get_doc({"doctype": "Toy Parcel", "body": "<script>"}).insert()
    frappe.db.commit()
    assert client.get(f"/app/toy-parcel/{doc.name}").status_code == 403
    client.get("/login?user=Administrator")
    assert doc.name in client.get("/app/toy-parcel").text
    page = client.get(f"/app/toy-parcel/{doc.name}").text
    assert "&lt;script&gt;" in page and "<script>" not in page
    assert client.get("/app/toy-parcel/none").status_code == 404
    assert client.get("/").status_code == 200
