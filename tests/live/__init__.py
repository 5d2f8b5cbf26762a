"""What only Xero itself can settle: small experiments on a Demo Company (`make test-live`), kept honest by running on the simulator too."""
