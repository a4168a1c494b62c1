"""Contracts, their lines, and the products they name."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.pages import ActionPage, ChildAddPage, DetailPage, ListPage, RowAddPage, RowChangePage
from clients import services
from clients.filters import PRODUCT_ORDERINGS, ProductFilter
from clients.forms import ContractForm, ContractLineForm, ProductForm
from clients.models import Client, Contract, ContractLine, Product


class ContractDetailView(DetailPage):
    permission = "clients.view_contract"
    queryset = Contract.objects.select_related("client")
    template_name = "clients/contract_detail.html"
    context_object_name = "contract"

    def get_context_data(self, **kwargs):
        contract, today = self.object, timezone.localdate()
        lines = ContractLine.objects.current().filter(contract=contract).select_related("product")
        lines = list(lines.order_by("starts_on", "id"))
        context = {
            "lines": lines,
            "running_minor": sum(line.mrr_minor for line in lines if line.is_running(today)),
            "today": today,
            "may": {verb: self.member.can(f"clients.{verb}_contract", contract) for verb in ("change", "archive")},
        }
        return super().get_context_data(**context, **kwargs)


class ContractAddView(ChildAddPage):
    permission = "clients.add_contract"
    queryset = Client.objects.all()
    form_class = ContractForm
    success_message = gettext_lazy("Contract added. Now say what it contains.")

    @property
    def title(self):
        return _("New contract with %(client)s") % {"client": self.object}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "client": self.object}

    def get_cancel_url(self):
        return f"{self.object.get_absolute_url()}?tab=contracts"

    def perform(self, **data):
        return services.add_contract(actor=self.member, client=self.object, **data).get_absolute_url()


class ContractChangeView(RowChangePage):
    permission = "clients.change_contract"
    queryset = Contract.objects.select_related("client")
    form_class = ContractForm
    title = gettext_lazy("Edit contract")
    success_message = gettext_lazy("Saved.")

    def perform(self, **data):
        return services.change_contract(actor=self.member, contract=self.object, **data).get_absolute_url()


class ContractArchiveView(ActionPage):
    permission = "clients.archive_contract"
    queryset = Contract.objects.select_related("client")
    success_message = gettext_lazy("Contract archived.")

    def perform(self):
        services.archive_contract(actor=self.member, contract=self.object, version=self.version)

    def get_success_url(self):
        return f"{self.object.client.get_absolute_url()}?tab=contracts"

    def undo_url(self):
        return reverse("clients:contract-restore", args=[self.object.pk])


class ContractRestoreView(ActionPage):
    permission = "clients.restore_contract"
    queryset = Contract.objects.select_related("client")
    success_message = gettext_lazy("Contract restored.")

    def perform(self):
        services.restore_contract(actor=self.member, contract=self.object)

    def get_success_url(self):
        return self.object.get_absolute_url()


class LineAddView(ChildAddPage):
    permission = "clients.add_contractline"
    queryset = Contract.objects.select_related("client")
    form_class = ContractLineForm
    success_message = gettext_lazy("Line added.")

    @property
    def title(self):
        return _("New line in %(contract)s") % {"contract": self.object}

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "contract": self.object}

    def perform(self, **data):
        services.add_contract_line(actor=self.member, contract=self.object, **data)
        return self.object.get_absolute_url()


class LineChangeView(RowChangePage):
    permission = "clients.change_contractline"
    queryset = ContractLine.objects.select_related("contract__client", "client", "product")
    form_class = ContractLineForm
    title = gettext_lazy("Edit line")
    success_message = gettext_lazy("Saved.")

    def get_form_kwargs(self):
        return {**super().get_form_kwargs(), "contract": self.object.contract}

    def get_cancel_url(self):
        return self.object.contract.get_absolute_url()

    def perform(self, **data):
        services.change_contract_line(actor=self.member, line=self.object, **data)
        return self.get_cancel_url()


class LineEndView(ActionPage):
    """From today the line no longer counts."""

    permission = "clients.end_contractline"
    queryset = ContractLine.objects.select_related("contract", "client")
    success_message = gettext_lazy("Line ended as of today.")

    def perform(self):
        services.end_contract_line(actor=self.member, line=self.object, version=self.version)

    def get_success_url(self):
        return self.object.contract.get_absolute_url()


class ProductListView(ListPage):
    permission = "clients.view_product"
    queryset = Product.objects.all()
    filter_class = ProductFilter
    orderings = PRODUCT_ORDERINGS
    template_name = "clients/product_list.html"
    table_template_name = "clients/_product_table.html"

    def get_context_data(self, **kwargs):
        may = {verb: self.member.can(f"clients.{verb}_product") for verb in ("add", "change", "archive")}
        currency = self.request.organization.settings.currency
        return super().get_context_data(may=may, currency=currency, **kwargs)


class ProductDetailView(DetailPage):
    permission = "clients.view_product"
    queryset = Product.objects.all()
    template_name = "clients/product_detail.html"
    context_object_name = "product"

    def get_context_data(self, **kwargs):
        may = {verb: self.member.can(f"clients.{verb}_product") for verb in ("change", "archive")}
        owners = Client.objects.current().visible_to(self.member).with_product(self.object).for_list()[:50]
        currency = self.object.currency or self.request.organization.settings.currency
        return super().get_context_data(may=may, owners=owners, currency=currency, **kwargs)


class ProductAddView(RowAddPage):
    permission = "clients.add_product"
    form_class = ProductForm
    title = gettext_lazy("New product")
    success_message = gettext_lazy("Product added.")

    def get_cancel_url(self):
        return reverse("clients:product-list")

    def perform(self, **data):
        return services.add_product(actor=self.member, **data).get_absolute_url()


class ProductChangeView(RowChangePage):
    permission = "clients.change_product"
    queryset = Product.objects.all()
    form_class = ProductForm
    title = gettext_lazy("Edit product")
    success_message = gettext_lazy("Saved.")

    def perform(self, **data):
        return services.change_product(actor=self.member, product=self.object, **data).get_absolute_url()


class ProductArchiveView(ActionPage):
    permission = "clients.archive_product"
    queryset = Product.objects.all()
    success_message = gettext_lazy("Product archived.")

    def perform(self):
        services.archive_product(actor=self.member, product=self.object, version=self.version)

    def get_success_url(self):
        return reverse("clients:product-list")

    def undo_url(self):
        return reverse("clients:product-restore", args=[self.object.pk])


class ProductRestoreView(ActionPage):
    permission = "clients.restore_product"
    queryset = Product.objects.all()
    success_message = gettext_lazy("Product restored.")

    def perform(self):
        services.restore_product(actor=self.member, product=self.object)

    def get_success_url(self):
        return self.object.get_absolute_url()
