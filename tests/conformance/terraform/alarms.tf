# Alarms of both kinds as they are first and, with `changed`, as they become in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

variable "changed" {
  type    = bool
  default = false
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "terraform"
  secret_key                  = "terraform"
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    cloudwatch = var.endpoint
    sts        = var.endpoint
  }
}

locals {
  alerts = "arn:aws:sns:us-east-1:123456789012:terraform-alerts"
}

resource "aws_cloudwatch_metric_alarm" "status" {
  alarm_name          = "terraform-status"
  namespace           = "AWS/Route53"
  metric_name         = "HealthCheckStatus"
  dimensions          = { HealthCheckId = "11111111-2222-3333-4444-555555555555" }
  statistic           = "Minimum"
  period              = var.changed ? 120 : 60
  evaluation_periods  = var.changed ? 3 : 1
  datapoints_to_alarm = var.changed ? 2 : null
  threshold           = 1
  comparison_operator = "LessThanThreshold"
  treat_missing_data  = var.changed ? "breaching" : null
  alarm_description   = var.changed ? null : "The primary is down"
  actions_enabled     = !var.changed
  alarm_actions       = [local.alerts]
  ok_actions          = var.changed ? [] : [local.alerts]
  tags                = var.changed ? { kept = "changed", new = "1" } : { kept = "first", old = "1" }
}

resource "aws_cloudwatch_metric_alarm" "percentile" {
  alarm_name                            = "terraform-percentile"
  namespace                             = "shop"
  metric_name                           = "latency"
  extended_statistic                    = var.changed ? "p99.9" : "p90"
  evaluate_low_sample_count_percentiles = "ignore"
  unit                                  = "Milliseconds"
  period                                = 10
  evaluation_periods                    = 6
  threshold                             = 250.5
  comparison_operator                   = "GreaterThanOrEqualToThreshold"
}

resource "aws_cloudwatch_composite_alarm" "both" {
  alarm_name        = "terraform-both"
  alarm_rule        = "ALARM(${aws_cloudwatch_metric_alarm.status.alarm_name}) ${var.changed ? "OR" : "AND"} ALARM(${aws_cloudwatch_metric_alarm.percentile.alarm_name})"
  alarm_description = var.changed ? "Either" : "Both"
  alarm_actions     = [local.alerts]
  tags              = { team = var.changed ? "web" : "shop" }
}
