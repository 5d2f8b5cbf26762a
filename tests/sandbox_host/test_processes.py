"""Real worker, real SIGKILL, real scheduler, and a queue server that goes away."""

from __future__ import annotations

import socket
import time

import pytest
import redis

from sandbox.host import queue_server
from sandbox.host.processes import start_scheduler, start_web, start_worker, wait_for
from sandbox.host.queue_server import QueueServer
from sandbox.host.scheduler import run_tick
from sandbox.host.site import create_site, open_site


def bodies(site):
    with open_site(site) as frappe:
        return frappe.get_all("Toy Parcel", pluck="body", order_by="creation")


def test_jobs_run_as_the_user_and_a_failure_is_rolled_back_and_logged(frappe, site):
    frappe.set_user("Guest")
    frappe.enqueue("toy.work.who", colour="red")
    frappe.enqueue("toy.work.fails", queue="long")
    worker = start_worker(site, "--burst")
    assert worker.process.wait(180) == 0
    assert bodies(site) == ['Guest {"colour":"red"}']
    assert "on purpose" in frappe.get_all("Error Log", fields=["error"])[0].error


@pytest.mark.parametrize(("moment", "left"), [("before", ["x first"]), ("after", ["x first"])])
def test_a_worker_killed_at_a_breakpoint_keeps_only_what_it_committed(frappe, site, tmp_path, moment, left):
    frappe.enqueue("toy.work.two_steps", text="x")
    signal_file = tmp_path / "reached"
    worker = start_worker(site, breakpoint_at=f"toy.work:second:{moment}", signal_file=signal_file)
    wait_for(signal_file)
    horse, parent = (int(line) for line in signal_file.read_text().split())
    assert parent == worker.process.pid and horse != parent
    worker.kill()
    assert bodies(site) == left
    with open_site(site) as after:  # the dead process holds no lock
        after.db.sql("update `tabToy Parcel` set tries = 3")
        after.db.commit()


def test_enqueue_raises_when_the_queue_server_is_down(tmp_path, toy_app):
    server = QueueServer(tmp_path / "queue").start()
    try:
        site = create_site(tmp_path / "down.local", server.url, apps=("toy",))
        server.stop()
        with open_site(site) as frappe:
            began = time.monotonic()
            with pytest.raises(redis.exceptions.ConnectionError):
                frappe.enqueue("toy.work.note")
            assert 3.5 < time.monotonic() - began < 30
        server.start()
        with open_site(site) as frappe:
            frappe.enqueue("toy.work.note", text="back")
    finally:
        server.stop()


def test_the_scheduler_enqueues_each_method_once_until_it_ran(frappe, site):
    assert run_tick(site, 1) == 1
    assert run_tick(site, 2) == 0  # still queued
    assert run_tick(site, 60) == 1  # the hourly one; the cron one still waits
    scheduler = start_scheduler(site, "--tick", "0.2")
    worker = start_worker(site)
    try:
        deadline = time.monotonic() + 120
        while len(bodies(site)) < 3 and time.monotonic() < deadline:
            time.sleep(0.1)
    finally:
        scheduler.stop()
        worker.stop()
    assert bodies(site)[:3] == ["tick"] * 3


def test_the_front_never_shares_a_port_with_a_stranger(site):
    with socket.create_server(("127.0.0.1", 0)) as stranger, pytest.raises(OSError):
        start_web(site, stranger.getsockname()[1])


def test_a_port_that_somebody_took_meanwhile_is_given_up_for_another(tmp_path, monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        found = iter([taken, queue_server.free_port()])
        monkeypatch.setattr(queue_server, "free_port", lambda: next(found))
        with QueueServer(tmp_path / "queue") as server:
            assert server.port != taken and redis.Redis.from_url(server.url).ping()
        with pytest.raises(RuntimeError, match="did not start"):
            QueueServer(tmp_path / "other", port=taken).start()
