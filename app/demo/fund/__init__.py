"""A made-up fund: families of all shapes, what it pays and writes to them, as a feed.

Read from left to right: ``cast`` and ``shapes`` make families (``family``), ``payments`` works out
what each is due by the amounts of Flemish child benefit (``amounts``), ``letters`` (with
``granted`` and ``mishaps``) and ``cast_letters`` write to them (templates/demo/letter.typ),
``feed`` puts it all in the lines of the feed contract (``records``). Nothing is kept in memory but
the family at hand, and the same arguments always give the same bytes.
"""
