"""What people, customers and work are called."""

from __future__ import annotations

from decimal import Decimal

FIRST = {
    "US": "Ava Noah Mia Liam Zoe Ethan Grace Owen Ruby Caleb Nora Miles Ivy Jonah Tess Wyatt Lena Reid June Silas Cora "
    "Dean Faye Hugh Iris Joel Kira Luke Maya Neil".split(),
    "DE": "Anna Jonas Lea Felix Clara Moritz Paula Emil Greta Anton Frieda Karl Ida Oskar Marta Theo Lotte Bruno Ella "
    "Kurt".split(),
    "JP": "Akari Daiki Emi Haruto Kaori Ren Sayuri Takumi Yui Yuto".split(),
}
LAST = {
    "US": "Abbott Barnes Calder Dalton Ellery Forbes Garner Hollis Ingram Jarvis Keller Langley Mercer Norwood Osborn "
    "Prescott Quincy Rowland Sawyer Thorne Upton Vance Whitaker Yates Alder Brook Carver Drake Eaton Frost".split(),
    "DE": "Albers Brandt Castorp Dietrich Engel Fuchs Gerber Hartmann Imhof Jansen Krüger Lorenz Möller Neumann Oehler "
    "Petersen Reuter Schäfer Thiele Vogel".split(),
    "JP": "Abe Fujita Hayashi Ishii Kimura Mori Nakano Okada Sato Ueda".split(),
}
CONSULTING = ("Discovery workshop", "Process design", "Data migration", "Solution build", "Testing", "Change support",
              "Steering committee", "Requirements", "Integration design", "Training", "Cut-over planning")  # fmt: skip
EXPENSES = {"Travel": (8000, 64000), "Lodging": (9500, 42000), "Meals": (900, 7800), "Mileage": (1200, 9000),
            "Software": (1900, 15000)}  # fmt: skip
"""Category -> least and most, in minor units."""
YEN_A_CENT = Decimal("1.5")
"""What costs a cent elsewhere costs this much in Japan."""
