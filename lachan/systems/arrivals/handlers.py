"""What arrivals does when something happens elsewhere."""
