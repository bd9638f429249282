//! The sequences of kitty and of iTerm2. Both hold an image as PNG, and the terminal scales it to its cells.
//!
//! Sources: sw.kovidgoyal.net/kitty/graphics-protocol and iterm2.com/documentation-images.html.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::RgbaImage;

/// The most base64 that a sequence of kitty's may hold.
const CHUNK: usize = 4096;

/// The image by which the terminal knows the picture. There is one at a time.
const IMAGE: u32 = 0x10c_0a7;

/// Takes the picture and its data away from a terminal of kitty's protocol.
pub const KITTY_REMOVES: &[u8] = b"\x1b_Ga=d,d=I,i=1097895,q=2\x1b\\";

fn png(image: &RgbaImage) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).ok()?;
    Some(bytes.into_inner())
}

/// Shows an image in these columns and rows, with the cursor left where it is, and no answer.
pub fn kitty(image: &RgbaImage, (columns, rows): (u16, u16)) -> Option<Vec<u8>> {
    let data = STANDARD.encode(png(image)?);
    let mut sequence = Vec::with_capacity(data.len() + data.len() / CHUNK * 16 + 64);
    let mut chunks = data.as_bytes().chunks(CHUNK).peekable();
    let mut head = format!("a=T,f=100,i={IMAGE},c={columns},r={rows},C=1,q=2,");
    while let Some(chunk) = chunks.next() {
        let more = u8::from(chunks.peek().is_some());
        sequence.extend_from_slice(format!("\x1b_G{head}m={more};").as_bytes());
        sequence.extend_from_slice(chunk);
        sequence.extend_from_slice(b"\x1b\\");
        head.clear();
    }
    Some(sequence)
}

/// Shows an image in these columns and rows.
pub fn iterm2(image: &RgbaImage, (columns, rows): (u16, u16)) -> Option<Vec<u8>> {
    let png = png(image)?;
    let head = format!(
        "\x1b]1337;File=inline=1;size={};width={columns};height={rows};preserveAspectRatio=0;doNotMoveCursor=1:",
        png.len()
    );
    Some([head.as_bytes(), STANDARD.encode(&png).as_bytes(), b"\x07"].concat())
}
