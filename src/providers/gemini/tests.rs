//! Hand-written answers.
