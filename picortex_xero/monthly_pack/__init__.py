"""The monthly pack: what was read of Xero's reports and the cash of the coming weeks, as a PDF by e-mail to people whom an admin has chosen and who may see them."""
