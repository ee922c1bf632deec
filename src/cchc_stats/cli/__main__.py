"""`python -m cchc_stats.cli`, where the program is not on the path."""

from cchc_stats.cli.program import main

main()
