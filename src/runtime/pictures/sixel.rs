//! Sixels (DEC STD 070, chapter 9; vt100.net/docs/vt3xx-gp/chapter14.html): rows of six pixels, one colour after
//! another, in runs.
//!
//! Few colours are taken as they are; many are brought down to 256 by NeuQuant, which the GIF encoder has anyway.

use std::collections::BTreeMap;

use color_quant::NeuQuant;
use image::RgbaImage;

/// The registers that every terminal with sixels has.
const COLOURS: usize = 256;
/// What is less opaque than this is not drawn.
const OPAQUE: u8 = 128;
/// Of ten pixels one is looked at: fast, and of little harm.
const SAMPLED: i32 = 10;

/// The sequence for an image, in its own pixels. What is transparent stays as it is.
pub fn encode(image: &RgbaImage) -> Vec<u8> {
    let (width, height) = image.dimensions();
    let (palette, pixels) = quantised(image);
    let mut out = format!("\x1bP0;1q\"1;1;{width};{height}").into_bytes();
    for (register, colour) in palette.iter().enumerate() {
        let [r, g, b] = colour.map(|of_255| (u32::from(of_255) * 100 + 127) / 255);
        out.extend_from_slice(format!("#{register};2;{r};{g};{b}").as_bytes());
    }
    let columns = usize::try_from(width).unwrap_or_default().max(1);
    for (nth, band) in pixels.chunks(columns * 6).enumerate() {
        if nth > 0 {
            out.push(b'-');
        }
        encode_band(band, columns, &mut out);
    }
    out.extend_from_slice(b"\x1b\\");
    out
}

/// Six rows of pixels, as their registers.
fn encode_band(band: &[Option<u8>], columns: usize, out: &mut Vec<u8>) {
    let mut sixels: BTreeMap<u8, Vec<u8>> = BTreeMap::new();
    for (row, pixels) in band.chunks(columns).enumerate() {
        for (x, register) in pixels.iter().enumerate() {
            let Some(register) = register else { continue };
            let line = sixels.entry(*register).or_insert_with(|| vec![0; columns]);
            if let Some(sixel) = line.get_mut(x) {
                *sixel |= 1 << row;
            }
        }
    }
    for (nth, (register, line)) in sixels.iter().enumerate() {
        if nth > 0 {
            out.push(b'$');
        }
        out.extend_from_slice(format!("#{register}").as_bytes());
        let end = line.iter().rposition(|sixel| *sixel != 0).map_or(0, |last| last + 1);
        for run in line.get(..end).unwrap_or_default().chunk_by(PartialEq::eq) {
            let sixel = run.first().map_or(b'?', |bits| b'?' + bits);
            match run.len() {
                count @ 1..=3 => out.extend(std::iter::repeat_n(sixel, count)),
                count => {
                    out.extend_from_slice(format!("!{count}").as_bytes());
                    out.push(sixel);
                }
            }
        }
    }
}

/// The colours of an image, and which of them each pixel has.
fn quantised(image: &RgbaImage) -> (Vec<[u8; 3]>, Vec<Option<u8>>) {
    let drawn = || image.pixels().map(|pixel| (pixel.0[3] >= OPAQUE).then_some(pixel.0));
    let mut exact: BTreeMap<[u8; 3], u8> = BTreeMap::new();
    for [r, g, b, _] in drawn().flatten() {
        let next = u8::try_from(exact.len());
        match (exact.contains_key(&[r, g, b]), next) {
            (true, _) => {}
            (false, Ok(next)) => {
                exact.insert([r, g, b], next);
            }
            (false, Err(_)) => return approximated(image),
        }
    }
    let mut palette: Vec<([u8; 3], u8)> =
        exact.iter().map(|(colour, register)| (*colour, *register)).collect();
    palette.sort_by_key(|(_, register)| *register);
    let pixels = drawn().map(|pixel| pixel.and_then(|[r, g, b, _]| exact.get(&[r, g, b]).copied())).collect();
    (palette.into_iter().map(|(colour, _)| colour).collect(), pixels)
}

fn approximated(image: &RgbaImage) -> (Vec<[u8; 3]>, Vec<Option<u8>>) {
    let quant = NeuQuant::new(SAMPLED, COLOURS, image.as_raw());
    let colours = quant.color_map_rgb();
    let palette = colours.chunks_exact(3).filter_map(|colour| colour.try_into().ok()).collect();
    let of = |pixel: &[u8; 4]| u8::try_from(quant.index_of(pixel)).ok();
    let pixels = image.pixels().map(|pixel| (pixel.0[3] >= OPAQUE).then(|| of(&pixel.0)).flatten()).collect();
    (palette, pixels)
}
