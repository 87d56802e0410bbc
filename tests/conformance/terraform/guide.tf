# The guide's set-up as Terraform users write it: zone, check, failover pair, bucket, website, policy, object.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "terraform"
  secret_key                  = "terraform"
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    ec2     = var.endpoint
    route53 = var.endpoint
    s3      = var.endpoint
    sts     = var.endpoint
  }
}

data "aws_caller_identity" "me" {}

resource "aws_route53_zone" "site" {
  name    = "terraform.example"
  comment = "the site"
  tags    = { team = "sre" }
}

resource "aws_route53_health_check" "primary" {
  ip_address        = "127.0.0.9"
  port              = 80
  type              = "HTTP"
  resource_path     = "/health"
  fqdn              = "www.terraform.example"
  request_interval  = 30
  failure_threshold = 3
  tags              = { Name = "primary", "stillup:confirm-interval" = "1s" }
}

resource "aws_route53_health_check" "match" {
  fqdn              = "www.terraform.example"
  type              = "HTTPS_STR_MATCH"
  port              = 443
  search_string     = "all is well"
  request_interval  = 10
  failure_threshold = 2
  regions           = ["us-east-1", "us-west-2", "eu-west-1"]
}

resource "aws_route53_health_check" "both" {
  type                   = "CALCULATED"
  child_health_threshold = 1
  child_healthchecks     = [aws_route53_health_check.primary.id, aws_route53_health_check.match.id]
}

resource "aws_route53_record" "primary" {
  zone_id         = aws_route53_zone.site.zone_id
  name            = "www"
  type            = "A"
  ttl             = 60
  records         = ["127.0.0.9"]
  set_identifier  = "primary"
  health_check_id = aws_route53_health_check.primary.id
  failover_routing_policy { type = "PRIMARY" }
}

resource "aws_route53_record" "secondary" {
  zone_id        = aws_route53_zone.site.zone_id
  name           = "www"
  type           = "A"
  set_identifier = "secondary"
  failover_routing_policy { type = "SECONDARY" }
  alias {
    name                   = aws_s3_bucket_website_configuration.backup.website_domain
    zone_id                = aws_s3_bucket.backup.hosted_zone_id
    evaluate_target_health = false
  }
}

resource "aws_route53_record" "text" {
  zone_id = aws_route53_zone.site.zone_id
  name    = "text"
  type    = "TXT"
  ttl     = 300
  records = ["v=spf1 -all", "a \\\"quoted\\\" word"]
}

resource "aws_route53_record" "wildcard" {
  zone_id = aws_route53_zone.site.zone_id
  name    = "*.apps"
  type    = "MX"
  ttl     = 300
  records = ["10 mail.terraform.example.", "20 mail2.terraform.example."]
}

resource "aws_route53_record" "several" {
  for_each                         = toset(["192.0.2.1", "192.0.2.2"])
  zone_id                          = aws_route53_zone.site.zone_id
  name                             = "several"
  type                             = "A"
  ttl                              = 60
  records                          = [each.key]
  set_identifier                   = each.key
  multivalue_answer_routing_policy = true
}

resource "aws_s3_bucket" "backup" {
  bucket        = "www.terraform.example"
  force_destroy = true
  tags          = { team = "sre" }
}

resource "aws_s3_bucket_public_access_block" "backup" {
  bucket                  = aws_s3_bucket.backup.id
  block_public_policy     = false
  restrict_public_buckets = false
}

resource "aws_s3_bucket_policy" "backup" {
  bucket = aws_s3_bucket.backup.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "PublicReadGetObject"
      Effect    = "Allow"
      Principal = "*"
      Action    = "s3:GetObject"
      Resource  = "${aws_s3_bucket.backup.arn}/*"
    }]
  })
  depends_on = [aws_s3_bucket_public_access_block.backup]
}

resource "aws_s3_bucket_website_configuration" "backup" {
  bucket = aws_s3_bucket.backup.id
  index_document { suffix = "index.html" }
  error_document { key = "error.html" }
}

resource "aws_s3_object" "index" {
  bucket       = aws_s3_bucket.backup.id
  key          = "index.html"
  content      = "<h1>backup</h1>"
  content_type = "text/html"
}

output "account" { value = data.aws_caller_identity.me.account_id }
output "website" { value = aws_s3_bucket_website_configuration.backup.website_endpoint }
