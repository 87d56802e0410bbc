# A topic, who hears of it, and a health check that follows an alarm, as they are first and, with `changed`, become in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "webhook" { type = string }

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
    route53    = var.endpoint
    sns        = var.endpoint
    sts        = var.endpoint
  }
}

resource "aws_sns_topic" "alerts" {
  name              = "terraform-notifications"
  display_name      = var.changed ? "Alerts" : null
  signature_version = var.changed ? 2 : 1
  tags              = var.changed ? { kept = "changed", new = "1" } : { kept = "first", old = "1" }
  delivery_policy = jsonencode({
    http = {
      defaultHealthyRetryPolicy = {
        minDelayTarget     = 1
        maxDelayTarget     = var.changed ? 10 : 5
        numRetries         = 3
        numMaxDelayRetries = 1
        numNoDelayRetries  = 0
        numMinDelayRetries = 1
        backoffFunction    = "linear"
      }
      disableSubscriptionOverrides = false
    }
  })
}

resource "aws_sns_topic_policy" "alerts" {
  arn = aws_sns_topic.alerts.arn
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = var.changed ? "EveryAlarm" : "OneAlarm"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alerts.arn
      Condition = { ArnLike = { "aws:SourceArn" = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:${var.changed ? "*" : "one"}" } }
    }]
  })
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn     = aws_sns_topic.alerts.arn
  protocol      = "email"
  endpoint      = "ops@example.com"
  filter_policy = var.changed ? jsonencode({ team = ["web"] }) : null
}

resource "aws_sns_topic_subscription" "webhook" {
  topic_arn              = aws_sns_topic.alerts.arn
  protocol               = "http"
  endpoint               = var.webhook
  endpoint_auto_confirms = true
  raw_message_delivery   = var.changed
  filter_policy_scope    = var.changed ? "MessageBody" : "MessageAttributes"
  filter_policy          = jsonencode({ team = var.changed ? ["web", "shop"] : ["web"] })
}

resource "aws_cloudwatch_metric_alarm" "errors" {
  alarm_name          = "terraform-errors"
  namespace           = "shop"
  metric_name         = "errors"
  statistic           = "Sum"
  period              = 60
  evaluation_periods  = 1
  threshold           = var.changed ? 2 : 1
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.alerts.arn]
}

resource "aws_route53_health_check" "errors" {
  type                            = "CLOUDWATCH_METRIC"
  cloudwatch_alarm_name           = aws_cloudwatch_metric_alarm.errors.alarm_name
  cloudwatch_alarm_region         = "us-east-1"
  insufficient_data_health_status = var.changed ? "LastKnownStatus" : "Unhealthy"
  invert_healthcheck              = var.changed
  tags                            = { Name = var.changed ? "errors, changed" : "errors" }
}
