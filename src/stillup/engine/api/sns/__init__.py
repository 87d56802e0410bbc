"""Amazon SNS: topics, subscriptions, publishing."""
