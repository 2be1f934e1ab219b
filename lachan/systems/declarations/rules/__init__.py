"""What is asked, what an answer may be, and what follows from it."""
