"""The one error of all formats."""


class FormatError(Exception):
    """A text is not of the format. `code` is for machines and translations, `message` is plain English."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
