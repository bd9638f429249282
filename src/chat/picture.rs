//! What the beginning of an image tells: its format and its size, without a look at a single pixel.
//!
//! A message is laid out often, and decoding belongs elsewhere; all that a row of the transcript says stands in the
//! first bytes. They are somebody else's: whatever is cut short or makes no sense has no size.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Media, MediaData};

/// Columns and rows of pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixels {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

/// A format that can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG.
    Jpeg,
    /// GIF; its first frame.
    Gif,
    /// WebP.
    Webp,
}

impl ImageFormat {
    /// The format of a file, by how it begins.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Gif),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::Webp),
            _ => None,
        }
    }

    /// Its media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }

    /// How names of its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }
}

/// As much of a file is read to find its size: a JPEG may keep a small copy of itself before it.
const HEAD: usize = 96 * 1024;

impl Media {
    /// The size that the image itself tells, where it is here and in a format that can be shown.
    pub fn pixels(&self) -> Option<Pixels> {
        let MediaData::Base64(data) = &self.data else { return None };
        let head = data.get(..data.len().min(HEAD / 3 * 4))?;
        pixels(&decoded(head))
    }

    /// How many bytes it has, where they are here.
    pub fn bytes(&self) -> Option<u64> {
        match &self.data {
            MediaData::Base64(data) => u64::try_from(length(data)).ok(),
            MediaData::Url(_) => None,
        }
    }
}

/// How many bytes a text in base64 stands for.
pub fn length(base64: &str) -> usize {
    let text = base64.trim_end_matches('=').len();
    text / 4 * 3 + [0, 0, 1, 2][text % 4]
}

/// The bytes of whole groups of base64; none where it is no base64.
fn decoded(base64: &str) -> Vec<u8> {
    let whole = base64.len() - base64.len() % 4;
    base64.get(..whole).and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default()
}

/// The size that the beginning of a file tells.
pub fn pixels(bytes: &[u8]) -> Option<Pixels> {
    let size = match ImageFormat::of(bytes)? {
        // The first chunk is its header: length, `IHDR`, columns, rows.
        ImageFormat::Png => Pixels { width: big(bytes, 16, 4)?, height: big(bytes, 20, 4)? },
        ImageFormat::Gif => Pixels { width: little(bytes, 6, 2)?, height: little(bytes, 8, 2)? },
        ImageFormat::Jpeg => jpeg(bytes)?,
        ImageFormat::Webp => webp(bytes)?,
    };
    (size.width > 0 && size.height > 0).then_some(size)
}

/// Walks the segments of a JPEG to the one that begins its frame.
fn jpeg(bytes: &[u8]) -> Option<Pixels> {
    let mut at = 2;
    loop {
        let (mark, kind) = (*bytes.get(at)?, *bytes.get(at + 1)?);
        if mark != 0xff {
            return None;
        }
        match kind {
            // Filling, and segments of nothing.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            // Start of frame, of whatever process; the others of the row are tables.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some(Pixels { width: big(bytes, at + 7, 2)?, height: big(bytes, at + 5, 2)? });
            }
            _ => at += 2 + usize::try_from(big(bytes, at + 2, 2)?).ok()?,
        }
    }
}

/// The three kinds of WebP (RFC 9649, section 2): lossy, lossless, extended.
fn webp(bytes: &[u8]) -> Option<Pixels> {
    match bytes.get(12..16)? {
        b"VP8 " => {
            Some(Pixels { width: little(bytes, 26, 2)? & 0x3fff, height: little(bytes, 28, 2)? & 0x3fff })
        }
        b"VP8L" => {
            let bits = little(bytes, 21, 4)?;
            Some(Pixels { width: (bits & 0x3fff) + 1, height: (bits >> 14 & 0x3fff) + 1 })
        }
        b"VP8X" => Some(Pixels { width: little(bytes, 24, 3)? + 1, height: little(bytes, 27, 3)? + 1 }),
        _ => None,
    }
}

fn big(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at + count)?;
    Some(digits.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, count: usize) -> Option<u32> {
    let digits = bytes.get(at..at + count)?;
    Some(digits.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A PNG's signature and header for this size.
    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes
    }

    #[test]
    fn the_size_stands_in_the_first_bytes_of_each_format() {
        let size = |width, height| Some(Pixels { width, height });
        assert_eq!(pixels(&png(640, 480)), size(640, 480));
        assert_eq!(pixels(b"GIF89a\x80\x02\xe0\x01"), size(640, 480));
        let jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc4\x00\x02\xff\xc2\x00\x0b\x08\x01\xe0\x02\x80";
        assert_eq!(pixels(jpeg), size(640, 480));
        let lossy = b"RIFF....WEBPVP8 ....\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        assert_eq!(pixels(lossy), size(640, 480));
        assert_eq!(pixels(b"RIFF....WEBPVP8L....\x2f\x7f\xc2\x77\x00"), size(640, 480));
        assert_eq!(pixels(b"RIFF....WEBPVP8X........\x7f\x02\0\xdf\x01\0"), size(640, 480));
        for none in [&png(0, 5)[..], &png(5, 5)[..20], b"<svg/>", b"\xff\xd8\xff\xc0\x00", b""] {
            assert_eq!(pixels(none), None, "{none:?}");
        }
    }

    #[test]
    fn an_image_that_is_here_tells_its_size_and_its_bytes() {
        let of = |data| Media { mime: "image/png".into(), name: String::new(), data };
        let here = of(MediaData::Base64(STANDARD.encode(png(3, 2))));
        assert_eq!((here.pixels(), here.bytes()), (Some(Pixels { width: 3, height: 2 }), Some(24)));
        assert_eq!(of(MediaData::Base64("QQ==".into())).bytes(), Some(1));
        let there = of(MediaData::Url("https://a.test/i.png".into()));
        assert_eq!((there.pixels(), there.bytes()), (None, None));
        let broken = of(MediaData::Base64("ä===".into()));
        assert_eq!(broken.pixels(), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_stumble(format in 0usize..4, rest in proptest::collection::vec(any::<u8>(), 0..200)) {
            let begin: [&[u8]; 4] = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8X"];
            pixels(&[begin[format], &rest].concat());
        }
    }
}
