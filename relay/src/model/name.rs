//! Names for conversations that nobody has named: easier to tell apart than ids, and to say on the telephone.

use shared::ConversationId;

const ONSETS: [&str; 16] =
    ["b", "br", "d", "dr", "f", "fl", "g", "gl", "h", "k", "l", "m", "p", "r", "t", "w"];
const VOWELS: [&str; 4] = ["a", "e", "i", "o"];
const MIDDLES: [&str; 8] = ["mb", "nd", "rl", "lm", "rn", "nt", "lb", "rm"];
const ENDS: [&str; 8] = ["el", "in", "or", "en", "im", "ol", "er", "an"];

/// Two words that can be pronounced. They follow from the id.
#[must_use]
pub fn made_up_name(id: &ConversationId) -> String {
    let [.., a, b, c, d, e, f, g, h] = *id.as_bytes();
    let mut bits = scattered(u64::from_be_bytes([a, b, c, d, e, f, g, h]));
    let mut word = || {
        let start = pick(&mut bits, &ONSETS);
        let (first, rest) = start.split_at(1);
        let first = first.to_ascii_uppercase();
        let (vowel, middle) = (pick(&mut bits, &VOWELS), pick(&mut bits, &MIDDLES));
        format!("{first}{rest}{vowel}{middle}{}", pick(&mut bits, &ENDS))
    };
    format!("{} {}", word(), word())
}

fn pick<'a>(bits: &mut u64, parts: &[&'a str]) -> &'a str {
    let count = parts.len() as u64;
    let part = usize::try_from(*bits % count).unwrap_or_default();
    *bits /= count;
    parts[part]
}

/// Neighbouring ids get names that are far apart (the finalizer of SplitMix64, Steele et al. 2014).
const fn scattered(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_have_names_of_their_own() {
        let name = |last| made_up_name(&ConversationId::new(0x5bb0_1d0d, [1, 2, 3, 4, 5, 0, 0, last]));
        let names: std::collections::HashSet<String> = (0..=255).map(name).collect();
        assert_eq!(names.len(), 256);
        for name in names {
            let words: Vec<&str> = name.split(' ').collect();
            assert_eq!(words.len(), 2, "{name}");
            assert!(
                words.iter().all(|word| word.starts_with(char::is_uppercase) && word.len() >= 6),
                "{name}"
            );
        }
    }
}
