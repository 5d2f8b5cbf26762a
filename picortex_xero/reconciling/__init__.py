"""Bank reconciliation in ERPNext: what bank lines are about is proposed (`banking/` decides), accepted by people or by itself, and undone. Nothing here speaks to Xero: a Payment Entry that
is made for a line goes there as any other does."""
