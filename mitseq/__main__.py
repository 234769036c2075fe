"""`python -m mitseq` is the `mitseq` command."""

from mitseq.cli import main

if __name__ == "__main__":
    main()
