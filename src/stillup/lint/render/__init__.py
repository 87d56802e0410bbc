"""Findings as people and programs read them: text, JSON, SARIF, GitHub's annotations, and rules as Markdown."""
