"""Great Expectations suites: what a delivery and the marts must be like to be counted on."""
