"""What a forked worker finds loaded: the stand-in, the worker and the app. Loading them takes longer than most jobs."""

import gc
from importlib import import_module

from sandbox.host import activate

activate()
for module in ("sandbox.host.worker", "picortex_xero.engine.jobs"):
    import_module(module)
# What is loaded by now is shared with every worker as long as the collector of none goes through it.
gc.collect()
gc.freeze()
