"""Alarms: when a metric, or other alarms, should wake somebody (section 4)."""
