from django.urls import path

from clients.views import clients, contracts, opportunities, people

app_name = "clients"
urlpatterns = [
    path("", clients.ClientListView.as_view(), name="client-list"),
    path("add/", clients.ClientAddView.as_view(), name="client-add"),
    path("export/", clients.ClientExportView.as_view(), name="client-export"),
    path("<uuid:pk>/change/", clients.ClientChangeView.as_view(), name="client-change"),
    path("<uuid:pk>/archive/", clients.ClientArchiveView.as_view(), name="client-archive"),
    path("<uuid:pk>/restore/", clients.ClientRestoreView.as_view(), name="client-restore"),
    path("<uuid:pk>/reassign/", clients.ClientReassignView.as_view(), name="client-reassign"),
    path("<uuid:pk>/tags/", clients.ClientTagView.as_view(), name="client-tag"),
    path("<uuid:pk>/churn/", clients.ClientChurnView.as_view(), name="client-churn"),
    path("<uuid:pk>/team/add/", people.TeamPlaceAddView.as_view(), name="client-team-add"),
    path("<uuid:pk>/contacts/add/", people.ContactAddView.as_view(), name="contact-add"),
    path("<uuid:pk>/contracts/add/", contracts.ContractAddView.as_view(), name="contract-add"),
    path("team/<uuid:pk>/end/", people.AssignmentEndView.as_view(), name="assignment-end"),
    path("contacts/", people.ContactListView.as_view(), name="contact-list"),
    path("contacts/<uuid:pk>/", people.ContactDetailView.as_view(), name="contact-detail"),
    path("contacts/<uuid:pk>/change/", people.ContactChangeView.as_view(), name="contact-change"),
    path("contacts/<uuid:pk>/archive/", people.ContactArchiveView.as_view(), name="contact-archive"),
    path("contacts/<uuid:pk>/restore/", people.ContactRestoreView.as_view(), name="contact-restore"),
    path("contracts/<uuid:pk>/", contracts.ContractDetailView.as_view(), name="contract-detail"),
    path("contracts/<uuid:pk>/change/", contracts.ContractChangeView.as_view(), name="contract-change"),
    path("contracts/<uuid:pk>/archive/", contracts.ContractArchiveView.as_view(), name="contract-archive"),
    path("contracts/<uuid:pk>/restore/", contracts.ContractRestoreView.as_view(), name="contract-restore"),
    path("contracts/<uuid:pk>/lines/add/", contracts.LineAddView.as_view(), name="contract-line-add"),
    path("contracts/lines/<uuid:pk>/change/", contracts.LineChangeView.as_view(), name="contract-line-change"),
    path("contracts/lines/<uuid:pk>/end/", contracts.LineEndView.as_view(), name="contract-line-end"),
    path("products/", contracts.ProductListView.as_view(), name="product-list"),
    path("products/add/", contracts.ProductAddView.as_view(), name="product-add"),
    path("products/<uuid:pk>/", contracts.ProductDetailView.as_view(), name="product-detail"),
    path("products/<uuid:pk>/change/", contracts.ProductChangeView.as_view(), name="product-change"),
    path("products/<uuid:pk>/archive/", contracts.ProductArchiveView.as_view(), name="product-archive"),
    path("products/<uuid:pk>/restore/", contracts.ProductRestoreView.as_view(), name="product-restore"),
    path("opportunities/", opportunities.OpportunityBoardView.as_view(), name="opportunity-board"),
    path("opportunities/list/", opportunities.OpportunityListView.as_view(), name="opportunity-list"),
    path("opportunities/add/", opportunities.OpportunityAddView.as_view(), name="opportunity-add"),
    path("opportunities/<uuid:pk>/", opportunities.OpportunityDetailView.as_view(), name="opportunity-detail"),
    path("opportunities/<uuid:pk>/change/", opportunities.OpportunityChangeView.as_view(), name="opportunity-change"),
    path("opportunities/<uuid:pk>/move/", opportunities.OpportunityMoveView.as_view(), name="opportunity-move"),
    path("opportunities/<uuid:pk>/win/", opportunities.OpportunityWinView.as_view(), name="opportunity-win"),
    path("opportunities/<uuid:pk>/lose/", opportunities.OpportunityLoseView.as_view(), name="opportunity-lose"),
    path("opportunities/<uuid:pk>/reopen/", opportunities.OpportunityReopenView.as_view(), name="opportunity-reopen"),
    path(
        "opportunities/<uuid:pk>/archive/", opportunities.OpportunityArchiveView.as_view(), name="opportunity-archive"
    ),
    path(
        "opportunities/<uuid:pk>/restore/", opportunities.OpportunityRestoreView.as_view(), name="opportunity-restore"
    ),
]
