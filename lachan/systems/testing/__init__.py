"""Testing: from the order to the verified result, whatever number of people shares a tube."""
