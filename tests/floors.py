"""The floors of the house."""

# A room may import from the floors below its own, through the face of the room it enters.
FLOORS = [
    ["words", "calendars"],
    ["forms", "values"],
    ["ledger", "reading"],
    ["indicators", "statistics"],
    ["trends", "checking", "index"],
    ["plots", "publishing"],
    ["cli"],
    ["__init__"],
]
