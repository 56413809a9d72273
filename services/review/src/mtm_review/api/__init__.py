"""The HTTP door: routes, what they depend on, the wire's shapes, and errors as problem documents."""
