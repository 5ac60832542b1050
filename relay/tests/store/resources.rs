//! Records, lists, filters and tokens.

use crate::desk::{Backend, Desk, NOW, as_agent, command_draft, found_organization, refusal, text, user_of};
use relay::{
    model::{Contact, ConversationType, TokenId, User, UserToken},
    store::{
        Identifier, NewConversation, Scope,
        lists::{CONVERSATIONS, Filter, Query, Test, USERS, Value},
    },
};
use serde_json::{Map, json};
use shared::{ContactId, ConversationId, ErrorCode, Millis, conversation::State};

pub(crate) async fn records_are_kept_within_their_organization<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (other, stranger) = found_organization(&desk.store, "Other").await;
    let (own, agent) = (desk.organization, desk.agent);
    let mut renamed = user_of(Some(own), agent);
    renamed.name = "Grace".into();
    let update = renamed.clone();
    desk.store.write(move |write| write.update(&update)).await.unwrap();
    let moved = User { organization: Some(other), ..renamed.clone() };
    let elsewhere = desk.store.write(move |write| write.update(&moved)).await.unwrap_err();
    assert_eq!(refusal(elsewhere).code, ErrorCode::NotFound, "an update does not move a record");

    let found = desk.store.read(move |read| {
        let own_user: User = read.get(own.into(), agent)?;
        let hidden: Option<User> = read.find(own.into(), stranger)?;
        let shown: Option<User> = read.find(Scope::All, stranger)?;
        Ok((own_user, hidden, shown.is_some()))
    });
    assert_eq!(found.await.unwrap(), (renamed, None, true));
    let missing = desk.store.read(move |read| read.get::<User>(own.into(), stranger)).await.unwrap_err();
    assert_eq!(refusal(missing).message, format!("user {stranger} does not exist"));
}

pub(crate) async fn lists_are_newest_first_and_counted<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    found_organization(&desk.store, "Other").await;
    let own = desk.organization;
    for n in 0..4 {
        desk.insert(user_of(Some(own), shared::UserId::from_bytes([n; 12]))).await;
    }
    let lists = desk.store.read(move |read| {
        let page = read.list::<User>(&Query { offset: 1, ..Query::all(&USERS, own.into(), 2) })?;
        let everybody = read.list::<User>(&Query::all(&USERS, Scope::All, 100))?;
        Ok((page, everybody.total))
    });
    let (page, everybody) = lists.await.unwrap();
    let ids: Vec<u8> = page.items.iter().map(|user| user.id.as_bytes()[0]).collect();
    assert_eq!((ids, page.total, everybody), (vec![2, 1], 5, 6));
}

pub(crate) async fn conversations_are_filtered<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let mut opened = Vec::new();
    for token in 0..3 {
        opened.push(desk.open_conversation(token).await);
    }
    let inbox = shared::ChannelId::from_bytes([6; 12]);
    let channel = relay::model::Channel {
        id: inbox,
        organization: desk.organization,
        name: "Sales".into(),
        users: vec![],
        created_at: NOW,
        updated_at: NOW,
    };
    desk.insert(channel).await;
    desk.command(opened[0], "/set @category Boats").await.unwrap();
    desk.command(opened[1], &format!("/assign {}", desk.agent)).await.unwrap();
    desk.command(opened[1], &format!("/notify {inbox}")).await.unwrap();
    let mut late = desk.agent_says(opened[2], as_agent(text("Hi")));
    late.now = Millis(NOW.0 + 5);
    desk.store.append(late).await.unwrap();
    let contact = desk.conversation(opened[0]).await.contact;

    let contact = contact.unwrap();
    let time = |ms: u64| Value::Time(Millis(ms));
    let blob = |id: &[u8; 12]| Test::Is(vec![Value::Id(*id)]);
    let text = |text: &str| Test::Is(vec![Value::Text(text.to_owned())]);
    for (filters, expected) in [
        (vec![], vec![2, 1, 0]),
        (vec![("status", text("active"))], vec![2]),
        (vec![("status", text("queued"))], vec![1, 0]),
        (vec![("category", text("Boats"))], vec![0]),
        (vec![("assignee", blob(desk.agent.as_bytes()))], vec![1]),
        (vec![("assignee", Test::Is(vec![Value::Null]))], vec![2, 0]),
        (vec![("channel", blob(inbox.as_bytes()))], vec![1]),
        (vec![("contact", blob(contact.as_bytes()))], vec![0]),
        (vec![("updatedAt", Test::Above(time(NOW.0)))], vec![2]),
        (vec![("updatedAt", Test::Below(time(NOW.0 + 1))), ("status", text("queued"))], vec![1, 0]),
        (vec![("channel", blob(inbox.as_bytes())), ("status", text("active"))], vec![]),
    ] {
        let filters = filters.into_iter().map(|(name, test)| {
            let (field, _) = CONVERSATIONS.find(name).unwrap();
            Filter { field, below: None, test }
        });
        let query =
            Query { filters: filters.collect(), ..Query::all(&CONVERSATIONS, desk.organization.into(), 100) };
        let asked = query.clone();
        let listed = desk.store.read(move |read| read.conversations(&asked)).await.unwrap();
        let expected: Vec<ConversationId> = expected.into_iter().map(|index: usize| opened[index]).collect();
        assert_eq!(listed.items.iter().map(|item| item.id).collect::<Vec<_>>(), expected, "{query:?}");
        assert_eq!(listed.total, expected.len() as u64, "{query:?}");
    }
}

pub(crate) async fn a_contact_is_found_by_its_identifiers_and_has_one_conversation<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (organization, id) = (desk.organization, ContactId::from_bytes([4; 12]));
    let profile = Map::from_iter([("telephone".to_owned(), json!("+31646280994"))]);
    let contact = Contact {
        id,
        organization,
        external_id: None,
        profile,
        conversation: None,
        created_at: NOW,
        updated_at: NOW,
    };
    desk.insert(contact).await;
    let new = NewConversation {
        organization,
        kind: ConversationType::Contact,
        contact: Some(id),
        state: State { name: Some("John Johnson".into()), ..State::default() },
        touchpoint: Some("sms".into()),
        created_by: Some(desk.agent),
        now: NOW,
    };
    let again = new.clone();
    let opened = desk.store.write(move |write| write.create_conversation(&new)).await.unwrap();
    let refused = desk.store.write(move |write| write.create_conversation(&again)).await.unwrap_err();
    assert_eq!(refusal(refused).code, ErrorCode::ContactExists);
    assert_eq!((opened.touchpoint.as_str(), opened.head.0), ("sms", 0));

    let found = desk.store.read(move |read| {
        let by_telephone = read.contact_with(organization, Identifier::Telephone, "+31646280994")?;
        let by_email = read.contact_with(organization, Identifier::Email, "+31646280994")?;
        Ok((by_telephone, by_email, read.get::<Contact>(organization.into(), id)?.conversation))
    });
    assert_eq!(found.await.unwrap(), (Some(id), None, Some(opened.id)));
    let note = desk.store.append(desk.agent_says(opened.id, command_draft("/set isLead yes"))).await.unwrap();
    assert_eq!((note.message.seq.0, note.message.touchpoint.as_str()), (1, "sms"));
}

pub(crate) async fn a_token_is_live_until_it_expires_or_is_revoked<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let (agent, later) = (desk.agent, Millis(NOW.0 + 1));
    let token = |n: u8, expires_at| UserToken {
        jti: TokenId::from_bytes([n; 16]),
        user: agent,
        created_at: NOW,
        expires_at,
        revoked_at: None,
    };
    let (endless, short) = (token(1, None), token(2, Some(later)));
    let (endless_jti, short_jti) = (endless.jti, short.jti);
    let issue =
        desk.store.write(move |write| write.issue_token(&endless).and_then(|()| write.issue_token(&short)));
    issue.await.unwrap();
    let live = |jti, at| desk.store.read(move |read| read.is_token_live(agent, jti, at));
    assert!(live(endless_jti, later).await.unwrap() && live(short_jti, NOW).await.unwrap());
    assert!(!live(short_jti, later).await.unwrap());
    assert!(!live(TokenId::from_bytes([3; 16]), NOW).await.unwrap());

    assert!(desk.store.write(move |write| write.revoke_token(agent, endless_jti, NOW)).await.unwrap());
    assert!(!live(endless_jti, NOW).await.unwrap());
    assert_eq!(desk.store.read(move |read| read.tokens(agent)).await.unwrap().len(), 2);
}
