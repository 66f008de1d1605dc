"""One message a night that a tired person understands: mail and webhook (docs/alerts.md).

A message is made from what is true when it is sent (what readers see, what the ledger holds), not from the
events on the way: whichever task noticed the trouble, and however often, the night has one message.
"""
