"""Whose leave a document wants before it goes to Xero, and whether it has it. Decided on values: the steps of an approval, what people have said, who is
away."""
