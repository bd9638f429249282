//! The terminal: entered and left as a whole, and drawn by difference.
//!
//! Two buffers of cells, the one on the screen and the one being drawn. A frame is one write of the bytes that
//! lead from one to the other, or none. No question is put here to the terminal: what it can do is pushed
//! without asking, because a mute one would hold the first frame for seconds.
//!
//! Leaving is idempotent and open to every thread, so that a panic anywhere gives back a usable terminal.
//! Scrolling by hardware belongs between the two buffers in [`Terminal::draw`].

use std::fs::File;
use std::io::{self, Write};
use std::sync::atomic::{AtomicU8, Ordering};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::colour::ColorDepth;
use super::encode::Encoder;
use crate::app::mouse::Mouse;

/// Where the app is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// On the alternate screen; the shell's text comes back on leaving.
    Alternate,
    /// On the shell's own screen; what was there scrolls up, and the last frame stays.
    Inline,
}

/// How the terminal is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where the app is shown.
    pub screen: Screen,
    /// Whose the mouse is.
    pub mouse: Mouse,
    /// How many colours there are.
    pub colors: ColorDepth,
}

/// Columns and rows where the terminal tells none.
const FALLBACK_SIZE: (u16, u16) = (80, 24);

/// A frame of more bytes than this is marked as one, so that it shows at once; the marks of a smaller one
/// would be a good part of it.
const SYNCHRONIZED_FROM: usize = 400;

/// Synchronized updates (DEC private mode 2026).
const BEGIN_FRAME: &[u8] = b"\x1b[?2026h";
const END_FRAME: &[u8] = b"\x1b[?2026l";

/// Bracketed paste, focus reports, and the kitty keyboard protocol's flag 1 (keys told apart), pushed on the
/// stack of the screen that is on.
const ENTER: &str = "\x1b[?2004h\x1b[?1004h\x1b[>1u\x1b[?25l";
const LEAVE: &str =
    "\x1b[?2026l\x1b[m\x1b[?1002l\x1b[?1000l\x1b[?1006l\x1b[<1u\x1b[?1004l\x1b[?2004l\x1b[?25h";

/// Buttons, drags, and reports that know columns beyond 223.
const CAPTURE_MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
const FREE_MOUSE: &str = "\x1b[?1002l\x1b[?1000l\x1b[?1006l";

/// What has to be undone: nothing, the alternate screen, or the shell's own.
static ENTERED: AtomicU8 = AtomicU8::new(NOT_ENTERED);
const NOT_ENTERED: u8 = 0;
const ON_ALTERNATE: u8 = 1;
const ON_INLINE: u8 = 2;

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

/// The terminal while the app has it.
pub struct Terminal<W: Write = File> {
    out: W,
    kind: Kind,
    options: Options,
    encoder: Encoder,
    /// What is on the screen.
    prev: Buffer,
    /// What is being drawn.
    next: Buffer,
}

impl Terminal<File> {
    /// Takes the terminal: raw mode, then everything else in one write. Errors are the terminal's own; a
    /// terminal that could be entered only in part is left again.
    pub fn enter(options: Options) -> io::Result<Self> {
        crossterm::terminal::enable_raw_mode()?;
        ENTERED.store(mark(options.screen), Ordering::SeqCst);
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
        let (prev, next) = (Buffer::empty(area), Buffer::empty(area));
        let mut terminal = Self { out, kind, options, encoder: Encoder::new(options.colors), prev, next };
        terminal.write_enter()?;
        Ok(terminal)
    }

    fn write_enter(&mut self) -> io::Result<()> {
        self.encoder = Encoder::new(self.options.colors);
        let bytes = &mut self.encoder.bytes;
        match self.options.screen {
            Screen::Alternate => bytes.extend_from_slice(b"\x1b[?1049h"),
            Screen::Inline => bytes.extend(std::iter::repeat_n(b'\n', usize::from(self.prev.area.height))),
        }
        bytes.extend_from_slice(ENTER.as_bytes());
        if self.options.mouse == Mouse::Captured {
            bytes.extend_from_slice(CAPTURE_MOUSE.as_bytes());
        }
        self.encoder.clear();
        self.prev.reset();
        self.out.write_all(&self.encoder.bytes)?;
        self.encoder.bytes.clear();
        self.out.flush()
    }

    /// Takes the mouse, or gives it back to the terminal.
    pub fn set_mouse(&mut self, mouse: Mouse) -> io::Result<()> {
        self.options.mouse = mouse;
        if self.is_left() {
            return Ok(());
        }
        let bytes = match mouse {
            Mouse::Captured => CAPTURE_MOUSE,
            Mouse::Free => FREE_MOUSE,
        };
        self.out.write_all(bytes.as_bytes())?;
        self.out.flush()
    }

    /// The screen's area, from column and row 0.
    pub fn area(&self) -> Rect {
        self.next.area
    }

    /// Shows what `draw` puts into an empty buffer; it returns where the cursor stands, if it shows. One write,
    /// or none where nothing changed. While the terminal is left, nothing is drawn.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Buffer) -> Option<(u16, u16)>) -> io::Result<()> {
        if self.is_left() {
            return Ok(());
        }
        self.next.reset();
        let cursor = draw(&mut self.next);
        let area = self.next.area;
        let cursor = cursor.filter(|&(x, y)| x < area.width && y < area.height);
        self.encoder.bytes.extend_from_slice(BEGIN_FRAME);
        self.encoder.frame(&self.prev, &self.next);
        self.encoder.cursor(cursor);
        std::mem::swap(&mut self.prev, &mut self.next);
        self.write_frame()
    }

    fn write_frame(&mut self) -> io::Result<()> {
        let bytes = &mut self.encoder.bytes;
        let length = bytes.len() - BEGIN_FRAME.len();
        let frame = if length > SYNCHRONIZED_FROM {
            bytes.extend_from_slice(END_FRAME);
            bytes.as_slice()
        } else {
            bytes.get(BEGIN_FRAME.len()..).unwrap_or_default()
        };
        let written =
            if frame.is_empty() { Ok(()) } else { self.out.write_all(frame).and_then(|()| self.out.flush()) };
        bytes.clear();
        written
    }

    /// The screen has another size: the next frame is drawn from nothing.
    pub fn resize(&mut self, columns: u16, rows: u16) -> io::Result<()> {
        let area = Rect::new(0, 0, columns, rows);
        self.prev = Buffer::empty(area);
        self.next = Buffer::empty(area);
        self.redraw()
    }

    /// Something else has written to the screen: the next frame is drawn from nothing.
    pub fn redraw(&mut self) -> io::Result<()> {
        if self.is_left() {
            return Ok(());
        }
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
                ENTERED.store(mark(self.options.screen), Ordering::SeqCst);
                let (columns, rows) = size();
                let area = Rect::new(0, 0, columns, rows);
                self.prev = Buffer::empty(area);
                self.next = Buffer::empty(area);
            }
            Kind::Writer(hold) => *hold = Hold::Taken,
        }
        self.write_enter()
    }

    /// Gives the terminal back. Doing it twice is doing it once.
    pub fn restore(&mut self) {
        match &mut self.kind {
            Kind::Own => leave_own(),
            Kind::Writer(Hold::Left) => {}
            Kind::Writer(hold) => {
                *hold = Hold::Left;
                // A writer that fails has no terminal to give back.
                let _ = self.out.write_all(leave(self.options.screen).as_bytes());
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

fn mark(screen: Screen) -> u8 {
    match screen {
        Screen::Alternate => ON_ALTERNATE,
        Screen::Inline => ON_INLINE,
    }
}

fn leave(screen: Screen) -> String {
    let last = match screen {
        Screen::Alternate => "\x1b[?1049l",
        // The lowest row there is, and the one after it.
        Screen::Inline => "\x1b[9999H\r\n",
    };
    format!("{LEAVE}{last}")
}

/// Undoes what the process did to its terminal, if anything. Errors are passed over: there is nobody left to
/// tell, and each step is worth trying.
fn leave_own() {
    let screen = match ENTERED.swap(NOT_ENTERED, Ordering::SeqCst) {
        ON_ALTERNATE => Screen::Alternate,
        ON_INLINE => Screen::Inline,
        _ => return,
    };
    if let Ok(mut out) = own_output() {
        let _ = out.write_all(leave(screen).as_bytes());
    }
    let _ = crossterm::terminal::disable_raw_mode();
}

/// Standard output without the line buffer of `std`, which would make two writes of a frame.
#[cfg(unix)]
fn own_output() -> io::Result<File> {
    use std::os::fd::AsFd;
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
