"""Make ``python -m egocohort`` the same as ``egocohort``."""

from egocohort.cli import main

if __name__ == "__main__":
    main()
