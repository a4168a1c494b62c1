from collections.abc import Sequence

from accounts.imports.errors import Refused
from accounts.imports.fields import Choice, Currency, Day, Field, Flag, Link, Money, Number
from accounts.imports.importer import Importer
from accounts.imports.mapping import FileMapping
from accounts.imports.records import Record
from accounts.imports.run import Run
from clients.choices import BillingPeriod
from clients.models import Contract, ContractLine, Product


class ProductImporter(Importer):
    entity = "product"
    model = Product
    about = "Something the organization sells."
    fields = (
        Field(name="name", about="Its name; no two current products share one.", required=True),
        Field(name="code", about="Article number."),
        Field(name="description", about="What it is."),
        Money(name="list_price", attribute="list_price_minor", about="Price in the list."),
        Currency(name="currency", about="Currency of the list price."),
    )


class ContractImporter(Importer):
    entity = "contract"
    model = Contract
    about = "What a client agreed to. What it pays stands in its lines."
    fields = (
        Field(name="name", about="What it is called; its number or id unless given."),
        Field(name="number", about="The number on the paper."),
        Day(name="starts_on", about="First day.", required=True),
        Day(name="ends_on", about="The first day on which it no longer holds.", is_plan=True),
        Number(name="notice_days", about="Days of notice before the end.", least=0, most=32_767),
        Flag(name="auto_renew", about="Whether it goes on by itself."),
        Choice(name="billing_period", about="How often it is billed.", choices=BillingPeriod),
        Currency(name="currency", about="Currency of its lines."),
        Link(name="client", about="Whose contract.", entity="client", required=True),
    )

    def complete(self, run: Run, record: Record) -> None:
        if not record.values.get("name"):
            record.values["name"] = record.values.get("number") or record.key

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))


class ContractLineImporter(Importer):
    """A line takes client and days from its contract, where the file does not say them."""

    entity = "contract_line"
    model = ContractLine
    about = "One product in a contract: a subscription. A contract has one line or several."
    fields = (
        Number(name="quantity", about="Seats, units.", least=0, most=2_147_483_647),
        Money(name="mrr", attribute="mrr_minor", about="Monthly revenue of the whole line.", required=True),
        Currency(name="currency", about="Currency of `mrr`; the contract's.", is_stored=False),
        Day(name="starts_on", about="First day; the contract's unless given."),
        Day(
            name="ends_on",
            about="The first day on which it no longer counts; the contract's unless mapped.",
            is_plan=True,
        ),
        Link(name="contract", about="The contract it stands in.", entity="contract", required=True),
        Link(name="product", about="What was bought.", entity="product", required=True),
    )

    def before(self, run: Run, records: Sequence[Record]) -> None:
        run.notes["contracts"] = Contract.objects.in_bulk([record.values["contract_id"] for record in records])

    def complete(self, run: Run, record: Record) -> None:
        contract = run.notes["contracts"][record.values["contract_id"]]
        currency = record.extra.get("currency") or run.reading.currency
        if currency != contract.currency:
            raise Refused(f"is in {currency}, but its contract is in {contract.currency}; map `currency`")
        record.values["client_id"] = contract.client_id
        record.values["starts_on"] = record.values.get("starts_on") or contract.starts_on
        record.values.setdefault("ends_on", None if contract.auto_renew else contract.ends_on)

    def stored(self, run: Run, file: FileMapping, records: Sequence[Record]) -> None:
        run.touch("client", (record.values["client_id"] for record in records))
