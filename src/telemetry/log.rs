//! The log itself: appended to, never rewritten.
//!
//! An event is one write under a lock. One that cannot be written fails no turn: it waits in memory, whoever
//! asked to be is told once, and it is written before the next one, or when the process ends. Where the log
//! still cannot be written to then, it goes to a file beside the program's state ([`Leftover`]), which the next
//! process that logs puts into the log.

use std::collections::VecDeque;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use super::RequestEvent;
use super::line::Entry;
use super::source::{each_line, file_name, month, sources};
use crate::chat::MessageId;
use crate::config::{Paths, private};

/// The file of events that their process could not put into the log, below the folder of states.
const LEFT_OVER: &str = "requests-unwritten.jsonl";

/// How long a lock is waited for. Others hold it for microseconds, unless they were stopped meanwhile; one
/// write a line keeps lines whole without it.
const PATIENCE: Duration = Duration::from_millis(100);

/// The telemetry log: monthly files below a folder. Cheap to clone; clones share the open file, and what waits.
#[derive(Clone, Debug)]
pub struct Log {
    folder: PathBuf,
    /// Where months that were moved away are.
    archive: Option<PathBuf>,
    /// Where the file of events is that a process left over.
    state: Option<PathBuf>,
    writer: Arc<Mutex<Writer>>,
    /// Rings when an event was appended here.
    bell: Arc<watch::Sender<()>>,
}

type OnTrouble = Box<dyn FnMut(&io::Error) + Send>;

#[derive(Default)]
struct Writer {
    open: Option<Open>,
    waiting: VecDeque<Waiting>,
    /// Whether what another process left over was looked for.
    looked: bool,
    /// Who is told of trouble, and whether that was done.
    on_trouble: Option<OnTrouble>,
    told: bool,
}

/// The file of the month appended to last.
#[derive(Debug)]
struct Open {
    month: String,
    file: File,
}

/// A line that is to be written.
#[derive(Debug)]
struct Waiting {
    month: String,
    /// With a newline at both ends: the one in front mends a torn line.
    line: Vec<u8>,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("open", &self.open).field("waiting", &self.waiting.len()).finish()
    }
}

/// Events that could not be put into the log before the process ended.
#[derive(Debug)]
pub struct Leftover {
    /// How many.
    pub count: usize,
    /// Why.
    pub error: io::Error,
    /// The file they were put into instead; `None` where that failed too, and they are lost.
    pub kept: Option<PathBuf>,
}

/// How much of a turn the log tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// So many attempts that another followed.
    Retried(u32),
    /// Its last attempt too.
    All,
}

impl Log {
    /// The log below this folder, and no other. Touches nothing yet.
    pub fn new(folder: PathBuf) -> Self {
        let bell = Arc::new(watch::Sender::new(()));
        Self { folder, archive: None, state: None, writer: Arc::default(), bell }
    }

    /// A person's log.
    pub fn of(paths: &Paths) -> Self {
        Self { state: Some(paths.state.clone()), ..Self::new(paths.telemetry()) }
    }

    /// The same, with an archive whose months count too.
    #[must_use]
    pub fn with_archive(self, archive: Option<PathBuf>) -> Self {
        Self { archive, ..self }
    }

    /// Where the monthly files are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the program's state is; beside the months, where nobody told.
    pub(super) fn state(&self) -> &Path {
        self.state.as_ref().unwrap_or(&self.folder)
    }

    /// Every folder that may hold months.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        std::iter::once(&self.folder).chain(&self.archive).cloned().collect()
    }

    /// What rings when an event was appended by this process.
    pub(super) fn bell(&self) -> watch::Receiver<()> {
        self.bell.subscribe()
    }

    /// Who is told when events cannot be written: once, and again only if they could be meanwhile.
    pub fn on_trouble(&self, tell: impl FnMut(&io::Error) + Send + 'static) {
        self.writer().on_trouble = Some(Box::new(tell));
    }

    /// Appends one event, after those that wait: one write each, under a lock, after a newline where the file
    /// does not end in one.
    ///
    /// # Errors
    /// What the file system says; the event then waits.
    pub fn append(&self, event: &RequestEvent) -> io::Result<()> {
        let mut line = Vec::with_capacity(1024);
        line.push(b'\n');
        serde_json::to_writer(&mut line, event)?;
        line.push(b'\n');
        let mut writer = self.writer();
        writer.waiting.push_back(Waiting { month: month(event.ts), line });
        let written = self.write_waiting(&mut writer);
        let Err(error) = &written else {
            writer.told = false;
            self.bell.send_replace(());
            return Ok(());
        };
        if !std::mem::replace(&mut writer.told, true)
            && let Some(tell) = &mut writer.on_trouble
        {
            tell(error);
        }
        written
    }

    /// Writes what waits, to where it can be. To be called before the process ends.
    pub fn finish(&self) -> Option<Leftover> {
        let mut writer = self.writer();
        let error = self.write_waiting(&mut writer).err()?;
        let waiting = std::mem::take(&mut writer.waiting);
        let lines: Vec<u8> = waiting.iter().flat_map(|waiting| &waiting.line[1..]).copied().collect();
        let kept = self
            .left_over()
            .and_then(|path| append_to(&path, &lines).ok().map(|()| path))
            .or_else(|| put_aside(&lines));
        Some(Leftover { count: waiting.len(), error, kept })
    }

    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn left_over(&self) -> Option<PathBuf> {
        self.state.as_ref().map(|state| state.join(LEFT_OVER))
    }

    fn write_waiting(&self, writer: &mut Writer) -> io::Result<()> {
        if !std::mem::replace(&mut writer.looked, true)
            && let Some(path) = self.left_over()
        {
            // Whatever keeps it from being read, the events of this process do not wait for it.
            let _ = self.take_over(&path, writer);
        }
        while let Some(waiting) = writer.waiting.front() {
            self.write(&mut writer.open, waiting)?;
            writer.waiting.pop_front();
        }
        Ok(())
    }

    /// Puts the events that another process left over into the log.
    fn take_over(&self, path: &Path, writer: &mut Writer) -> io::Result<()> {
        let mut file = match private::options().read(true).write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            opened => opened?,
        };
        // Another process that has it is at the same work.
        if file.try_lock().is_err() || !is_linked(&file) {
            return Ok(());
        }
        let mut lines = Vec::new();
        each_line(&mut file, 0, |_, line| {
            let at = Entry::read(line).ok().and_then(|entry| Timestamp::from_millisecond(entry.at).ok());
            lines.extend(at.map(|at| Waiting { month: month(at), line: [b"\n", line, b"\n"].concat() }));
        })?;
        for (at, waiting) in lines.iter().enumerate() {
            if let Err(error) = self.write(&mut writer.open, waiting) {
                // Those that were written must not be written again.
                let rest: Vec<u8> =
                    lines[at..].iter().flat_map(|waiting| &waiting.line[1..]).copied().collect();
                file.seek(SeekFrom::Start(0))?;
                file.write_all(&rest)?;
                file.set_len(rest.len() as u64)?;
                return Err(error);
            }
        }
        fs::remove_file(path)
    }

    fn write(&self, open: &mut Option<Open>, waiting: &Waiting) -> io::Result<()> {
        let month = &waiting.month;
        loop {
            let kept = open.take().filter(|open| open.month == *month && is_linked(&open.file));
            let file = match kept {
                Some(open) => open.file,
                None => self.open_month(month)?,
            };
            let locked = lock(&file);
            // It may have been archived while the lock was waited for.
            if !is_linked(&file) {
                continue;
            }
            let written = append_line(&file, &waiting.line, locked);
            if locked == Locked::Yes {
                file.unlock()?;
            }
            written?;
            *open = Some(Open { month: month.clone(), file });
            return Ok(());
        }
    }

    fn open_month(&self, month: &str) -> io::Result<File> {
        let path = self.folder.join(file_name(month));
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

    /// Which of the attempts at an answer have their event: those of the turn that began at this moment.
    ///
    /// # Errors
    /// What the file system says.
    pub fn written(&self, answer: MessageId, began: Timestamp) -> io::Result<Written> {
        let mut written = Written::Retried(0);
        let first = month(began);
        for source in sources(&self.folders())?.iter().filter(|source| source.month >= first) {
            each_line(&mut *source.reader(0)?, 0, |_, line| {
                let Ok(entry) = Entry::read(line.trim_ascii()) else { return };
                // A line tells its time to the millisecond, cut off.
                let late = entry.at >= began.as_millisecond();
                if late && entry.message == Some(answer.0) {
                    written = match written {
                        Written::Retried(count) if !entry.is_final => Written::Retried(count + 1),
                        Written::Retried(_) | Written::All => Written::All,
                    };
                }
            })?;
        }
        Ok(written)
    }
}

/// Whether the lock was had.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Locked {
    Yes,
    /// The file system has no locks, or somebody who was stopped holds it.
    No,
}

/// Waits for a file's lock, though not for ever.
pub(super) fn lock(file: &File) -> Locked {
    let mut began = None;
    loop {
        match file.try_lock() {
            Ok(()) => return Locked::Yes,
            Err(TryLockError::Error(_)) => return Locked::No,
            Err(TryLockError::WouldBlock) => {}
        }
        let waited = began.get_or_insert_with(Instant::now).elapsed();
        if waited > PATIENCE {
            return Locked::No;
        }
        if waited < PATIENCE / 100 {
            std::thread::yield_now();
        } else {
            std::thread::sleep(PATIENCE / 1000);
        }
    }
}

fn append_line(mut file: &File, line: &[u8], locked: Locked) -> io::Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    let torn = end > 0 && {
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        last != *b"\n"
    };
    let written = file.write_all(if torn { line } else { &line[1..] });
    if written.is_err() && locked == Locked::Yes {
        // A disk that became full took a part of it. Where that stays, the next line mends it.
        let _ = file.set_len(end);
    }
    written
}

/// Appends lines to a file for the owner alone; they are there after a power cut too.
pub(super) fn append_to(path: &Path, lines: &[u8]) -> io::Result<()> {
    private::create_folder(path.parent().unwrap_or(path))?;
    let file = private::options().read(true).append(true).create(true).open(path)?;
    let locked = lock(&file);
    append_line(&file, &[b"\n", lines].concat(), locked)?;
    file.sync_data()
}

/// Puts lines into a file of their own among the system's temporary ones.
fn put_aside(lines: &[u8]) -> Option<PathBuf> {
    let name = format!("loquat-{}-{LEFT_OVER}", uuid::Uuid::now_v7().simple());
    let path = std::env::temp_dir().join(name);
    private::create(&path).and_then(|mut file| file.write_all(lines)).ok().map(|()| path)
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
            cache_write_1h: None,
            reasoning_out: Some(0),
            estimated: false,
            cost_usd: Some(Money::from_nanos(262_000)),
            eur_per_usd: Some(Rate("0.92".parse().unwrap())),
            cost_told: false,
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
            over_budget: Vec::new(),
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

    /// Paths below a folder in which the log's own folder is a file, so that nothing can be written to it.
    fn shut() -> (tempfile::TempDir, Paths, Log) {
        let folder = tempfile::tempdir().unwrap();
        let below = |name: &str| folder.path().join(name);
        let paths = Paths { config: below("c"), data: below("d"), cache: below("h"), state: below("s") };
        std::fs::create_dir_all(&paths.data).unwrap();
        std::fs::write(paths.telemetry(), "").unwrap();
        let log = Log::of(&paths);
        (folder, paths, log)
    }

    fn numbered(number: u64) -> RequestEvent {
        RequestEvent { tokens_in: Some(number), ..event() }
    }

    fn numbers(log: &Log) -> Vec<u64> {
        let text = std::fs::read_to_string(log.folder().join("requests-2026-11.jsonl")).unwrap();
        let read = |line: &str| serde_json::from_str::<RequestEvent>(line).unwrap().tokens_in.unwrap();
        text.lines().map(read).collect()
    }

    #[test]
    fn what_cannot_be_written_waits_and_is_told_once_until_it_could_be() {
        let (_folder, _, log) = shut();
        let (sender, told) = std::sync::mpsc::channel();
        log.on_trouble(move |error| sender.send(error.kind()).unwrap());
        for number in 0..3 {
            assert!(log.append(&numbered(number)).is_err());
        }
        assert_eq!(told.try_iter().count(), 1);
        std::fs::remove_file(log.folder()).unwrap();
        log.append(&numbered(3)).unwrap();
        assert_eq!(numbers(&log), [0, 1, 2, 3]);
        std::fs::remove_dir_all(log.folder()).unwrap();
        std::fs::write(log.folder(), "").unwrap();
        assert!(log.append(&numbered(4)).is_err());
        assert_eq!(told.try_iter().count(), 1);
        std::fs::remove_file(log.folder()).unwrap();
        assert!(log.finish().is_none());
        assert_eq!(numbers(&log), [4]);
    }

    #[test]
    fn what_could_not_be_written_to_the_end_is_kept_and_taken_over_by_the_next() {
        let (_folder, paths, log) = shut();
        for number in 0..3 {
            assert!(log.append(&numbered(number)).is_err());
        }
        let leftover = log.finish().unwrap();
        assert_eq!((leftover.count, leftover.kept), (3, Some(paths.state.join(LEFT_OVER))));
        assert!(log.finish().is_none(), "it is kept once");
        std::fs::remove_file(log.folder()).unwrap();
        let next = Log::of(&paths);
        next.append(&numbered(3)).unwrap();
        assert_eq!(numbers(&next), [0, 1, 2, 3]);
        assert!(!paths.state.join(LEFT_OVER).exists());
    }

    #[test]
    fn a_log_that_somebody_holds_who_was_stopped_is_written_to_all_the_same() {
        let (_folder, log, path) = log();
        log.append(&event()).unwrap();
        let holder = File::open(&path).unwrap();
        holder.lock().unwrap();
        log.append(&event()).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), LINE.repeat(2));
    }

    #[test]
    fn what_the_log_tells_of_a_turn_begins_with_the_turn() {
        let (_folder, log, _) = log();
        let began = event().ts;
        let message = event().message.unwrap();
        let told = |began| log.written(message, began).unwrap();
        assert_eq!(told(began), Written::Retried(0));
        log.append(&RequestEvent { is_final: false, ..event() }).unwrap();
        assert_eq!(told(began), Written::Retried(1));
        log.append(&event()).unwrap();
        assert_eq!(told(began), Written::All);
        assert_eq!(told(began + jiff::SignedDuration::from_secs(1)), Written::Retried(0));
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
