"""The steps of a night: land, build, check, publish. The command line and the DAGs call the same ones."""
