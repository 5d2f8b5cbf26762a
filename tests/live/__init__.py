"""Questions that only Xero itself can answer, as experiments on a Demo Company (`make test-live`); they run on the simulator, too."""
