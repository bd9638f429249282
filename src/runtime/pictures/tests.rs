use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use image::{Rgba, RgbaImage};
use ratatui::style::Color;

use super::fitted::fit;
use super::*;
use crate::app::message::FileHeld;
use crate::app::testing::App;
use crate::chat::{Media, MediaData};
use crate::ui::Theme;

const RED: Rgba<u8> = Rgba([255, 0, 0, 255]);
const GREEN: Rgba<u8> = Rgba([0, 255, 0, 255]);
const BLUE: Rgba<u8> = Rgba([0, 0, 255, 255]);
const NOTHING: Rgba<u8> = Rgba([0, 0, 0, 0]);

/// Red and green above blue and nothing.
fn four() -> RgbaImage {
    RgbaImage::from_fn(2, 2, |x, y| match (x, y) {
        (0, 0) => RED,
        (1, 0) => GREEN,
        (0, 1) => BLUE,
        _ => NOTHING,
    })
}

fn png(image: &RgbaImage) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

fn quirks(term: &str) -> &'static Quirks {
    Quirks::detect(|name| (name == "TERM").then(|| term.to_owned()))
}

fn screen(term: &str) -> Surface {
    Surface::Screen { quirks: quirks(term), colors: ColorDepth::True }
}

#[test]
fn the_way_is_the_terminals_unless_another_is_asked_for() {
    let cell = Some((8, 16));
    let blocks = Way::HalfBlocks;
    for (term, asked, cell, expected) in [
        ("xterm-kitty", None, cell, Way::Kitty),
        ("xterm-kitty", None, None, Way::Kitty),
        ("xterm-kitty", Some(Images::HalfBlocks), cell, blocks(Instead::Nothing)),
        ("wezterm", None, cell, Way::Iterm2),
        ("foot", None, cell, Way::Sixel),
        ("foot", None, None, blocks(Instead::Unmeasured)),
        ("xterm-256color", None, cell, blocks(Instead::Nothing)),
        ("xterm-256color", Some(Images::Kitty), None, Way::Kitty),
        ("tmux-256color", None, cell, blocks(Instead::Nothing)),
        ("tmux-256color", Some(Images::Kitty), cell, blocks(Instead::Wrapped)),
        ("tmux-256color", Some(Images::Sixel), cell, Way::Sixel),
        ("foot", Some(Images::None), cell, Way::Words(Why::Unable)),
        ("dumb", None, cell, Way::Words(Why::Unable)),
    ] {
        assert_eq!(way(screen(term), asked, cell), expected, "{term} {asked:?}");
    }
    let colourless = Surface::Screen { quirks: quirks("vt220"), colors: ColorDepth::None };
    assert_eq!(way(colourless, None, cell), Way::Words(Why::Colourless));
    assert_eq!(way(Surface::Lines, Some(Images::Kitty), cell), Way::Words(Why::Unable));
}

#[test]
fn a_picture_keeps_its_shape_and_is_as_large_as_its_room_or_its_own_size() {
    for (image, room, cell, largest, expected) in [
        // As wide as the room, and as high.
        ((1600, 900), (80, 24), (8, 16), 1, Some((80, 23))),
        ((900, 1600), (80, 24), (8, 16), 1, Some((27, 24))),
        // Square cells, and tall ones.
        ((100, 100), (40, 10), (10, 10), 1, Some((10, 10))),
        ((100, 100), (40, 10), (5, 20), 1, Some((20, 5))),
        // No larger than it is, or than a pixel each half of a cell.
        ((16, 16), (80, 24), (8, 16), 1, Some((2, 1))),
        ((16, 16), (80, 24), (8, 16), 8, Some((16, 8))),
        // Never nothing.
        ((10_000, 1), (80, 24), (8, 16), 1, Some((80, 1))),
        ((1, 10_000), (80, 24), (8, 16), 1, Some((1, 24))),
        ((u32::MAX, u32::MAX), (u16::MAX, u16::MAX), (8, 16), 8, Some((u16::MAX, 32768))),
        ((0, 5), (80, 24), (8, 16), 1, None),
        ((5, 5), (0, 24), (8, 16), 1, None),
    ] {
        assert_eq!(fit(image, room, cell, largest), expected, "{image:?} in {room:?}");
    }
}

#[test]
fn a_protocol_writes_these_bytes() {
    let data = STANDARD.encode(png(&four()));
    let kitty = format!("\x1b_Ga=T,f=100,i=1097895,c=3,r=2,C=1,q=2,m=0;{data}\x1b\\");
    assert_eq!(String::from_utf8(sequences::kitty(&four(), (3, 2)).unwrap()).unwrap(), kitty);
    let iterm2 = format!(
        "\x1b]1337;File=inline=1;size={};width=3;height=2;preserveAspectRatio=0;doNotMoveCursor=1:{data}\x07",
        png(&four()).len()
    );
    assert_eq!(String::from_utf8(sequences::iterm2(&four(), (3, 2)).unwrap()).unwrap(), iterm2);
    // Red in the first column's first row, green in the second's, blue below the red; the last pixel is nobody's.
    assert_eq!(
        String::from_utf8(sixel::encode(&four())).unwrap(),
        "\x1bP0;1q\"1;1;2;2#0;2;100;0;0#1;2;0;100;0#2;2;0;0;100#0@$#1?@$#2A\x1b\\"
    );
}

#[test]
fn a_long_picture_is_sent_to_kitty_in_chunks_that_say_whether_more_comes() {
    let noise = RgbaImage::from_fn(64, 64, |x, y| {
        let bits = x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503).rotate_left(13);
        Rgba([bits.to_le_bytes()[0], bits.to_le_bytes()[1], bits.to_le_bytes()[2], 255])
    });
    let sequence = String::from_utf8(sequences::kitty(&noise, (8, 4)).unwrap()).unwrap();
    let chunks: Vec<&str> = sequence.split_terminator("\x1b\\").collect();
    assert!(chunks.len() > 1);
    let (last, before) = chunks.split_last().unwrap();
    assert!(last.starts_with("\x1b_Gm=0;"));
    assert!(before[0].starts_with("\x1b_Ga=T,f=100,i=1097895,c=8,r=4,C=1,q=2,m=1;"));
    assert!(before[1..].iter().all(|chunk| chunk.starts_with("\x1b_Gm=1;")));
    let data: String = chunks.iter().map(|chunk| chunk.split_once(';').unwrap().1).collect();
    assert!(chunks.iter().all(|chunk| chunk.split_once(';').unwrap().1.len() <= 4096));
    assert_eq!(image::load_from_memory(&STANDARD.decode(data).unwrap()).unwrap().into_rgba8(), noise);
}

#[test]
fn sixels_run_in_lengths_and_in_bands_of_six_and_take_at_most_256_colours() {
    let tall = RgbaImage::from_pixel(5, 7, RED);
    assert_eq!(
        String::from_utf8(sixel::encode(&tall)).unwrap(),
        "\x1bP0;1q\"1;1;5;7#0;2;100;0;0#0!5~-#0!5@\x1b\\"
    );
    let many = RgbaImage::from_fn(64, 64, |x, y| {
        Rgba([u8::try_from(x * 4).unwrap(), u8::try_from(y * 4).unwrap(), 128, 255])
    });
    let encoded = String::from_utf8(sixel::encode(&many)).unwrap();
    assert_eq!(encoded.matches(";2;").count(), 256);
}

/// A PNG that says it has these sides, and its data.
fn says(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = png(&RgbaImage::from_pixel(8, 8, RED));
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc32fast::hash(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&sum.to_be_bytes());
    bytes
}

#[test]
fn what_is_hostile_is_refused_in_words() {
    let whole = png(&RgbaImage::from_fn(64, 64, |x, y| if (x ^ y) & 1 == 0 { RED } else { BLUE }));
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec();
    for (bytes, expected) in [
        (whole[..whole.len() / 2].to_vec(), "The image cannot be read: "),
        (whole[..20].to_vec(), "The image cannot be read: "),
        (says(100_000, 100_000), "The image has 100000×100000 pixels; more than 64 million are not shown."),
        (says(u32::MAX, u32::MAX), "The image "),
        // Much is promised, and there is little of it.
        (says(8_000, 8_000), "The image cannot be read: "),
        (svg, "This is no PNG, JPEG, GIF or WebP image."),
        (Vec::new(), "This is no PNG, JPEG, GIF or WebP image."),
        (b"\xff\xd8\xff\xe0".to_vec(), "The image cannot be read: "),
        (b"GIF89a\xff\xff\xff\xff".to_vec(), "The image "),
        (b"RIFF\xff\xff\xff\xffWEBPVP8X".to_vec(), "The image cannot be read: "),
    ] {
        let why = Decoded::of(bytes).unwrap_err();
        assert!(why.starts_with(expected), "{}", why.as_str());
    }
}

#[test]
fn a_bomb_is_decoded_within_its_limit_and_kept_small() {
    let deflated = {
        use std::io::Write;
        let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        let row = vec![0; 6000 / 8 + 1];
        (0..6000).for_each(|_| zlib.write_all(&row).unwrap());
        zlib.finish().unwrap()
    };
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = [6000_u32.to_be_bytes(), 6000_u32.to_be_bytes()].concat();
    header.extend([1, 0, 0, 0, 0]);
    for (kind, data) in [(b"IHDR", &header), (b"IDAT", &deflated), (b"IEND", &Vec::new())] {
        bytes.extend(u32::try_from(data.len()).unwrap().to_be_bytes());
        let chunk = [&kind[..], data].concat();
        bytes.extend(&chunk);
        bytes.extend(crc32fast::hash(&chunk).to_be_bytes());
    }
    assert!(bytes.len() < 10_000);
    let decoded = Decoded::of(bytes).unwrap();
    assert_eq!(decoded.image.dimensions(), (2048, 2048));
}

/// The app with the page of pictures open on an image that was attached, and its order carried out.
fn showing(size: (u16, u16), bytes: &[u8], manner: Manner) -> (App, Album) {
    let mut app = App::new(size.0, size.1);
    app.type_text("@four.png");
    let data = MediaData::Base64(STANDARD.encode(bytes));
    let media = Media { mime: "image/png".into(), name: "four.png".into(), data };
    let (pane, held) = (app.model.pane.id, Ok(FileHeld::Image(Box::new(media))));
    app.send(Message::FileRead { pane, path: "four.png".into(), held });
    app.keys("enter");
    let ordered = app.keys("ctrl-x V");
    let [crate::app::Effect::LoadPicture(order)] = ordered.as_slice() else { panic!("{ordered:?}") };
    let album = Album::default();
    album.want(order.id, order.room);
    app.send(album.load(order.id, bytes.to_vec(), order.room, manner));
    (app, album)
}

const BLOCKS: Manner = Manner { way: Way::HalfBlocks(Instead::Nothing), cell: None };

fn drawn(app: &App, album: &Album) -> (Buffer, Option<OnScreen>) {
    let area = Rect::new(0, 0, app.model.size.width, app.model.size.height);
    let mut buffer = Buffer::empty(area);
    crate::ui::draw(&app.model, &Theme::terminal(), &mut buffer);
    let picture = album.show(&app.model, &mut buffer);
    (buffer, picture)
}

fn text(buffer: &Buffer) -> String {
    let row = |y| (0..buffer.area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..buffer.area.height).map(|y| row(y).trim_end().to_owned() + "\n").collect()
}

#[test]
fn a_picture_of_half_blocks_at_80x24() {
    let (app, album) = showing((80, 24), &png(&four()), BLOCKS);
    let (buffer, picture) = drawn(&app, &album);
    assert!(picture.is_none());
    insta::assert_snapshot!(text(&buffer));
    let cell = |x, y| {
        let cell = &buffer[(x, y)];
        (cell.symbol().to_owned(), cell.fg, cell.bg)
    };
    assert_eq!(cell(39, 11), ("▀".into(), Color::Rgb(255, 0, 0), Color::Rgb(0, 0, 255)));
    assert_eq!(cell(40, 11), ("▀".into(), Color::Rgb(0, 255, 0), Color::Reset));
}

#[test]
fn a_picture_of_half_blocks_at_40x12() {
    let circle = RgbaImage::from_fn(64, 64, |x, y| {
        let from_middle = |at: u32| (i64::from(at) - 32).pow(2);
        if from_middle(x) + from_middle(y) < 900 { GREEN } else { NOTHING }
    });
    let (app, album) = showing((40, 12), &png(&circle), BLOCKS);
    insta::assert_snapshot!(text(&drawn(&app, &album).0));
}

#[test]
fn the_page_says_what_is_wrong_at_80x24_and_asks_at_40x12() {
    let (app, album) = showing((80, 24), b"\x89PNG\r\n\x1a\nnot really", BLOCKS);
    insta::assert_snapshot!("page_failed", text(&drawn(&app, &album).0));
    let mut app = App::new(40, 12);
    app.turn("show me", "![A cat](https://pics.example/cats/of/the/week/17.png)");
    app.keys("ctrl-x V");
    insta::assert_snapshot!("page_asks", text(&drawn(&app, &Album::default()).0));
}

#[test]
fn a_picture_by_a_protocol_has_blank_cells_below_it_and_is_gone_with_its_page() {
    let manner = Manner { way: Way::Kitty, cell: Some((8, 16)) };
    let (mut app, album) = showing((80, 24), &png(&RgbaImage::from_pixel(160, 160, RED)), manner);
    let (buffer, picture) = drawn(&app, &album);
    let picture = picture.unwrap();
    assert_eq!(picture.area, Rect { x: 30, y: 7, width: 20, height: 10 });
    assert!(picture.area.positions().all(|at| buffer[at].symbol() == " "));
    // What floats above it hides it, and so does what may follow a key.
    app.keys("f1");
    assert!(drawn(&app, &album).1.is_none());
    app.keys("esc ctrl-x");
    app.model.now += std::time::Duration::from_secs(1);
    assert!(drawn(&app, &album).1.is_none());
    app.keys("esc");
    assert_eq!(drawn(&app, &album).1.map(|again| again.key), Some(picture.key));
    app.keys("q");
    assert!(drawn(&app, &album).1.is_none());
    assert!(album.page().held.is_none());
}

#[test]
fn a_picture_fits_again_in_another_window_and_one_nobody_wants_any_more_is_let_go() {
    let (app, album) = showing((80, 24), &png(&RgbaImage::from_pixel(640, 640, RED)), BLOCKS);
    let Some(Overlay::Pictures(page)) = app.model.overlays.last() else { panic!("no page") };
    let (id, room) = (page.id, (30, 8));
    let before = album.page().count;
    // Wanted elsewhere meanwhile: what comes for the old room is late.
    album.want(id, room);
    album.fit(id, (76, 20), BLOCKS);
    assert_eq!(album.page().count, before);
    assert!(album.fit(id, room, BLOCKS).is_some());
    let area = Rect { x: 0, y: 0, width: 30, height: 8 };
    assert_eq!(
        album.page().fitted.as_ref().unwrap().1.place(area).unwrap(),
        Rect { x: 7, width: 16, ..area }
    );
    let other = PictureId(uuid::Uuid::nil());
    album.want(other, room);
    assert!(album.fit(id, room, BLOCKS).is_none());
    assert_eq!(album.bytes(id), None);
}
