from clients.queries.board import Column, CurrencySum, StageTotal, board, stage_totals
from clients.queries.duplicates import similar_clients
from clients.queries.revenue import mrr_by_currency

__all__ = ["Column", "CurrencySum", "StageTotal", "board", "mrr_by_currency", "similar_clients", "stage_totals"]
