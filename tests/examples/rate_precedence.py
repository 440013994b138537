TITLE = "Which rate"
CHAPTER = "Rates"
RULE = """
Of the rates that fit the work and are valid on its day, the most specific wins. First counts where it was agreed: for this
work (assignment, task or project) before its contract, before its customer, before anywhere. Of two agreed at one place the
first of these names that only one of them has decides: person, assignment, task, role, project, contract, customer, region.
A rate is valid from its first day to the day before its last. Two rates of one level on one day are a fault of the card
(rate_overlap), no rate is one as well (rate_missing); neither is ever taken as zero. One hour is worked in each example.
"""
COLUMNS = {
    "rates": "rates of the card",
    "work": "the hour",
    "wins": "rate that wins",
    "level": "level",
    "value": "value EUR",
}
ROWS = [
    {
        "rates": "a: role Senior 150.00; b: person Ada 170.00",
        "work": "person Ada, role Senior",
        "wins": "b",
        "level": "person",
        "value": "170.00",
    },
    {
        "rates": "a: person Ada 170.00; b: project Harbour 140.00",
        "work": "person Ada, project Harbour",
        "wins": "b",
        "level": "project",
        "value": "140.00",
    },
    {
        "rates": "a: role Senior, project Harbour 155.00; b: project Harbour 140.00",
        "work": "role Senior, project Harbour",
        "wins": "a",
        "level": "role_on_project",
        "value": "155.00",
    },
    {
        "rates": "a: person Ada, project Harbour 165.00; b: role Senior, task Design 180.00",
        "work": "person Ada, role Senior, task Design, project Harbour",
        "wins": "a",
        "level": "person_on_project",
        "value": "165.00",
    },
    {
        "rates": "a: role Senior, project Harbour 155.00; b: task Design 190.00",
        "work": "role Senior, task Design, project Harbour",
        "wins": "b",
        "level": "task",
        "value": "190.00",
    },
    {
        "rates": "a: assignment A-7 175.00; b: role Senior, task Design 180.00",
        "work": "assignment A-7, role Senior, task Design",
        "wins": "a",
        "level": "assignment",
        "value": "175.00",
    },
    {
        "rates": "a: role Senior, customer Nord 145.00; b: person Ada 170.00",
        "work": "person Ada, role Senior, customer Nord",
        "wins": "a",
        "level": "role_on_customer",
        "value": "145.00",
    },
    {
        "rates": "a: contract C-1 138.00; b: role Senior, customer Nord 145.00",
        "work": "role Senior, contract C-1, customer Nord",
        "wins": "a",
        "level": "contract",
        "value": "138.00",
    },
    {
        "rates": "a: role Senior 150.00; b: role Senior, region Bavaria 162.00; c: region Bavaria 120.00",
        "work": "role Senior, region Bavaria",
        "wins": "b",
        "level": "role_in_region",
        "value": "162.00",
    },
    {
        "rates": "a: anything 99.00; b: region Bavaria 120.00",
        "work": "role Junior, region Bavaria",
        "wins": "b",
        "level": "region",
        "value": "120.00",
    },
    {
        "rates": "a: anything 99.00; b: role Senior 150.00",
        "work": "role Junior",
        "wins": "a",
        "level": "card_default",
        "value": "99.00",
    },
    {
        "rates": "a: role Senior 150.00 to 2026-10-05; b: role Senior 160.00 from 2026-10-05",
        "work": "role Senior on 2026-10-04",
        "wins": "a",
        "level": "role",
        "value": "150.00",
    },
    {
        "rates": "a: role Senior 150.00 to 2026-10-05; b: role Senior 160.00 from 2026-10-05",
        "work": "role Senior on 2026-10-05",
        "wins": "b",
        "level": "role",
        "value": "160.00",
    },
    {
        "rates": "a: role Senior 150.00; b: role Senior 155.00 from 2026-10-01",
        "work": "role Senior on 2026-10-05",
        "wins": "rate_overlap",
        "level": "",
        "value": "",
    },
    {
        "rates": "a: role Senior 150.00; b: role Senior 155.00; c: person Ada 170.00",
        "work": "person Ada, role Senior",
        "wins": "c",
        "level": "person",
        "value": "170.00",
    },
    {
        "rates": "a: role Senior 150.00",
        "work": "role Junior",
        "wins": "rate_missing",
        "level": "",
        "value": "",
    },
    {
        "rates": "a: role Senior 150.00; b: person Ada 180.00 USD",
        "work": "person Ada, role Senior",
        "wins": "a",
        "level": "role",
        "value": "150.00",
    },
    {
        "rates": "a: role Senior 150.00; b: person Ada 180.00 USD",
        "work": "person Ada, role Junior",
        "wins": "currency_mismatch",
        "level": "",
        "value": "",
    },
    {
        "rates": "a: role Senior 0.00; b: anything 99.00",
        "work": "role Senior",
        "wins": "a",
        "level": "role",
        "value": "0.00",
    },
]
