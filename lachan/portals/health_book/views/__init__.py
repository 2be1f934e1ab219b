"""Pages of the book, and of the desk that answers questions about looks."""
