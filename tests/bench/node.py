"""A node: the real `tidings work`, without its log lines."""

import structlog

from tidings.commands.cli import main

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))

if __name__ == "__main__":
    main(["work"])
