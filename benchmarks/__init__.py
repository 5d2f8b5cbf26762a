"""Measurements of the app that can be repeated: how fast a backlog goes, and the figures of docs/architecture.md.

They use the sandbox only (host stand-in, Xero simulator, recorded documents) and read the app's source; of the app itself they name
nothing but what every version has: the path of the job (`picortex_xero.sync.jobs.dispatch`, where queued jobs of release 0.1 look for it),
its DocTypes, and functions given as arguments.

The sandbox is imported here, first, so that `--app` can put another checkout's app on the import path and nothing else of it.
"""

import sandbox  # noqa: F401
