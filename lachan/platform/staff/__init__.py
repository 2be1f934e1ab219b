"""Accounts of staff: who has which posting where, and how they come to a password of their own."""
