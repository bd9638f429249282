//! The log itself: appended to, never rewritten.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{RequestEvent, month};
use crate::config::private;

const PREFIX: &str = "requests-";
const SUFFIX: &str = ".jsonl";

/// The telemetry log: monthly files below a folder. Cheap to clone; clones share the open file.
#[derive(Clone, Debug)]
pub struct Log {
    folder: PathBuf,
    open: Arc<Mutex<Option<Open>>>,
}

/// The file of the month appended to last.
#[derive(Debug)]
struct Open {
    month: String,
    file: File,
}

/// The month a file of this name holds; `None` for other files.
pub(super) fn month_of(name: &str) -> Option<&str> {
    name.strip_prefix(PREFIX)?.strip_suffix(SUFFIX)
}

impl Log {
    /// The log below this folder. Touches nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, open: Arc::default() }
    }

    /// Where the monthly files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Appends one event: one write, under a lock, after a newline where the file does not end in one.
    pub fn append(&self, event: &RequestEvent) -> io::Result<()> {
        // The place in front is for the newline that mends a torn line.
        let mut line = vec![b'\n'];
        serde_json::to_writer(&mut line, event)?;
        line.push(b'\n');

        let month = month(event.ts);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = open.take().filter(|open| open.month == month && is_linked(&open.file));
        let file = match kept {
            Some(open) => open.file,
            None => self.open_month(&month)?,
        };
        // Where the file system has no locks, one write a line still keeps lines whole.
        let locked = file.lock().is_ok();
        let written = append_line(&file, &line);
        if locked {
            file.unlock()?;
        }
        written?;
        *open = Some(Open { month, file });
        Ok(())
    }

    fn open_month(&self, month: &str) -> io::Result<File> {
        let path = self.folder.join(format!("{PREFIX}{month}{SUFFIX}"));
        let mut options = private::options();
        options.read(true).append(true).create(true);
        match options.open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                private::create_folder(&self.folder)?;
                options.open(&path)
            }
            opened => opened,
        }
    }
}

fn append_line(mut file: &File, line: &[u8]) -> io::Result<()> {
    let torn = file.seek(SeekFrom::End(0))? > 0 && {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    file.write_all(if torn { line } else { &line[1..] })
}

/// Whether the file still has a name: somebody may have cleaned up.
#[cfg(unix)]
fn is_linked(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt;
    file.metadata().is_ok_and(|metadata| metadata.nlink() > 0)
}

/// Whether the file still has a name: elsewhere an open file keeps it.
#[cfg(not(unix))]
fn is_linked(_: &File) -> bool {
    true
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::chat::{ErrorKind, Money, Rate};
    use crate::telemetry::{EventStatus, Mode};

    /// The event of contracts section 4.
    pub fn event() -> RequestEvent {
        let id = uuid::Uuid::from_u128(0x019a_a5f0_0000_7000_8000_0000_0000_0001);
        RequestEvent {
            v: 1,
            id,
            user_id: "ana".into(),
            ts: "2026-11-21T05:04:16.123456Z".parse().unwrap(),
            model: "gpt-4o-mini".into(),
            provider: "openai".into(),
            tokens_in: Some(812),
            tokens_out: Some(240),
            cost_eur: Some(Money::from_nanos(241_000)),
            latency: 1.734,
            endpoint: "LiteLLM".into(),
            key: "work".into(),
            alias: Some("fast".into()),
            model_served: Some("gpt-4o-mini-2024-07-18".into()),
            ttft: Some(0.412),
            cached_in: Some(512),
            cache_write: Some(0),
            reasoning_out: Some(0),
            estimated: false,
            cost_usd: Some(Money::from_nanos(262_000)),
            eur_per_usd: Some(Rate("0.92".parse().unwrap())),
            status: EventStatus::Ok,
            error: None,
            http_status: Some(200),
            attempt: 1,
            attempts: 1,
            is_final: true,
            finish: Some(crate::chat::FinishReason::Stop),
            conversation: Some(crate::chat::ConversationId(id)),
            message: Some(crate::chat::MessageId(id)),
            mode: Mode::Tui,
        }
    }

    fn log() -> (tempfile::TempDir, Log, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let log = Log::new(folder.path().join("telemetry"));
        let path = log.folder().join("requests-2026-11.jsonl");
        (folder, log, path)
    }

    const LINE: &str = concat!(
        r#"{"v":1,"id":"019aa5f0-0000-7000-8000-000000000001","userId":"ana","ts":"2026-11-21T05:04:16.123Z","#,
        r#""model":"gpt-4o-mini","provider":"openai","tokens_in":812,"tokens_out":240,"costEUR":0.000241,"#,
        r#""latency":1.734,"endpoint":"LiteLLM","key":"work","alias":"fast","#,
        r#""model_served":"gpt-4o-mini-2024-07-18","ttft":0.412,"cached_in":512,"cache_write":0,"#,
        r#""reasoning_out":0,"estimated":false,"costUSD":0.000262,"eur_per_usd":0.92,"status":"ok","#,
        r#""error":null,"http_status":200,"attempt":1,"attempts":1,"final":true,"finish":"stop","#,
        r#""conversation":"019aa5f0-0000-7000-8000-000000000001","#,
        r#""message":"019aa5f0-0000-7000-8000-000000000001","mode":"tui"}"#,
        "\n",
    );

    #[test]
    fn an_event_is_exactly_the_line_of_the_contract() {
        let (_folder, log, path) = log();
        log.append(&event()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), LINE);
        let read: RequestEvent = serde_json::from_str(LINE).unwrap();
        assert_eq!(read, RequestEvent { ts: "2026-11-21T05:04:16.123Z".parse().unwrap(), ..event() });
    }

    #[test]
    fn what_is_unknown_is_null_and_a_failure_has_its_kind() {
        let (_folder, log, path) = log();
        let failed = RequestEvent {
            tokens_in: None,
            cost_eur: None,
            error: Some(ErrorKind::RateLimit),
            status: EventStatus::Error,
            finish: None,
            ..event()
        };
        log.append(&failed).unwrap();
        let line = std::fs::read_to_string(&path).unwrap();
        for part in [
            r#""tokens_in":null"#,
            r#""costEUR":null"#,
            r#""status":"error","error":"rate_limit""#,
            r#""finish":null"#,
        ] {
            assert!(line.contains(part), "{part} in {line}");
        }
    }

    #[test]
    fn a_torn_line_is_ended_before_the_next() {
        let (_folder, log, path) = log();
        std::fs::create_dir_all(log.folder()).unwrap();
        std::fs::write(&path, "{\"v\":1,\"to").unwrap();
        log.append(&event()).unwrap();
        log.append(&event()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{{\"v\":1,\"to\n{LINE}{LINE}"));
    }

    #[test]
    fn each_utc_month_has_a_file_and_a_file_that_was_removed_is_made_again() {
        let (_folder, log, path) = log();
        let october = RequestEvent { ts: "2026-10-31T23:59:59Z".parse().unwrap(), ..event() };
        for event in [&event(), &october, &event()] {
            log.append(event).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 2);
        let other = log.folder().join("requests-2026-10.jsonl");
        assert_eq!(std::fs::read_to_string(other).unwrap().lines().count(), 1);
        std::fs::remove_file(&path).unwrap();
        log.append(&event()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), LINE);
    }

    #[test]
    fn lines_of_many_writers_stay_whole() {
        let (_folder, log, path) = log();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                let own = Log::new(log.folder().to_owned());
                scope.spawn(move || (0..50).for_each(|_| own.append(&event()).unwrap()));
            }
        });
        let all = std::fs::read_to_string(&path).unwrap();
        assert_eq!(all, LINE.repeat(400));
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_the_log() {
        use std::os::unix::fs::PermissionsExt;
        let (_folder, log, path) = log();
        log.append(&event()).unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(log.folder()), mode(&path)), (0o700, 0o600));
    }
}
