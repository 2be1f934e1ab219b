"""What the pages of the response centre share."""

from lachan.platform.pages import Answers

_answers = Answers("response_centre")
go, done, refused = _answers.go, _answers.done, _answers.refused
