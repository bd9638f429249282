### The store area of the interface.
