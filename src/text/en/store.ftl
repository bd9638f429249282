### The store area of the interface.

store-left-behind = Loquat ended while this answer was coming (noticed { $noticed }). What had come is kept.
