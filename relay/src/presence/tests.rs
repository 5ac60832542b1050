use super::*;
use shared::wire::AgentView;

const SHOP: OrganizationId = OrganizationId::from_bytes([1; 12]);

fn user(number: u8, role: UserRole) -> User {
    User {
        id: UserId::from_bytes([number; 12]),
        organization: Some(SHOP),
        name: "Ada".into(),
        email: None,
        role,
        avatar: None,
        created_at: Millis(0),
        updated_at: Millis(0),
    }
}

/// Whether somebody is there, and whether this user is.
fn seen(presence: &Presence, user: &User) -> (bool, bool) {
    let agent = AgentView {
        id: user.id,
        name: user.name.clone(),
        avatar_url: None,
        is_online: false,
        has_left: false,
    };
    let mut view = ConversationView { agents: vec![agent], ..ConversationView::default() };
    presence.look(SHOP, &mut view);
    (view.is_online, view.agents[0].is_online)
}

#[test]
fn who_wrote_is_there_for_a_while() {
    let presence = Presence::new(Bus::default());
    let ada = user(1, UserRole::Agent);
    assert_eq!(seen(&presence, &ada), (false, false));
    presence.wrote(SHOP, &ada, Millis(1_000));
    presence.wrote(SHOP, &ada, Millis(2_000));
    assert_eq!(presence.sweep(Millis(301_999)), Some(Millis(302_000)));
    assert_eq!(seen(&presence, &ada), (true, true));
    assert_eq!(presence.sweep(Millis(302_000)), None);
    assert_eq!(seen(&presence, &ada), (false, false));
}

#[test]
fn who_has_two_streams_leaves_with_the_second_and_not_at_once() {
    let presence = Presence::new(Bus::default());
    let ada = user(1, UserRole::Agent);
    for _ in 0..2 {
        presence.stay(SHOP, &ada, |stay| stay.streams += 1);
    }
    presence.leave(SHOP, ada.id, Millis(0));
    assert_eq!(presence.sweep(Millis(9_000)), None);
    presence.leave(SHOP, ada.id, Millis(9_000));
    assert_eq!(presence.sweep(Millis(11_999)), Some(Millis(12_000)));
    assert_eq!(seen(&presence, &ada), (true, true));
    presence.sweep(Millis(12_000));
    assert_eq!(seen(&presence, &ada), (false, false));
}

#[test]
fn a_bot_is_nobody_who_could_be_waited_for() {
    let presence = Presence::new(Bus::default());
    let bot = user(1, UserRole::Bot);
    presence.stay(SHOP, &bot, |stay| stay.streams += 1);
    assert_eq!(seen(&presence, &bot), (false, true));
}
