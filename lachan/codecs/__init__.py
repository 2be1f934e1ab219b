"""Pure formats: what is printed on cards and posters, read into typed values. No Django, no database."""
