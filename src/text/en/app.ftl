### The app area of the interface.
