//! `--help` in the language that is spoken.
//!
//! The sources say what each flag is for in the catalogue's first language, in the place where the flag is. Another
//! language has these texts in its area `help`, by the flag's own path or, for what many subcommands share, by its name
//! alone. The command line is read without them: only once help is asked for is it made again with them.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, Command};

use crate::text::Safe;
use crate::text::catalogue::help;

/// The command with the words of the language that is spoken; to be shown, not to be parsed with.
pub fn translated(mut command: Command) -> Command {
    // Subcommands make their arguments known when they are called, or here.
    command.build();
    let Some(usage) = help("help-heading-usage") else { return command };
    let template = format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    with_words(command, "loquat", &template)
}

fn with_words(command: Command, path: &str, template: &str) -> Command {
    let about = help(&format!("help-{path}"));
    let more = help(&format!("help-{path}-more"));
    let long = about.as_ref().zip(more).map(|(about, more)| format!("{about}\n\n{more}"));
    let mut command = command
        .help_template(template.to_owned())
        .mut_args(|arg| argument(arg, path))
        .mut_subcommands(|below| {
            let name = below.get_name().to_owned();
            let path = if path == "loquat" { name.clone() } else { format!("{path}-{name}") };
            if name == "help" { below.about(text(&path)) } else { with_words(below, &path, template) }
        });
    if let Some(heading) = help("help-heading-commands") {
        command = command.subcommand_help_heading(heading.into_string());
    }
    if let Some(about) = about {
        command = command.about(about.into_string());
    }
    match long {
        Some(long) => command.long_about(long),
        None => command,
    }
}

fn argument(mut arg: Arg, path: &str) -> Arg {
    let heading = if arg.is_positional() { "help-heading-arguments" } else { "help-heading-options" };
    if let Some(heading) = help(heading) {
        arg = arg.help_heading(heading.into_string());
    }
    let said = words_of(arg.get_id().as_str(), path);
    if let Some(said) = said {
        arg = arg.help(said.into_string());
    }
    let values: Vec<PossibleValue> = arg
        .get_possible_values()
        .into_iter()
        .map(|value| {
            let said = help(&format!("help-value-{}-{}", arg.get_id(), value.get_name()));
            said.map_or(value.clone(), |said| value.help(said.into_string()))
        })
        .collect();
    let explained = values.iter().any(|value| value.get_help().is_some());
    if explained { arg.value_parser(PossibleValuesParser::new(values)) } else { arg }
}

/// What an argument is for: of this command, else of any.
fn words_of(argument: &str, path: &str) -> Option<Safe> {
    let name = argument.replace('_', "-");
    help(&format!("help-{path}-{name}")).or_else(|| help(&format!("help-any-{name}")))
}

fn text(path: &str) -> String {
    help(&format!("help-{path}")).map(Safe::into_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::CommandFactory;

    use super::*;
    use crate::cli::args::Cli;
    use crate::text::catalogue::{LANGUAGES, help_of};

    /// The ids that would be asked for of a command and all below it, each list in the order it is tried.
    fn wanted(command: &Command, path: &str, all: &mut Vec<Vec<String>>) {
        all.push(vec![format!("help-{path}")]);
        if command.get_long_about().is_some() {
            all.push(vec![format!("help-{path}-more")]);
        }
        for arg in command.get_arguments() {
            let name = arg.get_id().as_str().replace('_', "-");
            all.push(vec![format!("help-{path}-{name}"), format!("help-any-{name}")]);
            for value in arg.get_possible_values().iter().filter(|value| value.get_help().is_some()) {
                all.push(vec![format!("help-value-{}-{}", arg.get_id(), value.get_name())]);
            }
        }
        for below in command.get_subcommands() {
            let name = below.get_name();
            let path = if path == "loquat" { name.to_owned() } else { format!("{path}-{name}") };
            match name {
                "help" => {}
                _ => wanted(below, &path, all),
            }
        }
    }

    #[test]
    fn every_language_has_words_for_every_flag_and_none_besides() {
        let mut command = Cli::command();
        command.build();
        let mut all = vec![vec!["help-help".to_owned()]];
        all.extend(
            ["usage", "options", "arguments", "commands"].map(|name| vec![format!("help-heading-{name}")]),
        );
        wanted(&command, "loquat", &mut all);
        for language in LANGUAGES.iter().skip(1) {
            let known = help_of(language);
            let mut idle: BTreeSet<&str> = known.iter().copied().collect();
            let mut missing = Vec::new();
            for ids in &all {
                match ids.iter().find(|id| known.contains(&id.as_str())) {
                    Some(found) => {
                        idle.remove(found.as_str());
                    }
                    None => missing.push(&ids[0]),
                }
            }
            assert_eq!((missing, idle), (Vec::new(), BTreeSet::new()), "{}", language.tag);
        }
    }
}
