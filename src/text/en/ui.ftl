### The ui area of the interface.
