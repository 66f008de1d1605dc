"""Identity rule 6: which cadre somebody is whom rules 1 to 5 leave over (docs/identity.md).

Called by the dbt model int_identity_pair in the build's own process. `features` prepares what is compared,
`linkage` trains Splink's model and scores. Trap: both hold names; their tables live in a database in memory
that ends with the call, Splink's messages are off, and the model that is kept names nobody.
"""
