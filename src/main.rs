//! The `loquat` binary: everything is in the library.

fn main() -> ! {
    loquat::cli::main()
}
