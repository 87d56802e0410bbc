"""The outbox's worker: mail, webhooks, heartbeats, and the pages that links in mails open."""
