from reports.views.client import ClientPage
from reports.views.day import MyDay
from reports.views.retention import ChurnEventList, RetentionPage, ScoreList
from reports.views.search import SearchPage
from reports.views.styleguide import Styleguide
from reports.views.team import TeamPortfolio, TeamPortfolioExport

__all__ = [
    "ChurnEventList",
    "ClientPage",
    "MyDay",
    "RetentionPage",
    "ScoreList",
    "SearchPage",
    "Styleguide",
    "TeamPortfolio",
    "TeamPortfolioExport",
]
