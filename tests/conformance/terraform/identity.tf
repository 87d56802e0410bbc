# A user with a key and policies as they are first and, with `changed`, as they become in place.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" { type = string }
variable "access_key" { type = string }
variable "secret_key" { type = string }

variable "changed" {
  type    = bool
  default = false
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = var.access_key
  secret_key                  = var.secret_key
  skip_credentials_validation = true
  skip_metadata_api_check     = true

  endpoints {
    iam = var.endpoint
    sts = var.endpoint
  }
}

resource "aws_iam_user" "failover" {
  name          = "failover"
  path          = var.changed ? "/ops/" : "/"
  force_destroy = true
  tags          = var.changed ? { kept = "changed", new = "1" } : { kept = "first", old = "1" }
}

resource "aws_iam_access_key" "failover" {
  user   = aws_iam_user.failover.name
  status = var.changed ? "Inactive" : "Active"
}

data "aws_iam_policy_document" "records" {
  statement {
    actions   = ["route53:ChangeResourceRecordSets"]
    resources = ["arn:aws:route53:::hostedzone/*"]

    condition {
      test     = "ForAllValues:StringEquals"
      variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
      values   = [var.changed ? "api.example.com" : "www.example.com"]
    }
  }
}

resource "aws_iam_user_policy" "records" {
  name   = "records"
  user   = aws_iam_user.failover.name
  policy = data.aws_iam_policy_document.records.json
}

resource "aws_iam_policy" "reading" {
  name        = "reading"
  path        = "/ops/"
  description = "what every watcher may read"
  tags        = { changed = var.changed }
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = concat(["route53:Get*"], var.changed ? ["route53:List*"] : [])
      Resource = "*"
    }]
  })
}

resource "aws_iam_user_policy_attachment" "reading" {
  user       = aws_iam_user.failover.name
  policy_arn = aws_iam_policy.reading.arn
}

data "aws_iam_user" "failover" {
  user_name = aws_iam_user.failover.name
}

data "aws_iam_principal_policy_simulation" "reading" {
  policy_source_arn = aws_iam_user.failover.arn
  action_names      = ["route53:GetHostedZone", "route53:ListHostedZones"]
  depends_on        = [aws_iam_user_policy_attachment.reading]
}

output "may_all" {
  value = data.aws_iam_principal_policy_simulation.reading.all_allowed
}
