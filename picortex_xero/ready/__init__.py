"""Whether what stands in Xero has the shape in which Xero's own matching finds it for a line of the bank's statement: our estimate, on values alone."""
