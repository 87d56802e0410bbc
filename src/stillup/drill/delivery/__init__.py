"""The drill's own webhook: subscribed before the break, told what the alarm says, gone afterwards."""
