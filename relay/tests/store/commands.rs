//! Commands are applied in order, exactly once, and reach nothing outside their organization.

use crate::desk::{
    Backend, Desk, NOW, as_agent, command_draft, found_organization, organization_named, refusal, text,
    user_of,
};
use relay::{
    model::{Channel, Contact, Form, FormField},
    store::{Append, Author},
};
use serde_json::json;
use shared::{
    ChannelId, ConversationId, ErrorCode, FormId, OrganizationId, UserId,
    command::CommandFamily,
    conversation::Status,
    message::{Draft, MessageType, Role},
};

pub(crate) async fn every_example_of_the_widget_api_has_its_effect<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let form: FormId = "6093490651a8b5629324ae4f".parse().unwrap();
    let bot: UserId = "62c6077ca980127f404b0301".parse().unwrap();
    let colleague: UserId = "6248f0083ab5d5001e523146".parse().unwrap();
    let inbox: ChannelId = "605411853c68d83fd1ac7655".parse().unwrap();
    desk.insert(form_with(desk.organization, form, "brand")).await;
    desk.insert(user_of(Some(desk.organization), bot)).await;
    desk.insert(user_of(None, colleague)).await;
    desk.insert(channel(desk.organization, inbox)).await;

    for command in [
        ".location 61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5",
        "+6093490651a8b5629324ae4f",
        ".brand Toyota",
        "/set @category Used Car",
        "/set isLead yes",
        "/assign 62c6077ca980127f404b0301",
        "/notify 605411853c68d83fd1ac7655",
        "/notify",
        "@6248f0083ab5d5001e523146 Hello this is for you",
    ] {
        desk.command(conversation, command).await.unwrap();
    }

    let desk = desk.restart();
    let shown = desk.conversation(conversation).await;
    assert_eq!(shown.state.forms, [form]);
    assert_eq!(shown.state.results[0].values.get("brand"), Some(&json!("Toyota")));
    assert_eq!(shown.state.category.as_deref(), Some("Used Car"));
    assert_eq!(shown.state.meta.get("isLead"), Some(&json!("yes")));
    assert_eq!(shown.state.assignee, Some(bot));
    assert_eq!(shown.state.notifications.len(), 2);
    assert_eq!(shown.channels, [inbox]);
    assert_eq!(
        (shown.state.mentions[0].user, shown.state.mentions[0].text.as_str()),
        (colleague, "Hello this is for you")
    );
    let profile = contact_of(&desk, conversation).await.profile;
    assert_eq!(profile.get("location"), Some(&json!("61be87aeafdf672d381a9db4")));
    assert_eq!(profile.get("department"), Some(&json!("61be87aeafdf672d381a9db5")));
    assert_eq!(profile.get("brand"), None);
}

pub(crate) async fn a_field_of_an_active_form_is_not_a_profile_field<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let form = FormId::from_bytes([5; 12]);
    desk.insert(form_with(desk.organization, form, "brand")).await;

    let before = desk.command(conversation, ".brand Opel").await.unwrap();
    desk.command(conversation, &format!("+{form}")).await.unwrap();
    let after = desk.command(conversation, ".brand   Toyota").await.unwrap();

    assert_eq!(before.message.payload, None);
    assert_eq!(after.message.payload, Some(json!({ "form": form })));
    assert_eq!(after.message.text, ".brand Toyota", "written the one way it is written");
    assert_eq!(contact_of(&desk, conversation).await.profile.get("brand"), Some(&json!("Opel")));
}

pub(crate) async fn what_belongs_to_others_does_not_exist<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let (other, stranger) = found_organization(&desk.store, "Other").await;
    let (form, inbox) = (FormId::from_bytes([5; 12]), ChannelId::from_bytes([6; 12]));
    desk.insert(form_with(other, form, "brand")).await;
    desk.insert(channel(other, inbox)).await;

    for command in [
        format!("+{form}"),
        format!("/assign {stranger}"),
        format!("/notify {inbox}"),
        format!("@{stranger} hello"),
        "/assign 000000000000000000000000".to_owned(),
    ] {
        assert_eq!(
            desk.command(conversation, &command).await.unwrap_err().code,
            ErrorCode::NotFound,
            "{command}"
        );
    }
    let as_stranger = Draft { user: Some(stranger), ..as_agent(text("Hello")) };
    let refused = desk.store.append(desk.agent_says(conversation, as_stranger)).await.unwrap_err();
    assert_eq!(refusal(refused).code, ErrorCode::NotFound);
    assert_eq!(desk.log(conversation).await.len(), 1, "a refusal takes no place in the log");
}

pub(crate) async fn an_organization_switches_commands_off_and_on<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    desk.command(conversation, "/notify").await.unwrap();

    allow(&desk, &[CommandFamily::Set]).await;
    assert_eq!(desk.command(conversation, "/notify").await.unwrap_err().code, ErrorCode::ForbiddenCommand);
    desk.command(conversation, "/set isLead yes").await.unwrap();
    let by_agent = desk.store.append(desk.agent_says(conversation, command_draft("/notify"))).await;
    assert!(by_agent.is_ok(), "users are not visitors");

    allow(&desk, &CommandFamily::ALL).await;
    desk.command(conversation, "/notify").await.unwrap();
}

pub(crate) async fn the_type_of_an_entry_must_match_its_text<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    for (kind, words) in
        [(MessageType::Field, "/notify"), (MessageType::Command, ".a b"), (MessageType::Form, "hello")]
    {
        let append = desk.contact_says(conversation, Draft { kind, ..text(words) });
        assert_eq!(refusal(desk.store.append(append).await.unwrap_err()).code, ErrorCode::BadCommand);
    }
}

pub(crate) async fn maps_do_not_grow_without_bound<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let set: Vec<Append> = (0..32)
        .map(|n| desk.contact_says(conversation, command_draft(&format!("/set name{n} value"))))
        .collect();
    desk.store.write(move |write| write.append_all(set)).await.unwrap();
    assert_eq!(desk.command(conversation, "/set more value").await.unwrap_err().code, ErrorCode::Invalid);
    desk.command(conversation, "/set name3 other").await.unwrap();

    let fields: Vec<Append> = (0..256)
        .map(|n| desk.contact_says(conversation, command_draft(&format!(".name{n} value"))))
        .collect();
    desk.store.write(move |write| write.append_all(fields)).await.unwrap();
    assert_eq!(desk.command(conversation, ".more value").await.unwrap_err().code, ErrorCode::Invalid);
}

pub(crate) async fn a_change_through_the_api_is_an_entry<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let payload = json!({"category": "Boats", "status": "closed", "tags": ["vip"]});
    let draft = Draft {
        kind: MessageType::Status,
        payload: Some(payload),
        user: Some(desk.agent),
        ..Draft::default()
    };
    let append = Append { author: Author::System, ..desk.contact_says(conversation, draft) };
    let entry = desk.store.append(append).await.unwrap().message;
    assert_eq!((entry.role, entry.user), (Role::System, Some(desk.agent)));

    let closed = desk.conversation(conversation).await.state;
    assert_eq!((closed.status, closed.category.as_deref()), (Status::Closed, Some("Boats")));
    desk.store.append(desk.contact_says(conversation, text("One more thing"))).await.unwrap();
    assert_eq!(desk.conversation(conversation).await.state.status, Status::Queued);
}

pub(crate) async fn the_first_agent_message_accepts<B: Backend>(backend: B) {
    let desk = Desk::new(backend).await;
    let conversation = desk.open_conversation(1).await;
    let answer =
        desk.store.append(desk.agent_says(conversation, as_agent(text("Hi")))).await.unwrap().message;
    assert_eq!((answer.user, answer.name.as_deref()), (Some(desk.agent), Some("Ada")));
    let state = desk.conversation(conversation).await.state;
    assert_eq!(state.status, Status::Active);
    assert!(state.participants[0].accepted);
    desk.store.append(desk.contact_says(conversation, text("A bike"))).await.unwrap();
    assert_eq!(desk.conversation(conversation).await.state.participants[0].unread_count, 1);
}

async fn allow<B: Backend>(desk: &Desk<B>, commands: &[CommandFamily]) {
    let mut organization = organization_named(desk.organization, "Cyclo");
    organization.visitor_commands = commands.to_vec();
    desk.store.write(move |write| write.update(&organization)).await.unwrap();
}

async fn contact_of<B: Backend>(desk: &Desk<B>, conversation: ConversationId) -> Contact {
    let (scope, contact) = (desk.organization.into(), desk.conversation(conversation).await.contact.unwrap());
    desk.store.read(move |read| read.get(scope, contact)).await.unwrap()
}

fn form_with(organization: OrganizationId, id: FormId, key: &str) -> Form {
    let field = FormField {
        key: key.to_owned(),
        label: String::new(),
        kind: "text".to_owned(),
        required: false,
        options: vec![],
    };
    Form {
        id,
        organization,
        name: "Test drive".into(),
        fields: vec![field],
        meta: serde_json::Map::new(),
        created_at: NOW,
        updated_at: NOW,
    }
}

fn channel(organization: OrganizationId, id: ChannelId) -> Channel {
    Channel { id, organization, name: "Sales".into(), users: vec![], created_at: NOW, updated_at: NOW }
}
