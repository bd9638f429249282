### The config area of the interface.
