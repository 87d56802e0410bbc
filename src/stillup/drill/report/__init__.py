"""A drill's report: text for the terminal, JSON for programs, one page of HTML for the audit."""
