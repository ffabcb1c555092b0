"""``python -m coopledger``."""

from coopledger.cli.main import main

main()
