"""OData query options over plain dict records: for simulators of vendors that speak V2 or V4.

`options.read` parses `$filter`, `$orderby`, `$select`, `$expand`, `$top`, `$skip`, `$count` / `$inlinecount`;
`page.cut` applies them to records, given the Edm type of each property; `tree.equalities` tells which properties
a filter pins to one value, so that a simulator can answer from an index. All refusals are `ODataError`.
"""
