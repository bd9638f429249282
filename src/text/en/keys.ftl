### The keys area of the interface.
