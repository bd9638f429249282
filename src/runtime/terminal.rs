//! The terminal: entered and left as a whole, and drawn by difference.
//!
//! Two buffers of cells, the one on the screen and the one being drawn. A frame is one write of the bytes that
//! lead from one to the other, or none. Rows that went elsewhere are found between the two and moved by the
//! terminal. No question whose answer would be waited for is put here to it: what it can do is pushed without
//! asking, because a mute one would hold the first frame for seconds.
//!
//! Leaving is idempotent and open to every thread, so that a panic anywhere gives back a usable terminal.

mod below;
pub mod lines;

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::colour::ColorDepth;
use super::encode::Encoder;
use super::pictures::OnScreen;
use super::scroll::Scroll;
use super::sheet::Sheet;
use crate::app::inline::Place;
use crate::app::model::Caret;
use crate::app::mouse::Mouse;
use crate::config::access::Title;
use crate::config::quirks::{Feature, Quirks};
use crate::text::Safe;
use crate::ui::Drawn;
use below::Window;

/// Where the app is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// On the alternate screen; the shell's text comes back on leaving.
    Alternate,
    /// In an area of the shell's own screen, below what was printed; on the alternate one while more room is wanted.
    Inline,
}

/// How the terminal is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where the app is shown.
    pub screen: Screen,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// Whose the title is.
    pub title: Title,
    /// How many colours there are.
    pub colors: ColorDepth,
    /// What else the terminal can do.
    pub quirks: &'static Quirks,
}

/// Columns and rows where the terminal tells none.
const FALLBACK_SIZE: (u16, u16) = (80, 24);

/// A frame of more bytes than this is marked as one, so that it shows at once. A smaller one fits what a terminal reads
/// at once, and the marks would be a good part of it.
const SYNCHRONIZED_FROM: usize = 400;

/// Synchronized updates (DEC private mode 2026).
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Whether the terminal is there (DSR 5); it answers `CSI 0 n` when it has read everything before.
const ASK: &[u8] = b"\x1b[5n";

/// xterm's `modifyOtherKeys` at level 1 (keys that have no sequence of their own get one), and the terminal's own
/// again. Who takes the former for an attribute is told to forget it.
const ASK_OTHER_KEYS: &str = "\x1b[>4;1m\x1b[m";

/// Bracketed paste, focus reports, and the kitty keyboard protocol's flag 1 (keys told apart), pushed on the
/// stack of the screen that is on.
const ENTER: &str = "\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[?25l";
const LEAVE: &str =
    "\x1b[?2026l\x1b[>4m\x1b[m\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[<1u\x1b[?1004l\x1b[?2004l\x1b[?25h";

/// Buttons, drags, and reports that know columns beyond 223.
const CAPTURE_MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const FREE_MOUSE: &str = "\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?1006l";

/// The title is put aside and brought back (XTWINOPS 22 and 23; both icon and window).
const PUSH_TITLE: &str = "\x1b[22;0t";
const POP_TITLE: &str = "\x1b[23;0t";

/// The cursor's shape (DECSCUSR): the terminal's own, a block, a bar.
const CARETS: [(Caret, &str); 3] =
    [(Caret::Default, "\x1b[0 q"), (Caret::Block, "\x1b[2 q"), (Caret::Bar, "\x1b[6 q")];

/// Whether the cursor has another shape than the terminal's own, to be undone from every thread.
static SHAPED: AtomicBool = AtomicBool::new(false);

/// What has to be undone: nothing, the alternate screen, the shell's own, or the former for the latter; and, beside it,
/// the title.
static ENTERED: AtomicU8 = AtomicU8::new(NOT_ENTERED);
const NOT_ENTERED: u8 = 0;
const ON_ALTERNATE: u8 = 1;
const ON_INLINE: u8 = 2;
const LISTENED_TO: u8 = 3;
const TITLED: u8 = 4;
const ON_INLINE_WHOLE: u8 = 8;

/// All rows scroll (DECSTBM). The cursor goes to the first.
const ALL_ROWS: &str = "\x1b[r";

/// What is never wrapped by the terminal leaves the cursor in its row (DECAWM).
const NO_WRAP: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";

/// Whether this terminal is the process's own, with a raw mode to set, or a writer that stands for one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Whether it is taken is in [`ENTERED`], for every thread to see.
    Own,
    Writer(Hold),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Hold {
    Taken,
    Left,
}

/// Whether the terminal is asked for a sign of life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    None,
    WithNextFrame,
}

/// What became of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// How long it was.
    pub bytes: usize,
    /// Whether it ended in the question of [`Terminal::ask`].
    pub asks: bool,
    /// How long it took to write.
    pub took: Duration,
}

/// The terminal while the app has it.
pub struct Terminal<W: Write = File> {
    out: W,
    kind: Kind,
    options: Options,
    /// Its columns and rows.
    window: (u16, u16),
    /// What of it is taken.
    place: Place,
    /// Whether that is where the area was left.
    met: Window,
    caret: Caret,
    encoder: Encoder,
    /// Whether the next frame ends in a question.
    question: Question,
    /// What is on the screen.
    prev: Sheet,
    /// What is being drawn.
    next: Sheet,
    /// The title as it was written last.
    title: Safe,
    /// The picture on the screen.
    picture: Option<OnScreen>,
}

/// What a frame shows: cells, and a picture above them.
#[derive(Debug, Default)]
pub struct Layers {
    /// What belongs to the cells.
    pub drawn: Drawn,
    /// The picture. The cells below it are blank.
    pub picture: Option<OnScreen>,
}

impl<D: Into<Drawn>> From<D> for Layers {
    /// A frame without a picture.
    fn from(drawn: D) -> Self {
        Self { drawn: drawn.into(), picture: None }
    }
}

impl Terminal<File> {
    /// Takes the terminal: raw mode, then everything else in one write. Errors are the terminal's own; a
    /// terminal that could be entered only in part is left again.
    pub fn enter(options: Options) -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        ENTERED.store(mark(options, options.screen.place()), Ordering::SeqCst);
        let terminal = own_output().and_then(|out| Self::start(out, Kind::Own, options, size()));
        if terminal.is_err() {
            leave_own();
        }
        terminal
    }
}

impl<W: Write> Terminal<W> {
    /// A terminal of `size` columns and rows behind a writer: everything but the raw mode.
    pub fn over(out: W, options: Options, size: (u16, u16)) -> io::Result<Self> {
        Self::start(out, Kind::Writer(Hold::Taken), options, size)
    }

    fn start(out: W, kind: Kind, options: Options, size: (u16, u16)) -> io::Result<Self> {
        let area = Rect::new(0, 0, size.0, size.1);
        let (prev, next) = (Sheet::new(area), Sheet::new(area));
        let mut terminal = Self {
            out,
            kind,
            options,
            window: size,
            place: options.screen.place(),
            met: Window::Same,
            caret: Caret::Default,
            encoder: Encoder::new(options.colors),
            question: Question::None,
            prev,
            next,
            title: Safe::default(),
            picture: None,
        };
        terminal.write_enter()?;
        Ok(terminal)
    }

    fn write_enter(&mut self) -> io::Result<()> {
        self.encoder = Encoder::new(self.options.colors);
        self.place = self.options.screen.place();
        self.picture = None;
        let bytes = &mut self.encoder.bytes;
        bytes.extend_from_slice(match self.options.screen {
            Screen::Alternate => b"\x1b[?1049h",
            Screen::Inline => NO_WRAP.as_bytes(),
        });
        bytes.extend_from_slice(other_keys(self.options.quirks).as_bytes());
        bytes.extend_from_slice(ENTER.as_bytes());
        self.title = Safe::default();
        if self.options.title == Title::Told {
            bytes.extend_from_slice(PUSH_TITLE.as_bytes());
        }
        // A program that was killed may have left the mouse taken.
        bytes.extend_from_slice(FREE_MOUSE.as_bytes());
        match self.place {
            Place::Whole => {
                if self.options.mouse == Mouse::Captured {
                    bytes.extend_from_slice(CAPTURE_MOUSE.as_bytes());
                }
                self.encoder.clear();
                self.prev.reset();
            }
            // The mouse is left to the terminal, to which what it points at belongs.
            Place::Below => {
                self.encoder.begin_area();
                self.prev = self.blank(1);
            }
        }
        // What had the terminal meanwhile has left the cursor in its own shape.
        self.caret = Caret::Default;
        self.out.write_all(&self.encoder.bytes)?;
        self.encoder.bytes.clear();
        self.out.flush()
    }

    /// Takes the mouse, or gives it back to the terminal.
    pub fn set_mouse(&mut self, mouse: Mouse) -> io::Result<()> {
        self.options.mouse = mouse;
        if self.is_left() || self.place == Place::Below {
            return Ok(());
        }
        let bytes = match mouse {
            Mouse::Captured => CAPTURE_MOUSE,
            Mouse::Free => FREE_MOUSE,
        };
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    /// Gives the cursor a shape. One that it has already is not written again.
    pub fn set_caret(&mut self, caret: Caret) -> io::Result<()> {
        if self.caret == caret || self.is_left() {
            return Ok(());
        }
        self.caret = caret;
        if self.kind == Kind::Own {
            SHAPED.store(caret != Caret::Default, Ordering::SeqCst);
        }
        let shape = CARETS.iter().find(|(of, _)| *of == caret).map_or("", |(_, shape)| *shape);
        self.out.write_all(shape.as_bytes())?;
        self.out.flush()
    }

    /// Sets the title, where it is another one than before.
    pub fn set_title(&mut self, title: &Safe) -> io::Result<()> {
        if self.is_left() || self.options.title == Title::Untouched || *title == self.title {
            return Ok(());
        }
        self.title = title.clone();
        self.notify(format!("\x1b]2;{title}\x1b\\").as_bytes())
    }

    /// Writes what calls for attention. It leaves the cursor and the colours as they are.
    pub fn notify(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.is_left() || bytes.is_empty() {
            return Ok(());
        }
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// The columns and rows of the window.
    pub fn window(&self) -> (u16, u16) {
        self.window
    }

    /// The screen's area, from column and row 0.
    pub fn area(&self) -> Rect {
        self.next.buffer.area
    }

    /// Shows what `draw` puts into an empty buffer; it returns where the cursor stands, if it shows, and where
    /// cells lead. One write, or none where nothing changed. While the terminal is left,
    /// nothing is drawn.
    pub fn draw<L: Into<Layers>>(&mut self, draw: impl FnOnce(&mut Buffer) -> L) -> io::Result<Written> {
        if self.is_left() {
            return Ok(Written::default());
        }
        self.next.reset();
        let Layers { drawn: Drawn { cursor, links }, picture } = draw(&mut self.next.buffer).into();
        let area = self.area();
        let cursor = cursor.filter(|&(x, y)| x < area.width && y < area.height);
        if self.options.quirks.can(Feature::Links) {
            if self.encoder.linked.make_room(&links) {
                self.prev.unlink();
            }
            self.encoder.linked.number(&links, &mut self.next.links);
        }
        self.encoder.bytes.extend_from_slice(BEGIN_FRAME);
        let key = |picture: &Option<OnScreen>| picture.as_ref().map(|picture| picture.key);
        let is_new = key(&picture) != key(&self.picture);
        if is_new {
            self.remove_picture();
        }
        let mut changed = self.next.changed(&self.prev);
        // What is moved would take a picture along.
        if picture.is_none() {
            changed = self.scroll(changed);
        }
        self.encoder.frame(&self.prev, &self.next, changed);
        if let Some(picture) = picture.as_ref().filter(|_| is_new) {
            self.encoder.place(picture.area.as_position().into(), picture.bytes());
        }
        self.picture = picture;
        self.encoder.cursor(cursor);
        std::mem::swap(&mut self.prev, &mut self.next);
        self.write_frame()
    }

    /// Takes the picture away, with everything else on the screen: the frame is drawn from nothing.
    fn remove_picture(&mut self) {
        if let Some(picture) = self.picture.take() {
            self.encoder.bytes.extend_from_slice(picture.removal());
            self.encoder.clear();
            self.prev.reset();
        }
    }

    /// Lets the terminal move the rows that went elsewhere, among those that changed. Returns those that differ then.
    fn scroll(&mut self, changed: Range<usize>) -> Range<usize> {
        if !self.options.quirks.can(Feature::Regions) {
            return changed;
        }
        let Some(scroll) = Scroll::find(&self.prev, &self.next, changed.clone()) else { return changed };
        let held = self.encoder.region().and_then(|rows| scroll.within(rows, &self.prev, &self.next));
        let scroll = held.unwrap_or(scroll);
        self.encoder.scroll(scroll, &mut self.prev, &self.next);
        changed.start.min(scroll.top)..changed.end.max(scroll.bottom)
    }

    /// Asks, with the next frame if anything changes in it, for a sign that everything until then was read.
    pub fn ask(&mut self) {
        if self.options.quirks.can(Feature::Answers) {
            self.question = Question::WithNextFrame;
        }
    }

    /// Writes what was encoded.
    fn write_frame(&mut self) -> io::Result<Written> {
        let bytes = &mut self.encoder.bytes;
        let length = bytes.len() - BEGIN_FRAME.len();
        let is_marked = self.options.quirks.can(Feature::Synchronized) && length > SYNCHRONIZED_FROM;
        let asks = length > 0 && self.question == Question::WithNextFrame;
        if is_marked {
            bytes.extend_from_slice(END_FRAME);
        }
        if asks {
            bytes.extend_from_slice(ASK);
        }
        self.question = Question::None;
        let from = if is_marked { 0 } else { BEGIN_FRAME.len() };
        let frame = bytes.get(from..).unwrap_or_default();
        let sent = frame.len();
        let began = Instant::now();
        let result =
            if frame.is_empty() { Ok(()) } else { self.out.write_all(frame).and_then(|()| self.out.flush()) };
        bytes.clear();
        result.map(|()| Written { bytes: sent, asks, took: began.elapsed() })
    }

    /// The screen has another size: the next frame is drawn from nothing.
    pub fn resize(&mut self, columns: u16, rows: u16) -> io::Result<()> {
        let before = std::mem::replace(&mut self.window, (columns, rows));
        if self.place == Place::Below {
            return if self.is_left() || before == self.window {
                Ok(())
            } else {
                self.resize_below(before.0)
            };
        }
        if before != self.window {
            self.met = Window::Changed;
        }
        (self.prev, self.next) = (self.blank(rows), self.blank(rows));
        self.redraw()
    }

    /// Something else has written to the screen: the next frame is drawn from nothing.
    pub fn redraw(&mut self) -> io::Result<()> {
        if self.is_left() {
            return Ok(());
        }
        if self.place == Place::Below {
            return self.redraw_below();
        }
        self.remove_picture();
        self.prev.reset();
        self.encoder.clear();
        let written = self.out.write_all(&self.encoder.bytes);
        self.encoder.bytes.clear();
        written
    }

    /// The writer behind the screen, for what is not a cell: the clipboard, the title. What is written must
    /// leave the cursor and the colours as they are.
    pub fn out(&mut self) -> &mut W {
        &mut self.out
    }

    /// Gives the terminal back for a while: to the shell on Ctrl+Z, to an editor. [`resume`](Self::resume)
    /// takes it again.
    pub fn suspend(&mut self) {
        self.restore();
    }

    /// Takes the terminal again after [`suspend`](Self::suspend), in the size it has by then. Where it was not
    /// given back, it is only drawn afresh: a continued job hears of it twice.
    pub fn resume(&mut self) -> io::Result<()> {
        if !self.is_left() {
            return self.redraw();
        }
        match &mut self.kind {
            Kind::Own => {
                crossterm::terminal::enable_raw_mode()?;
                ENTERED.store(mark(self.options, self.options.screen.place()), Ordering::SeqCst);
                self.window = size();
                (self.prev, self.next) = (self.blank(self.window.1), self.blank(self.window.1));
            }
            Kind::Writer(hold) => *hold = Hold::Taken,
        }
        self.write_enter()
    }

    /// Gives the terminal back. Doing it twice is doing it once.
    pub fn restore(&mut self) {
        if let Some(picture) = self.picture.take()
            && !self.is_left()
        {
            // On the shell's own screen it would stay. A terminal that is gone has none.
            let _ = self.out.write_all(picture.removal());
        }
        match &mut self.kind {
            Kind::Own => leave_own(),
            Kind::Writer(Hold::Left) => {}
            Kind::Writer(hold) => {
                *hold = Hold::Left;
                // A writer that fails has no terminal to give back.
                let way = Way::of(self.options.screen, self.place, self.encoder.row_at());
                let _ = self.out.write_all(leave(way, self.options.title).as_bytes());
                let _ = self.out.flush();
            }
        }
    }

    fn is_left(&self) -> bool {
        match self.kind {
            Kind::Own => ENTERED.load(Ordering::SeqCst) == NOT_ENTERED,
            Kind::Writer(hold) => hold == Hold::Left,
        }
    }
}

impl<W: Write> Drop for Terminal<W> {
    fn drop(&mut self) {
        self.restore();
    }
}

/// Makes a panic, on whatever thread, give the terminal back before it is printed.
pub fn install_panic_hook() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        leave_own();
        print(panic);
    }));
}

/// Columns and rows of the terminal; 80 × 24 where it tells none.
pub fn size() -> (u16, u16) {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if columns > 0 && rows > 0 => (columns, rows),
        Ok(_) | Err(_) => FALLBACK_SIZE,
    }
}

impl Screen {
    /// What is taken of the terminal at first.
    fn place(self) -> Place {
        match self {
            Self::Alternate => Place::Whole,
            Self::Inline => Place::Below,
        }
    }
}

fn mark(options: Options, place: Place) -> u8 {
    let screen = match (options.screen, place) {
        (Screen::Alternate, _) => ON_ALTERNATE,
        (Screen::Inline, Place::Below) => ON_INLINE,
        (Screen::Inline, Place::Whole) => ON_INLINE_WHOLE,
    };
    match options.title {
        Title::Told => screen | TITLED,
        Title::Untouched => screen,
    }
}

/// How a screen is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The shell's own comes back.
    Alternate,
    /// An area that begins so many rows above the cursor goes.
    Area(u16),
    /// The shell's own comes back, from which the area has gone.
    WholeOfArea,
}

impl Way {
    fn of(screen: Screen, place: Place, above: u16) -> Self {
        match (screen, place) {
            (Screen::Alternate, _) => Self::Alternate,
            (Screen::Inline, Place::Below) => Self::Area(above),
            (Screen::Inline, Place::Whole) => Self::WholeOfArea,
        }
    }
}

fn leave(way: Way, title: Title) -> String {
    let title = match title {
        Title::Told => POP_TITLE,
        Title::Untouched => "",
    };
    // Once more for the screen that is left to the shell: there are terminals that keep the mouse apart for each.
    match way {
        Way::Alternate => format!("{title}{LEAVE}{ALL_ROWS}\x1b[?1049l{FREE_MOUSE}"),
        Way::Area(0) => format!("{title}{LEAVE}{WRAP}\r\x1b[J"),
        Way::Area(above) => format!("{title}{LEAVE}{WRAP}\x1b[{above}A\r\x1b[J"),
        // Each screen has a stack of keyboard flags of its own.
        Way::WholeOfArea => format!("{LEAVE}{ALL_ROWS}\x1b[?1049l{title}{LEAVE}{WRAP}\r\x1b[J"),
    }
}

/// Undoes what the process did to its terminal, if anything. Errors are passed over: there is nobody left to
/// tell, and each step is worth trying.
fn leave_own() {
    let entered = ENTERED.swap(NOT_ENTERED, Ordering::SeqCst);
    let title = if entered & TITLED == 0 { Title::Untouched } else { Title::Told };
    let bytes = match entered & !TITLED {
        ON_ALTERNATE => leave(Way::Alternate, title),
        ON_INLINE => leave(Way::Area(below::ABOVE.swap(0, Ordering::SeqCst)), title),
        ON_INLINE_WHOLE => leave(Way::WholeOfArea, title),
        LISTENED_TO => LEAVE.to_owned(),
        _ => return,
    };
    if let Ok(mut out) = own_output() {
        if SHAPED.swap(false, Ordering::SeqCst) {
            let _ = out.write_all(b"\x1b[0 q");
        }
        let _ = out.write_all(bytes.as_bytes());
    }
    super::tty::release();
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Asks for keys as xterm tells them, where that helps. The kitty protocol, asked for behind it, goes before.
fn other_keys(quirks: &Quirks) -> &'static str {
    if quirks.can(Feature::OtherKeys) { ASK_OTHER_KEYS } else { "" }
}

/// What has to be undone once the terminal's keys are no longer listened to.
#[cfg(unix)]
#[derive(Debug)]
pub struct Listening(());

/// How keys are told: which protocols are on, and last what every terminal answers.
#[cfg(unix)]
const ASK_KEYS: &str = "\x1b[?u\x1b[?4m\x1b[c";

/// Has the terminal send keys as it does for the app, on the screen as it is, and asks how it tells them. The
/// answers come as input, whenever they come.
#[cfg(unix)]
pub fn listen(mouse: Mouse, quirks: &Quirks) -> io::Result<Listening> {
    let mut out = own_output()?;
    ENTERED.store(LISTENED_TO, Ordering::SeqCst);
    let listening = Listening(());
    let mouse = match mouse {
        Mouse::Captured => CAPTURE_MOUSE,
        Mouse::Free => "",
    };
    let other = other_keys(quirks);
    out.write_all(format!("{other}{ENTER}\x1b[?25h{mouse}{ASK_KEYS}").as_bytes())?;
    Ok(listening)
}

#[cfg(unix)]
impl Drop for Listening {
    fn drop(&mut self) {
        leave_own();
    }
}

/// Standard output without the line buffer of `std`, which would make two writes of a frame; where it leads
/// elsewhere, the terminal.
#[cfg(unix)]
fn own_output() -> io::Result<File> {
    use std::os::fd::AsFd;
    if !io::stdout().is_terminal() {
        return File::options().write(true).open("/dev/tty");
    }
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}

/// Standard output without the line buffer of `std`, which would make two writes of a frame.
#[cfg(windows)]
fn own_output() -> io::Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(File::from(io::stdout().as_handle().try_clone_to_owned()?))
}

#[cfg(test)]
mod tests;
