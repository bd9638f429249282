//! From a file's bytes to pixels, within limits: the file is somebody else's.

use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageDecoder, ImageReader, Limits, RgbaImage};

use crate::app::pictures::{Facts, Way};
use crate::chat::picture::{ImageFormat, Pixels};
use crate::t;
use crate::text::Safe;

/// The most pixels that are decoded, in millions.
const MOST: u64 = 64;
/// The most memory that decoding may take, in bytes: sixteen bits for each of four channels.
const MEMORY: u64 = MOST * 1_000_000 * 8;
/// The longest side that is kept: more than a window shows.
const KEPT: u32 = 2048;

/// A picture.
#[derive(Debug)]
pub struct Decoded {
    bytes: Arc<[u8]>,
    format: ImageFormat,
    /// Of the file.
    pixels: Pixels,
    /// No larger than a window shows.
    pub image: RgbaImage,
}

impl Decoded {
    /// Decodes a file.
    ///
    /// # Errors
    /// Where it is none of the formats that are known, is broken, or too large.
    pub fn of(bytes: Vec<u8>) -> Result<Self, Safe> {
        let format = ImageFormat::of(&bytes).ok_or_else(|| t!("app-picture-unknown"))?;
        let (image, pixels) = decode(&bytes, format)?;
        Ok(Self { bytes: bytes.into(), format, pixels, image })
    }

    /// What is known of it.
    pub fn facts(&self, way: Way) -> Facts {
        Facts { pixels: self.pixels, bytes: self.bytes.len(), format: self.format, way }
    }

    /// The file.
    pub fn bytes(&self) -> Arc<[u8]> {
        Arc::clone(&self.bytes)
    }
}

fn decode(bytes: &[u8], format: ImageFormat) -> Result<(RgbaImage, Pixels), Safe> {
    let broken = |error: image::ImageError| t!("app-picture-broken", reason = error.to_string());
    let format = match format {
        ImageFormat::Png => image::ImageFormat::Png,
        ImageFormat::Jpeg => image::ImageFormat::Jpeg,
        ImageFormat::Gif => image::ImageFormat::Gif,
        ImageFormat::Webp => image::ImageFormat::WebP,
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST * 1_000_000 {
        return Err(t!("app-picture-many", width = width, height = height, most = MOST));
    }
    // How a camera was held; what makes no sense is upright.
    let orientation = decoder.orientation();
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if let Ok(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    let pixels = Pixels { width: image.width(), height: image.height() };
    if image.width().max(image.height()) > KEPT {
        image = image.thumbnail(KEPT, KEPT);
    }
    Ok((image.into_rgba8(), pixels))
}
