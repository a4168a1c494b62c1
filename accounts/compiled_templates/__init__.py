"""Django's templates as Python functions: the same language and the same output, at a fraction of the time.

Django walks a tree: for each variable a few calls, for each included part a new context. ``writer`` writes the tree
down as one function; what it does not know (blocks, tags of other packages) stays as it is and is called from there.
``runtime`` is what those functions call, ``loader`` puts them in the place of the tree.
"""
