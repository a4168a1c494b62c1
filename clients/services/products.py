from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.services import changes
from clients.exceptions import ProductArchived
from clients.models import Product
from clients.services.writing import currency_for


def add_product(*, actor: Membership | None, name: str, currency: str = "", **fields: Any) -> Product:
    """Add to the catalogue. ``fields``: code, description, list_price_minor."""
    return changes.add(actor=actor, obj=Product(name=name, currency=currency or currency_for(actor), **fields))


def change_product(*, actor: Membership | None, product: Product, version: int | None = None, **fields: Any) -> Product:
    return changes.change(actor=actor, obj=product, version=version, **fields)


def archive_product(*, actor: Membership | None, product: Product, version: int | None = None) -> Product:
    """Stop selling it: running contract lines stay, new ones cannot name it."""
    return changes.archive(actor=actor, obj=product, version=version)


def restore_product(*, actor: Membership | None, product: Product, version: int | None = None) -> Product:
    return changes.restore(actor=actor, obj=product, version=version)


def refuse_archived_product(product: Product | None) -> None:
    if product is not None and product.archived_at is not None:
        raise ProductArchived(
            _("“%(name)s” is no longer sold. Choose another product, or restore it.") % {"name": product.name}
        )
