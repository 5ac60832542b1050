//! Visitors who are more than a token: known by an identity, or sent by a link.

use crate::desk::{Backend, Desk, NOW, found_organization, text, token_hash};
use relay::{
    model::{Contact, Identity},
    store::{Append, Author, LINK_LIFE, LinkHash, Store, Target, TokenHash},
};
use serde_json::{Map, Value, json};
use shared::{ContactId, ConversationId, Millis, OrganizationId};

fn identity(subject: &str, profile: &Value) -> Identity {
    Identity { subject: subject.into(), profile: profile.as_object().unwrap().clone() }
}

async fn recognize<B: Backend>(desk: &Desk<B>, identity: Identity) {
    let organization = desk.organization;
    desk.store.write(move |write| write.recognize(organization, &identity, NOW)).await.unwrap();
}

/// A message of whoever the store knows under this hash.
fn says(organization: OrganizationId, token: TokenHash) -> Append {
    let target = Target::Visitor { organization, token };
    Append { target, author: Author::Contact, draft: text("Hello"), now: NOW }
}

async fn contact<B: Backend>(desk: &Desk<B>, conversation: ConversationId) -> Contact {
    let id = desk.conversation(conversation).await.contact.unwrap();
    let scope = desk.organization.into();
    desk.store.read(move |read| read.get(scope, id)).await.unwrap()
}

pub(crate) async fn a_person_is_one_contact_on_every_device<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (own, ada) = (desk.organization, TokenHash::of_subject("ada"));
    let anonymous = desk.open_conversation(7).await;
    recognize(&desk, identity("ada", &json!({"name": "Ada", "email": "ada@shop.example"}))).await;
    let opened = desk.store.append(says(own, ada)).await.unwrap().message.conversation;
    recognize(&desk, identity("ada", &json!({"name": "Ada L.", "telephone": "+31"}))).await;
    let again = desk.store.append(says(own, ada)).await.unwrap().message;
    assert_eq!((again.conversation, again.seq.0), (opened, 2));
    assert_ne!(opened, anonymous);

    let desk = desk.restart();

    let known = contact(&desk, opened).await;
    assert_eq!(known.external_id.as_deref(), Some("ada"));
    let profile = json!({"name": "Ada L.", "email": "ada@shop.example", "telephone": "+31"});
    assert_eq!(Value::Object(known.profile), profile);
    assert_eq!(desk.conversation(opened).await.state.name.as_deref(), Some("Ada"));
    let stranger = contact(&desk, anonymous).await;
    assert_eq!((stranger.external_id, stranger.profile), (None, Map::new()));
    let (other, _) = found_organization(&desk.store, "Other").await;
    assert_eq!(desk.store.read(move |read| read.visitor(other, &ada)).await.unwrap(), None);
}

/// A new link to a contact, given out at this time.
async fn link_to(store: &Store, contact: ContactId, name: &str, now: Millis) -> LinkHash {
    let link = LinkHash::of(name);
    store.write(move |write| write.put_link(contact, &link, now + LINK_LIFE, now)).await.unwrap();
    link
}

async fn claim<B: Backend>(
    desk: &Desk<B>,
    contact: ContactId,
    link: LinkHash,
    token: u8,
    now: Millis,
) -> bool {
    let organization = desk.organization;
    let claimed = move |write: &mut relay::store::Write<'_>| {
        write.claim(organization, contact, &link, &token_hash(token), now)
    };
    desk.store.write(claimed).await.unwrap()
}

async fn conversation_of<B: Backend>(desk: &Desk<B>, token: u8) -> Option<ConversationId> {
    let organization = desk.organization;
    let visitor = desk.store.read(move |read| read.visitor(organization, &token_hash(token))).await.unwrap();
    visitor.map(|visitor| visitor.conversation)
}

pub(crate) async fn a_link_is_used_once_and_its_answer_can_be_had_again<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (theirs, mine) = (desk.open_conversation(1).await, desk.open_conversation(2).await);
    let owner = desk.conversation(theirs).await.contact.unwrap();
    let link = link_to(&desk.store, owner, "l1", NOW).await;
    assert!(claim(&desk, owner, link, 2, NOW).await);

    let desk = desk.restart();

    let late = NOW + LINK_LIFE + LINK_LIFE;
    assert!(claim(&desk, owner, link, 2, late).await, "the answer was lost");
    assert!(!claim(&desk, owner, link, 3, NOW).await, "somebody else");
    assert_eq!(conversation_of(&desk, 2).await, Some(theirs));
    assert_eq!(conversation_of(&desk, 1).await, Some(theirs), "the first device keeps it");
    assert_eq!(conversation_of(&desk, 3).await, None);
    assert_eq!(desk.conversation(mine).await.head.0, 1, "what was left behind stays as it was");
    let said = desk.store.append(desk.visitor_says(2, text("It is me"))).await.unwrap().message;
    assert_eq!((said.conversation, said.contact), (theirs, Some(owner)));
}

pub(crate) async fn a_link_that_does_not_hold_moves_nobody<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (theirs, mine) = (desk.open_conversation(1).await, desk.open_conversation(2).await);
    let owner = desk.conversation(theirs).await.contact.unwrap();
    let link = link_to(&desk.store, owner, "l1", NOW).await;
    let other = desk.conversation(mine).await.contact.unwrap();
    assert!(!claim(&desk, other, link, 2, NOW).await, "another contact");
    assert!(!claim(&desk, owner, LinkHash::of("l2"), 2, NOW).await, "forged");
    assert!(!claim(&desk, owner, link, 2, NOW + LINK_LIFE).await, "expired");
    let (elsewhere, _) = found_organization(&desk.store, "Other").await;
    let token = token_hash(2);
    let foreign = desk.store.write(move |write| write.claim(elsewhere, owner, &link, &token, NOW));
    assert!(!foreign.await.unwrap(), "another organization");
    assert_eq!(conversation_of(&desk, 2).await, Some(mine));
    assert!(claim(&desk, owner, link, 2, Millis(NOW.0 + LINK_LIFE.0 - 1)).await, "nothing has used it up");
}

pub(crate) async fn a_contact_without_a_conversation_opens_it_by_a_link<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (id, organization) = (ContactId::from_bytes([4; 12]), desk.organization);
    let contact = Contact {
        id,
        organization,
        external_id: None,
        profile: Map::from_iter([("name".to_owned(), json!("John"))]),
        conversation: None,
        created_at: NOW,
        updated_at: NOW,
    };
    desk.insert(contact).await;
    let link = link_to(&desk.store, id, "l1", NOW).await;
    assert!(claim(&desk, id, link, 5, NOW).await);
    let opened = desk.store.append(desk.visitor_says(5, text("Hello"))).await.unwrap().message;
    assert_eq!(opened.contact, Some(id));
    assert_eq!(desk.conversation(opened.conversation).await.state.name.as_deref(), Some("John"));
}
