from reports.views.answers import DeliveredList, ScoreExport, ScoreList
from reports.views.client import ClientPage
from reports.views.day import MyDay
from reports.views.retention import ChurnEventList, RetentionPage
from reports.views.satisfaction import ResultsExport, ResultsPage
from reports.views.search import SearchPage
from reports.views.styleguide import Styleguide
from reports.views.team import TeamPortfolio, TeamPortfolioExport

__all__ = [
    "ChurnEventList",
    "ClientPage",
    "DeliveredList",
    "MyDay",
    "ResultsExport",
    "ResultsPage",
    "RetentionPage",
    "ScoreExport",
    "ScoreList",
    "SearchPage",
    "Styleguide",
    "TeamPortfolio",
    "TeamPortfolioExport",
]
