"""What the form of a document is told that the user may press, and what that calls."""

from __future__ import annotations

FLAGS = {
    "can_retry": "status.retry",
    "can_credit": "status.credit_in_open_period",
    "can_send_again": "status.send_again",
    "can_leave_out": "status.leave_out",
    "can_accept": "status.accept",
    "can_say_done": "status.done_by_hand",
    "explains": "why.lines",
    "can_release": "to_fix.release",
    "can_send_late": "to_fix.send_late",
    "can_approve": "approvals.decide",
    "can_send_now": "rules.send_now",
}
