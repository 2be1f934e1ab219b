"""Pages of declarations: of citizens (`declare`, `claim`, `diary`, `receipt`) and of the desk."""
