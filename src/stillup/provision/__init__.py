"""Reads what there is and carries a Plan out, only through the AWS API."""
