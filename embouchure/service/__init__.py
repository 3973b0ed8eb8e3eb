"""The service: the live session as seen and commanded over HTTP and WebSockets, on this computer."""
