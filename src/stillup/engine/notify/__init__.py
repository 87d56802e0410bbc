"""The outbox at work: messages in, mails and webhooks out."""
