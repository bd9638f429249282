//! What is on the clipboard: text, else an image as PNG. Asking may take as long as whoever owns it likes, so it is
//! done on a thread of its own that nobody waits for beyond a few seconds.

use crate::app::insert::NotPasted;
use crate::app::message::FileHeld;

use super::clipboard::Surroundings;

/// Reads the clipboard, unless it is another machine's.
pub fn read(surroundings: Surroundings) -> Result<FileHeld, NotPasted> {
    if surroundings.is_remote() {
        return Err(NotPasted::Elsewhere);
    }
    desktop::read()
}

#[cfg(feature = "clipboard")]
mod desktop {
    use std::io::Cursor;
    use std::sync::mpsc;
    use std::time::Duration;

    use arboard::{Clipboard, Error, ImageData};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use image::{ImageFormat, RgbaImage};

    use crate::app::insert::NotPasted;
    use crate::app::message::FileHeld;
    use crate::chat::{Media, MediaData};

    /// How long the desktop, and whoever has what is on the clipboard, may take.
    const LIMIT: Duration = Duration::from_secs(3);

    pub(super) fn read() -> Result<FileHeld, NotPasted> {
        // Without a display the attempt alone takes seconds.
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let is_drawn_on = cfg!(any(target_os = "macos", windows)) || set("DISPLAY") || set("WAYLAND_DISPLAY");
        if !is_drawn_on {
            return Err(NotPasted::NoDesktop);
        }
        let (done, result) = mpsc::channel();
        let worker = std::thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
            // Whoever asked may have stopped waiting.
            let _ = done.send(held());
        });
        match worker {
            Ok(_) => result.recv_timeout(LIMIT).unwrap_or(Err(NotPasted::NoAnswer)),
            Err(error) => Err(NotPasted::Failed(error.to_string())),
        }
    }

    fn held() -> Result<FileHeld, NotPasted> {
        let mut clipboard = Clipboard::new().map_err(told)?;
        match clipboard.get_text() {
            Ok(text) if !text.is_empty() => return Ok(FileHeld::Text(text)),
            Ok(_) | Err(Error::ContentNotAvailable) => {}
            Err(error) => return Err(told(error)),
        }
        clipboard.get_image().map_err(told).and_then(png)
    }

    fn told(error: Error) -> NotPasted {
        match error {
            Error::ContentNotAvailable => NotPasted::Empty,
            error => NotPasted::Failed(error.to_string()),
        }
    }

    /// Pixels as a file that providers take.
    pub(super) fn png(pixels: ImageData<'_>) -> Result<FileHeld, NotPasted> {
        let failed = |reason: String| NotPasted::Failed(reason);
        let size = (u32::try_from(pixels.width).ok()).zip(u32::try_from(pixels.height).ok());
        let image = size
            .and_then(|(width, height)| RgbaImage::from_raw(width, height, pixels.bytes.into_owned()))
            .ok_or(NotPasted::Empty)?;
        let mut file = Cursor::new(Vec::new());
        image.write_to(&mut file, ImageFormat::Png).map_err(|error| failed(error.to_string()))?;
        let data = MediaData::Base64(STANDARD.encode(file.into_inner()));
        let (mime, name) = ("image/png".to_owned(), "clipboard.png".to_owned());
        Ok(FileHeld::Image(Box::new(Media { mime, name, data })))
    }
}

#[cfg(not(feature = "clipboard"))]
mod desktop {
    use crate::app::insert::NotPasted;
    use crate::app::message::FileHeld;

    pub(super) fn read() -> Result<FileHeld, NotPasted> {
        Err(NotPasted::NoDesktop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_ssh_this_machines_clipboard_is_left_alone() {
        let surroundings = Surroundings::detect(|name| (name == "SSH_TTY").then(|| "/dev/pts/1".to_owned()));
        assert_eq!(read(surroundings), Err(NotPasted::Elsewhere));
    }

    #[cfg(feature = "clipboard")]
    #[test]
    fn pixels_become_a_file_that_says_what_it_is() {
        use crate::chat::MediaData;
        use base64::Engine;
        let pixels = |bytes: &'static [u8]| arboard::ImageData { width: 2, height: 1, bytes: bytes.into() };
        let Ok(FileHeld::Image(image)) = desktop::png(pixels(&[255, 0, 0, 255, 0, 0, 255, 255])) else {
            panic!("no image");
        };
        let MediaData::Base64(data) = &image.data else { panic!("no bytes") };
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        assert_eq!(
            crate::chat::picture::ImageFormat::of(&bytes).map(|format| format.mime()),
            Some("image/png")
        );
        assert_eq!(desktop::png(pixels(&[0, 0])), Err(NotPasted::Empty));
    }
}
