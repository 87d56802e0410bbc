"""What IAM asks of an entry of Resource before it keeps the policy."""

from __future__ import annotations

from typing import Final

_COMPONENTS: Final = 6
_PARTITIONS: Final = ("aws", "aws-cn", "aws-us-gov", "*")
_IAM_PATHS: Final = (
    "user/",
    "federated-user/",
    "role/",
    "group/",
    "instance-profile/",
    "mfa/",
    "server-certificate/",
    "policy/",
    "sms-mfa/",
    "saml-provider/",
    "oidc-provider/",
    "report/",
    "access-report/",
)


def complaint_about_resource(resource: str) -> str | None:
    """IAM's words for what is wrong with the resource; components that are left out are `*`."""
    if resource == "*":
        return None
    if ":" not in resource:
        return f'Resource {resource} must be in ARN format or "*".'
    stated = resource.split(":", _COMPONENTS - 1)[1:]
    partition, service, region, account, path = stated + ["*"] * (_COMPONENTS - 1 - len(stated))
    if partition not in _PARTITIONS:
        arn = f"arn:{partition}:{service}:{region}:{account}:{path}"
        return f'Partition "{partition}" is not valid for resource "{arn}".'
    if "*" in service or "?" in service:
        return "Resource vendor must be fully qualified and cannot contain regexes."
    if not service:
        return "The policy failed legacy parsing"
    if service == "iam":
        return _complaint_about_iam(resource, region, path)
    if service == "s3":
        return _complaint_about_s3(resource, region, account)
    return None


def _complaint_about_iam(resource: str, region: str, path: str) -> str | None:
    if region not in ("", "*"):
        return f"IAM resource {resource} cannot contain region information."
    if path not in ("*", "root") and not path.startswith(_IAM_PATHS):
        return f'IAM resource path must either be "*", root, or start with {", ".join(_IAM_PATHS)}.'
    return None


def _complaint_about_s3(resource: str, region: str, account: str) -> str | None:
    """A bucket has neither Region nor account in its ARN; an access point has both."""
    if account not in ("", "*") and region in ("", "*"):
        return "The policy failed legacy parsing"
    if region not in ("", "*") and account in ("", "*"):
        return f"Resource {resource} can not contain region information."
    return None
