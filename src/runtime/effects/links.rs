//! Links that a person opens: the program that does it is told by the environment, and gets the address as one argument.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt;

use super::Effects;
use crate::app::Message;
use crate::app::links::NotOpened;

/// How long is waited for the program to say that it failed. A browser may stay for as long as it is open.
const LIMIT: Duration = Duration::from_secs(5);

impl Effects {
    pub(super) fn open_link(&self, address: String) {
        self.spawn(async move {
            let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
            let result = match opener(&address, std::env::consts::OS, env) {
                Ok(command) => run(&command).await,
                Err(why) => Err(why),
            };
            Some(Message::LinkOpened { address, result })
        });
    }
}

/// The program that opens an address, and its arguments. `$BROWSER` is a person's word, over SSH too, where it may lead
/// back to them; it knows the web only. Without it, the desktop decides, if it is the person's own.
fn opener(
    address: &str,
    system: &str,
    env: impl Fn(&str) -> Option<String>,
) -> Result<Vec<String>, NotOpened> {
    let browser = env("BROWSER").filter(|_| !address.starts_with("mailto:"));
    // Several stand behind each other as in a PATH; the first is meant.
    let browser = browser.as_deref().and_then(|all| all.split(':').next()).and_then(shlex::split);
    if let Some(mut words) = browser.filter(|words| !words.is_empty()) {
        let mut is_told = false;
        for word in words.iter_mut().skip(1).filter(|word| word.contains("%s")) {
            *word = word.replace("%s", address);
            is_told = true;
        }
        if !is_told {
            words.push(address.to_owned());
        }
        return Ok(words);
    }
    if env("SSH_CONNECTION").or_else(|| env("SSH_TTY")).is_some() {
        return Err(NotOpened::Elsewhere);
    }
    let program = match system {
        "macos" => "open",
        // Without a desktop it would start a browser for terminals, in this one.
        _ if env("DISPLAY").or_else(|| env("WAYLAND_DISPLAY")).is_none() => return Err(NotOpened::NoDesktop),
        _ => "xdg-open",
    };
    Ok(vec![program.to_owned(), address.to_owned()])
}

async fn run(command: &[String]) -> Result<(), NotOpened> {
    let failed = |reason: String| Err(NotOpened::Failed(reason));
    let Some((program, arguments)) = command.split_first() else { return failed(String::new()) };
    let mut command = tokio::process::Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    // A browser is not to go when the terminal does.
    #[cfg(unix)]
    command.process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return failed(format!("{program}: {error}")),
    };
    let mut said = Vec::new();
    let ended = tokio::time::timeout(LIMIT, async {
        if let Some(errors) = child.stderr.take() {
            errors.take(1 << 12).read_to_end(&mut said).await?;
        }
        child.wait().await
    });
    match ended.await {
        Ok(Ok(status)) if !status.success() => {
            let said = String::from_utf8_lossy(&said);
            let first = said.lines().next().map(str::trim).filter(|line| !line.is_empty());
            failed(first.map_or_else(|| format!("{program}: {status}"), |line| format!("{program}: {line}")))
        }
        Ok(Ok(_)) | Err(_) => Ok(()),
        Ok(Err(error)) => failed(format!("{program}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEB: &str = "https://example.org/?a=1&b=$(x)";

    fn told(system: &str, address: &str, vars: &[(&str, &str)]) -> Result<Vec<String>, NotOpened> {
        let env =
            |name: &str| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        opener(address, system, env)
    }

    fn words(words: &[&str]) -> Result<Vec<String>, NotOpened> {
        Ok(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn the_environment_tells_who_opens_links_and_the_address_is_one_argument() {
        let desktop = ("DISPLAY", ":0");
        let ssh = ("SSH_CONNECTION", "a 1 b 2");
        assert_eq!(told("linux", WEB, &[desktop]), words(&["xdg-open", WEB]));
        assert_eq!(told("linux", WEB, &[("WAYLAND_DISPLAY", "wayland-0")]), words(&["xdg-open", WEB]));
        assert_eq!(told("macos", WEB, &[]), words(&["open", WEB]));
        assert_eq!(told("linux", WEB, &[]), Err(NotOpened::NoDesktop));
        assert_eq!(told("linux", WEB, &[desktop, ssh]), Err(NotOpened::Elsewhere));
        assert_eq!(told("macos", WEB, &[ssh]), Err(NotOpened::Elsewhere));
        let browser = ("BROWSER", "firefox --new-window %s:lynx");
        assert_eq!(told("linux", WEB, &[browser, ssh]), words(&["firefox", "--new-window", WEB]));
        assert_eq!(told("linux", WEB, &[("BROWSER", "w3m")]), words(&["w3m", WEB]));
        assert_eq!(told("linux", "mailto:a@b", &[browser, desktop]), words(&["xdg-open", "mailto:a@b"]));
    }

    #[tokio::test]
    async fn what_a_program_complains_of_is_told() {
        let run = |words: &'static [&'static str]| async {
            run(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()).await
        };
        assert_eq!(run(&["true", "x"]).await, Ok(()));
        let complains = run(&["sh", "-c", "echo no desktop >&2; exit 3"]).await;
        assert_eq!(complains, Err(NotOpened::Failed("sh: no desktop".into())));
        assert!(matches!(run(&["/nonesuch/opener"]).await, Err(NotOpened::Failed(_))));
    }
}
