"""What happened, and what is about to. Sent inside the transaction of the change; a receiver may refuse."""

from django.dispatch import Signal

#: kwargs: member, actor
member_joined = Signal()
#: kwargs: member, actor. Before a member is deactivated or leaves; a receiver raises DomainError to refuse.
member_leaving = Signal()
#: kwargs: organization, member
organization_founded = Signal()
#: kwargs: address (normalised), reason, suppression, is_new, actor. Nothing is sent to this address any more.
address_suppressed = Signal()
#: kwargs: message, event. A mail that the server had taken, or was about to, came back.
mail_returned = Signal()
#: kwargs: actor. The organization's zone, quiet hours, weekend or holidays may be others now.
times_changed = Signal()
