"""The moments at which the site was stopped, and whether it then goes on at the machine that had sent the requests still without an answer.

At each of them some steps wait for others, for time and for people, the records of two bills are kept until a person chooses, and one
request is being looked for in Xero's lists, with what they have shown so far.
"""

from __future__ import annotations

MOMENTS = {
    # Steps are claimed, nothing is sealed.
    "claimed": False,
    # Four requests are sealed and never left.
    "sealed": False,
    # Four were sent; two have arrived. Their keys still tell, for it goes on at once and at the same machine.
    "sent": True,
    # Of the second round one is recorded, others have arrived, others have not; another machine has to ask Xero's lists.
    "sent-later": False,
}
