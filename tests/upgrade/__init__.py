"""A site that version 0.1.0 left in the middle of its work: the present version has to go on with it, and to send what 0.1.0 would have
sent."""
