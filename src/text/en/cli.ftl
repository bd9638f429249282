### The cli area of the interface.
