//! A long strip of lines, of which a part is in view and on the page. The rest costs its height: as it was when it was
//! last there, or a guess. Places are told from the end, where the thread grows.

use std::{collections::VecDeque, ops::Range};

#[derive(Debug)]
pub(super) struct Strip<T> {
    lines: VecDeque<T>,
    height_of: fn(&T) -> f64,
    /// Those on the page. Only their heights may change.
    shown: Range<usize>,
    /// Heights of all before and all behind those.
    above: f64,
    below: f64,
    is_whole: bool,
}

/// What one sees, in CSS pixels from the end of the strip.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct View {
    pub(crate) bottom: f64,
    pub(crate) height: f64,
}

/// How far out of view lines are on the page, in CSS pixels: what a fast wheel turns in some frames, and some screens
/// that a screen reader or a search finds text in.
const REACH: f64 = 2_000.0;

/// Lines out of view that come onto the page in one frame, on either side. One costs the browser a millisecond or more, and
/// a frame has sixteen.
const AT_ONCE: usize = 4;

impl<T> Strip<T> {
    pub(super) fn new(height_of: fn(&T) -> f64) -> Self {
        Self { lines: VecDeque::new(), height_of, shown: 0..0, above: 0.0, below: 0.0, is_whole: false }
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&T> {
        self.lines.get(at)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> + ExactSizeIterator {
        self.lines.iter()
    }

    /// For what has no say in the height of a line that is not shown.
    pub(super) fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.lines.get_mut(at)
    }

    /// Which lines are on the page.
    pub(super) fn shown(&self) -> Range<usize> {
        self.shown.clone()
    }

    /// Heights of what stands before and behind those.
    pub(super) fn spacing(&self) -> (f64, f64) {
        (self.above, self.below)
    }

    /// Cheap near both ends.
    pub(super) fn insert(&mut self, at: usize, line: T) {
        let height = (self.height_of)(&line);
        self.lines.insert(at, line);
        if at < self.shown.start {
            self.above += height;
            self.shown = self.shown.start + 1..self.shown.end + 1;
        } else if at < self.shown.end {
            self.shown.end += 1;
        } else {
            self.below += height;
        }
    }

    /// Cheap near both ends.
    pub(super) fn remove(&mut self, at: usize) -> Option<T> {
        let line = self.lines.remove(at)?;
        let height = (self.height_of)(&line);
        if at < self.shown.start {
            self.above -= height;
            self.shown = self.shown.start - 1..self.shown.end - 1;
        } else if at < self.shown.end {
            self.shown.end -= 1;
        } else {
            self.below -= height;
        }
        Some(line)
    }

    /// Takes everything out.
    pub(super) fn take(&mut self) -> VecDeque<T> {
        (self.shown, self.above, self.below) = (0..0, 0.0, 0.0);
        std::mem::take(&mut self.lines)
    }

    /// How far above the end a line begins.
    pub(super) fn top_of(&self, at: usize) -> f64 {
        self.lines.range(at..).map(self.height_of).sum()
    }

    /// Brings that onto the page which is in view, and some of what is near it. Costs as much as there is
    /// between the last view and this.
    pub(super) fn fit(&mut self, view: View) {
        let (bottom, top) = (view.bottom, view.bottom + view.height);
        let (lower, upper) = (bottom - REACH, top + REACH);
        let height = |at: usize| self.lines.get(at).map_or(0.0, self.height_of);
        let known = self.shown.clone();
        let Range { start, mut end } = self.shown;
        // Never nothing, whatever the view says.
        while end < self.lines.len()
            && (end == 0 || self.below > lower && (self.below > bottom || end < known.end + AT_ONCE))
        {
            self.below -= height(end);
            end += 1;
        }
        // What is near, but was not there yet, comes later.
        let least = |end: usize| if end > known.start { lower } else { bottom };
        while end > 1 && self.below + height(end - 1) <= least(end) {
            end -= 1;
            self.below += height(end);
        }
        let (mut first, mut above, mut new) = (end, self.below, 0);
        while first > 0
            && (first == end
                || above < upper && (above < top || new < AT_ONCE || known.contains(&(first - 1))))
        {
            first -= 1;
            new += usize::from(above >= top && !known.contains(&first));
            above += height(first);
        }
        self.above -= (first..start).map(height).sum::<f64>();
        self.above += (start..first).map(height).sum::<f64>();
        self.shown = first..end;
        self.is_whole = (end == self.lines.len() || self.below <= lower) && (first == 0 || above >= upper);
    }

    /// Whether all that is near the view is on the page.
    pub(super) fn is_whole(&self) -> bool {
        self.is_whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Debug, Clone)]
    enum Change {
        Insert(prop::sample::Index, u32),
        Append(u32),
        Prepend(u32),
        Remove(prop::sample::Index),
        /// A line on the page grows or shrinks.
        Measure(prop::sample::Index, u32),
        Look(View),
    }

    fn change() -> impl Strategy<Value = Change> {
        let height = 20u32..900;
        let index = any::<prop::sample::Index>;
        let view = (0u32..30_000, 0u32..900)
            .prop_map(|(bottom, height)| View { bottom: bottom.into(), height: height.into() });
        prop_oneof![
            (index(), height.clone()).prop_map(|(at, height)| Change::Insert(at, height)),
            height.clone().prop_map(Change::Append),
            height.clone().prop_map(Change::Prepend),
            index().prop_map(Change::Remove),
            (index(), height).prop_map(|(at, height)| Change::Measure(at, height)),
            view.prop_map(Change::Look),
        ]
    }

    proptest! {
        /// The oracle keeps a plain list and adds everything up each time.
        #[test]
        fn the_page_has_what_is_in_view_and_space_for_the_rest(changes in prop::collection::vec(change(), 1..120)) {
            let mut strip = Strip::new(|height: &u32| f64::from(*height));
            let mut plain: Vec<u32> = Vec::new();
            let mut view = View::default();
            for change in changes {
                match change {
                    Change::Insert(at, height) => {
                        let at = at.index(plain.len() + 1);
                        plain.insert(at, height);
                        strip.insert(at, height);
                    }
                    Change::Append(height) => {
                        strip.insert(plain.len(), height);
                        plain.push(height);
                    }
                    Change::Prepend(height) => {
                        strip.insert(0, height);
                        plain.insert(0, height);
                    }
                    Change::Remove(at) if !plain.is_empty() => {
                        let at = at.index(plain.len());
                        prop_assert_eq!(strip.remove(at), Some(plain.remove(at)));
                    }
                    Change::Measure(at, height) if !plain.is_empty() => {
                        let at = strip.shown().start + at.index(strip.shown().len());
                        plain[at] = height;
                        *strip.get_mut(at).unwrap() = height;
                    }
                    Change::Look(next) => view = next,
                    Change::Remove(_) | Change::Measure(..) => {}
                }
                let sum = |heights: &[u32]| heights.iter().copied().map(f64::from).sum::<f64>();
                let before = strip.shown();
                strip.fit(view);
                let (mut added, mut frames) = (0, 0);
                for at in strip.shown().filter(|at| !before.contains(at)) {
                    let (top, bottom) = (sum(&plain[at..]), sum(&plain[at + 1..]));
                    added += usize::from(top <= view.bottom || bottom >= view.bottom + view.height);
                }
                prop_assert!(added <= 2 * AT_ONCE + 1, "{added} out of view");
                for at in 0..plain.len() {
                    let (top, bottom) = (sum(&plain[at..]), sum(&plain[at + 1..]));
                    let is_seen = top > view.bottom && bottom < view.bottom + view.height;
                    prop_assert!(!is_seen || strip.shown().contains(&at), "{at} of {:?}", strip.shown());
                }
                while !strip.is_whole() {
                    strip.fit(view);
                    frames += 1;
                    prop_assert!(frames <= 400);
                }
                prop_assert_eq!(strip.iter().copied().collect::<Vec<_>>(), plain.clone());
                let shown = strip.shown();
                prop_assert_eq!(strip.spacing(), (sum(&plain[..shown.start]), sum(&plain[shown.end..])));
                prop_assert!(plain.is_empty() || !shown.is_empty());
                for at in 0..plain.len() {
                    let (top, bottom) = (sum(&plain[at..]), sum(&plain[at + 1..]));
                    prop_assert_eq!(strip.top_of(at), top);
                    let is_near = top > view.bottom - REACH && bottom < view.bottom + view.height + REACH;
                    prop_assert!(shown.contains(&at) == is_near || shown.len() == 1, "{at} of {shown:?}");
                }
            }
        }
    }

    #[test]
    fn as_much_is_on_the_page_of_a_long_strip_as_of_a_short_one() {
        let mut strip = Strip::new(|height: &f64| *height);
        (0..10_000).for_each(|at| strip.insert(at, 40.0));
        for bottom in [0.0, 50_000.0, 399_440.0, 0.0] {
            strip.fit(View { bottom, height: 560.0 });
            while !strip.is_whole() {
                strip.fit(View { bottom, height: 560.0 });
            }
            assert!(strip.shown().len() <= 115, "{:?}", strip.shown());
        }
        assert_eq!(strip.shown().end, 10_000);
    }
}
