"""``manage.py create_token --organization SLUG --member EMAIL --scope SCOPE``: prints the token alone on stdout."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.choices import Scope
from accounts.models import Membership, Organization
from accounts.services import create_token
from accounts.tenancy.context import tenant


class Command(BaseCommand):
    help = (
        "Make an API token that acts as a member. Only the token goes to stdout; it is not stored and not shown again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", required=True, metavar="SLUG")
        parser.add_argument("--member", required=True, metavar="EMAIL")
        parser.add_argument("--scope", required=True, action="append", choices=Scope.values)
        parser.add_argument("--name", default="", help="what will use it; default: “command line”")
        parser.add_argument("--days", type=int, help="for how many days it is valid; default: until revoked")

    def handle(self, *args: Any, **options: Any) -> None:
        organization = Organization.objects.filter(slug=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization at /o/{options['organization']}/.")
        days = options["days"]
        with tenant(organization.pk):
            member = Membership.objects.active().filter(user__email=options["member"].strip().lower()).first()
            if member is None:
                raise CommandError(f"{options['member']} is not an active member of {organization}.")
            try:
                _token, secret = create_token(
                    actor=None,
                    member=member,
                    name=options["name"] or "command line",
                    scopes=options["scope"],
                    expires_at=timezone.now() + datetime.timedelta(days=days) if days else None,
                )
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(secret)
