"""``manage.py create_organization SLUG --name NAME --admin EMAIL``: the first step on a server closed to strangers."""

import os
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from accounts.adapters import confirm_address
from accounts.choices import Language
from accounts.links import organization_url, public_url
from accounts.models import User
from accounts.services import found_organization


class Command(BaseCommand):
    help = "Create an organization, with a person (made when unknown) as its first admin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="its part of the address: /o/SLUG/")
        parser.add_argument("--name", required=True)
        parser.add_argument("--admin", required=True, metavar="EMAIL")
        parser.add_argument("--admin-name", default="", help="the admin's name, when they are new")
        parser.add_argument("--password-env", metavar="VAR", help="environment variable with a new admin's password")
        parser.add_argument("--language", choices=Language.values, default="en")
        parser.add_argument("--time-zone", default="UTC")
        parser.add_argument("--currency", default="USD")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        user, needs_password = self._person(options)
        try:
            member = found_organization(
                user=user,
                name=options["name"],
                slug=options["slug"],
                language=options["language"],
                time_zone=options["time_zone"],
                currency=options["currency"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(organization_url(member.organization.slug, "my-day"))
        if needs_password:
            self.stderr.write(
                f"{user.email} has no password yet; they choose one at {public_url('account_reset_password')}"
            )

    def _person(self, options: dict[str, Any]) -> tuple[User, bool]:
        """The admin, made with a confirmed address when unknown; and whether a password is still to be chosen."""
        email, password = options["admin"].strip().lower(), self._password(options["password_env"])
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"{email!r} is no e-mail address.") from None
        user = User.objects.filter(email=email).first()
        if user is not None:
            if password:
                raise CommandError(f"{email} has a sign-in already and keeps its password: leave --password-env out.")
            return user, not user.has_usable_password()
        user = User(email=email, name=options["admin_name"] or email.partition("@")[0])
        if password:
            try:
                validate_password(password, user)
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from None
        user.set_password(password)
        user.save()
        confirm_address(user)
        return user, password is None

    def _password(self, variable: str | None) -> str | None:
        if variable is None:
            return None
        if not os.environ.get(variable):
            raise CommandError(f"The environment variable {variable} is empty or not set.")
        return os.environ[variable]
