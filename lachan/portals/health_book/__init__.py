"""The health book: a person's own record, opened by a code sent to their telephone."""
