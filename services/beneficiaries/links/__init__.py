"""Links: what an agency may know of others' registrations of its own people."""
