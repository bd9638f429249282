//! Text of a file or a pipe in a prompt: as a fenced block, so that a model can tell it from what a person says.

/// `data` as a fenced block named `name`, its fence longer than any run of backticks in it.
pub fn fenced(name: &str, data: &str) -> String {
    let longest = data.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let name = name.replace(['\n', '`'], " ");
    let end = if data.ends_with('\n') { "" } else { "\n" };
    format!("{fence}{name}\n{data}{end}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_fenced_so_that_it_cannot_close_its_fence() {
        assert_eq!(fenced("stdin", "a\n"), "```stdin\na\n```");
        assert_eq!(fenced("x.md", "````\ncode\n````"), "`````x.md\n````\ncode\n````\n`````");
    }
}
