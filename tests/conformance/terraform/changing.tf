# Resources of each kind as they are first and, with `changed`, as they become in place.

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
    route53 = var.endpoint
    sts     = var.endpoint
  }
}

resource "aws_route53_zone" "changing" {
  name          = "changing.example"
  comment       = var.changed ? "" : "the first comment"
  force_destroy = true
  tags          = var.changed ? { kept = "changed", new = "1" } : { kept = "first", old = "1" }
}

resource "aws_route53_health_check" "endpoint" {
  ip_address         = var.changed ? "127.0.0.10" : "127.0.0.9"
  port               = var.changed ? 8080 : 80
  type               = "HTTP"
  resource_path      = var.changed ? null : "/health"
  fqdn               = "${var.changed ? "b" : "a"}.changing.example"
  request_interval   = 30
  failure_threshold  = var.changed ? 5 : 2
  invert_healthcheck = var.changed
  disabled           = var.changed
  regions            = ["us-east-1", "us-west-2", var.changed ? "sa-east-1" : "eu-west-1"]
  tags               = var.changed ? {} : { Name = "endpoint" }
}

resource "aws_route53_health_check" "match" {
  fqdn              = "www.changing.example"
  type              = "HTTPS_STR_MATCH"
  port              = 443
  search_string     = var.changed ? "b & <c>" : "a"
  request_interval  = 10
  failure_threshold = 3
  enable_sni        = !var.changed
}

resource "aws_route53_health_check" "calculated" {
  type                   = "CALCULATED"
  child_health_threshold = var.changed ? 0 : 1
  child_healthchecks     = [var.changed ? aws_route53_health_check.match.id : aws_route53_health_check.endpoint.id]
}

resource "aws_route53_record" "values" {
  zone_id = aws_route53_zone.changing.zone_id
  name    = "*.values"
  type    = "A"
  ttl     = var.changed ? 30 : 300
  records = var.changed ? ["192.0.2.9", "192.0.2.1"] : ["192.0.2.1", "192.0.2.2"]
}

resource "aws_route53_record" "alias_or_values" {
  zone_id = aws_route53_zone.changing.zone_id
  name    = ""
  type    = "A"
  ttl     = var.changed ? 60 : null
  records = var.changed ? ["192.0.2.3"] : null

  dynamic "alias" {
    for_each = var.changed ? [] : [1]
    content {
      name                   = aws_route53_record.values.fqdn
      zone_id                = aws_route53_zone.changing.zone_id
      evaluate_target_health = true
    }
  }
}

resource "aws_route53_record" "primary" {
  zone_id         = aws_route53_zone.changing.zone_id
  name            = "failover"
  type            = "CNAME"
  ttl             = var.changed ? 20 : 60
  records         = ["primary.changing.example"]
  set_identifier  = "the primary"
  health_check_id = var.changed ? aws_route53_health_check.calculated.id : aws_route53_health_check.endpoint.id
  failover_routing_policy { type = "PRIMARY" }
}

resource "aws_route53_record" "servers" {
  allow_overwrite = true
  zone_id         = aws_route53_zone.changing.zone_id
  name            = "changing.example"
  type            = "NS"
  ttl             = var.changed ? 60 : 30
  records         = ["ns1.example.net.", "ns2.example.net."]
}
