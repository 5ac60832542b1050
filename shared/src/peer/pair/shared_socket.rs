//! Two tabs of one visitor over one socket: the first has it, answers the other's greeting from its own log, carries
//! the other's frames and lets it hear all that the relay says.

use super::{Output, Pair, step};
use crate::{
    Millis, json,
    wire::{self, OrganizationView, VisitorFrame},
};
use proptest::prelude::*;

/// Names no socket of the relay's.
const NONE: u32 = 0;

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn two_tabs_over_one_socket_end_with_the_same_log(
        steps in prop::collection::vec(step(), 1..60),
        seed: u64,
        loss in 0u8..40,
        repetition in 0u8..30,
    ) {
        let mut pair = Pair::new(seed, loss, repetition);
        pair.share();
        for step in steps {
            pair.take(&step);
        }
        pair.calm_down();
        pair.check();
    }
}

#[test]
fn a_page_of_history_goes_to_the_tab_that_asked() {
    let mut pair = Pair::new(7, 0, 0);
    pair.share();
    pair.say(0, false);
    pair.advance(Millis(1_000));
    for _ in 0..120 {
        pair.take(&super::Step::AgentSays);
    }
    for tab in 0..2 {
        pair.take(&super::Step::Reload { tab });
        pair.advance(Millis(60_000));
    }
    pair.take(&super::Step::Earlier { tab: 1 });
    pair.advance(Millis(1_000));
    assert_eq!(pair.tabs.iter().map(|tab| tab.view.len()).collect::<Vec<_>>(), [50, 100]);
}

impl Pair {
    fn share(&mut self) {
        self.is_shared = true;
        self.cut(1);
        self.settle();
    }

    pub(super) fn carry_out_by_the_first(&mut self, output: Output) {
        let Output::Transmit(text) = output else {
            let can = self.tabs[0].socket.is_some();
            self.tabs[1].socket = can.then_some(NONE);
            let (visitor, now) = (&mut self.tabs[1].visitor, self.now);
            return if can { visitor.handle_opened(now) } else { visitor.handle_closed(now) };
        };
        let VisitorFrame::Hello(hello) = wire::decode(&text).unwrap() else {
            if let Some(socket) = self.tabs[0].socket {
                self.wire.send(super::Direction::ToRelay, socket, &text, self.now);
            }
            return;
        };
        match self.tabs[0].visitor.welcome(hello.last, OrganizationView::default(), self.now) {
            Some(welcome) => {
                let text = [r#"{"welcome":"#, &json::write(&welcome), "}"].concat();
                self.tabs[1].visitor.handle_text(&text, self.now);
            }
            None => self.cut(1),
        }
    }
}
