### The net area of the interface.
