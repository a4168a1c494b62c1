"""Rows as JSON data, by serializers that are made once."""

import threading

_kept = threading.local()


def representation(serializer_class, obj, context):
    """What ``serializer_class(obj, context=…).data`` says, at half the cost.

    A model serializer works out its fields from the model each time it is made, which takes longer than reading a row
    with them. Each thread keeps one of each class and lends it the context for the time of one row.
    """
    serializers = _kept.__dict__.setdefault("serializers", {})
    serializer = serializers.get(serializer_class)
    if serializer is None or serializer._context:
        # The second case: a serializer that represents rows of its own class inside a row.
        serializer = serializers[serializer_class] = serializer_class()
    serializer._context = context
    try:
        return serializer.to_representation(obj)
    finally:
        serializer._context = {}
