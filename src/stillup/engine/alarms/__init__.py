"""Alarms at work: datapoints in, changes of state out."""
