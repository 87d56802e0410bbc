"""`python -m stillup` is `stillup`."""

from stillup.cli import main

if __name__ == "__main__":
    main()
