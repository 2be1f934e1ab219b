"""The desks of certificates, and the page on which anybody checks one."""
