//! How large a picture is shown, by its first bytes: so that a page can keep its place before it has loaded. Nothing for
//! formats that browsers do not agree on, and for what is cut or wrong.

/// As a browser shows it: one that a camera took upright is higher than wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pixels {
    pub width: u32,
    pub height: u32,
}

/// Exif (CIPA DC-008), tag 0x0112: from this value on, width and height change places.
const LYING: u16 = 5;

pub(super) fn pixels(head: &[u8]) -> Option<Pixels> {
    let (width, height) = match head {
        [0x89, b'P', b'N', b'G', ..] => {
            (u32::from_be_bytes(bytes(head, 16)?), u32::from_be_bytes(bytes(head, 20)?))
        }
        [b'G', b'I', b'F', b'8', ..] => (little(head, 6)?, little(head, 8)?),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => webp(head)?,
        [0xff, 0xd8, ..] => jpeg(head)?,
        _ => return None,
    };
    (width > 0 && height > 0).then_some(Pixels { width, height })
}

/// RFC 9649: the first chunk says it, in one of three ways.
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8X" => {
            let of = |[a, b, c]: [u8; 3]| u32::from_le_bytes([a, b, c, 0]) + 1;
            Some((of(bytes(head, 24)?), of(bytes(head, 27)?)))
        }
        b"VP8L" => {
            let both = u32::from_le_bytes(bytes(head, 21)?);
            Some(((both & 0x3fff) + 1, (both >> 14 & 0x3fff) + 1))
        }
        b"VP8 " => Some((little(head, 26)? & 0x3fff, little(head, 28)? & 0x3fff)),
        _ => None,
    }
}

/// Segment by segment, up to the one that begins the picture.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let (mut rest, mut is_lying) = (head.get(2..)?, false);
    loop {
        let [0xff, marker] = bytes(rest, 0)? else { return None };
        let length = usize::from(big(rest, 2)?);
        let segment = rest.get(4..)?;
        match marker {
            // Any byte may stand before a marker as filling.
            0xff => {
                rest = &rest[1..];
                continue;
            }
            0xe1 => {
                is_lying |= orientation(&segment[..segment.len().min(length)]).is_some_and(|how| how >= LYING)
            }
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => {
                let (height, width) = (big(segment, 1)?.into(), big(segment, 3)?.into());
                return Some(if is_lying { (height, width) } else { (width, height) });
            }
            _ => {}
        }
        rest = rest.get(length + 2..)?;
    }
}

/// How the camera was held.
fn orientation(segment: &[u8]) -> Option<u16> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let is_little = tiff.starts_with(b"II");
    let short = |at| big(tiff, at).map(|value| if is_little { value.swap_bytes() } else { value });
    let directory =
        bytes(tiff, 4).map(|at| if is_little { u32::from_le_bytes(at) } else { u32::from_be_bytes(at) });
    let directory = usize::try_from(directory?).ok()?;
    let entry = |number: u16| directory.checked_add(2 + 12 * usize::from(number));
    let mut entries = (0..short(directory)?).map_while(entry);
    let found = entries.find(|at| short(*at) == Some(0x0112))?;
    short(found + 8)
}

fn bytes<const N: usize>(head: &[u8], at: usize) -> Option<[u8; N]> {
    head.get(at..)?.first_chunk().copied()
}

fn big(head: &[u8], at: usize) -> Option<u16> {
    bytes(head, at).map(u16::from_be_bytes)
}

fn little(head: &[u8], at: usize) -> Option<u32> {
    bytes(head, at).map(|both| u16::from_le_bytes(both).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A photo of 640 by 480 with this Exif, and what stands before and behind it in most.
    fn photo(tiff: &[u8]) -> Vec<u8> {
        let segment = |marker: u8, content: &[u8]| {
            let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
            [&[0xff, marker][..], &length, content].concat()
        };
        let exif = [b"Exif\0\0", tiff].concat();
        let frame = [8, 0x01, 0xe0, 0x02, 0x80, 3];
        [
            &[0xff, 0xd8][..],
            &segment(0xe0, b"JFIF\0"),
            &segment(0xe1, &exif),
            &segment(0xc4, b"-"),
            b"\xff",
            &segment(0xc2, &frame),
        ]
        .concat()
    }

    fn size_of(head: &[u8]) -> Option<(u32, u32)> {
        pixels(head).map(|Pixels { width, height }| (width, height))
    }

    #[test]
    fn pictures_say_how_large_they_are() {
        for (head, size) in [
            (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0"[..], (640, 480)),
            (b"GIF89a\x80\x02\xe0\x01", (640, 480)),
            (b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0", (640, 480)),
            (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0", (640, 480)),
            (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01", (640, 480)),
        ] {
            assert_eq!(size_of(head), Some(size), "{}", String::from_utf8_lossy(head));
            assert_eq!(size_of(&head[..head.len() - 2]), None);
        }
        assert_eq!(size_of(b"GIF89a\0\0\x01\0"), None);
        assert_eq!(size_of(b"%PDF-1.7"), None);
    }

    #[test]
    fn a_photo_is_as_it_was_held() {
        let little = |how: u8| {
            [&b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x01\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0"[..], &[how, 0]]
                .concat()
        };
        let big = |how: u8| [&b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01"[..], &[0, how]].concat();
        for upright in [photo(&little(1)), photo(&big(3)), photo(b""), photo(b"II*\0\xff\xff\xff\xff")] {
            assert_eq!(size_of(&upright), Some((640, 480)));
        }
        for lying in [photo(&little(6)), photo(&big(8))] {
            assert_eq!(size_of(&lying), Some((480, 640)));
        }
    }

    #[test]
    fn what_is_cut_or_wrong_says_nothing() {
        let whole = photo(b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0");
        for at in 0..whole.len() - 1 {
            assert_eq!(size_of(&whole[..at]), None, "{at}");
            let mut wrong = whole.clone();
            wrong[at] = 0xff;
            // Whatever it gives, it comes back.
            let _ = pixels(&wrong);
        }
    }
}
