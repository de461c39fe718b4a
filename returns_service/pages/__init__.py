"""What people see: messages, the slip, the portal, the bench and the console, in three languages."""
