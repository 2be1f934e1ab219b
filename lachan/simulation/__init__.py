"""The synthetic country: real areas, made-up people, and an outbreak whose every transmission is known."""
