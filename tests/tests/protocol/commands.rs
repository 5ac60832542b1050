//! Every `>cs` command of the widget's API, with its effect as the API shows it.

use serde_json::{Map, Value, json};
use shared::{
    ConversationId, ErrorCode, FormId, Seq,
    message::MessageType,
    wire::{RelayFrame, VisitorFrame},
};
use tests::{
    greeting::greet,
    relay::Relay,
    rest::Rest,
    visitor::{VisitorClient, random_token},
};

#[tokio::test]
async fn every_command_of_the_widget_api_has_its_effect() {
    let relay = Relay::start().await;
    let form = create(&relay, "forms", json!({"name": "Car", "fields": [{"key": "brand"}]})).await;
    let user = create(&relay, "users", json!({"name": "Ada"})).await;
    let bot = create(&relay, "users", json!({"name": "Helper", "role": "bot"})).await;
    let channel = create(&relay, "channels", json!({"name": "Sales"})).await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;

    let location = "61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5";
    let commands = [
        format!(">cs .location {location}"),
        format!(">cs +{form}"),
        ">cs .brand Toyota".to_owned(),
        ">cs /set @category Used Car".to_owned(),
        ">cs /set isLead yes".to_owned(),
        format!(">cs /assign {user}"),
        format!(">cs /notify {channel}"),
        ">cs /notify".to_owned(),
        format!(">cs @{bot} Hello this is for you"),
    ];
    for (command, seq) in commands.iter().zip(2..) {
        assert_eq!(visitor.tell(command).await.seq, Seq(seq), "{command}");
    }

    let shown = show(relay.rest(), conversation).await;
    assert_eq!(shown["fields"]["location"], location);
    assert_eq!(shown["forms"], json!([form]));
    assert_eq!(shown["results"][0]["form"], json!(form));
    assert_eq!(shown["results"][0]["values"]["brand"], "Toyota");
    assert_eq!(shown["category"], "Used Car");
    assert_eq!(shown["meta"]["isLead"], "yes");
    assert_eq!(shown["assignee"], json!(user));
    assert_eq!(shown["notifications"][0]["channel"], json!(channel));
    assert_eq!(shown["notifications"][1]["channel"], Value::Null);
    assert_eq!(shown["mentions"][0]["user"], json!(bot));
    assert_eq!(shown["mentions"][0]["text"], "Hello this is for you");
    assert_eq!(shown["head"], 10);
}

#[tokio::test]
async fn a_field_of_no_form_goes_to_the_contacts_profile() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);

    let conversation = visitor.tell(">cs .brand Land  Rover").await.conversation;

    let contact = show(relay.rest(), conversation).await["contact"].as_str().unwrap().to_owned();
    let contact = relay.rest().get(&format!("/v2/contacts/{contact}")).await.ok();
    assert_eq!(contact["profile"]["brand"], "Land  Rover");
}

#[tokio::test]
async fn the_other_properties_can_be_set_too() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell(">cs /set @priority high").await.conversation;
    visitor.tell(">cs /set @subject A car, used").await;

    let shown = show(relay.rest(), conversation).await;

    assert_eq!((&shown["priority"], &shown["subject"]), (&json!("high"), &json!("A car, used")));
}

#[tokio::test]
async fn the_visitor_does_not_see_commands_and_agents_do() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);
    let conversation = visitor.tell("Hello").await.conversation;
    visitor.tell(">cs /set isLead yes").await;
    visitor.tell("Anybody there?").await;

    visitor.seen(Seq(3)).await;

    assert_eq!(visitor.texts(), ["Hello", "Anybody there?"]);
    let messages = relay.rest().get(&format!("/v2/conversations/{conversation}/messages")).await.ok();
    assert_eq!((&messages[1]["type"], &messages[1]["text"]), (&json!("command"), &json!("/set isLead yes")));
}

#[tokio::test]
async fn a_command_that_the_organization_switched_off_is_refused() {
    let relay = Relay::start().await;
    let path = format!("/v2/organizations/{}", relay.organization());
    relay.rest().patch(&path, &json!({"visitorCommands": ["field", "set"]})).await.ok();
    let user = create(&relay, "users", json!({"name": "Ada"})).await;
    let mut visitor = VisitorClient::new(&relay);

    for command in [format!(">cs /assign {user}"), ">cs /notify".to_owned(), format!(">cs @{user} Hello")] {
        let key = visitor.say(&command);
        assert_eq!(visitor.refused(&key).await.code, ErrorCode::ForbiddenCommand, "{command}");
    }

    assert_eq!(visitor.tell(">cs /set isLead yes").await.seq, Seq(1), "what is refused takes no number");
}

#[tokio::test]
async fn what_belongs_to_another_organization_does_not_exist() {
    let relay = Relay::start().await;
    let other = relay.rest().post("/v2/organizations", &json!({"name": "Other"})).await.created();
    let foreign = |kind: &'static str, mut body: Value| {
        body["organization"] = other["id"].clone();
        let rest = relay.rest().clone();
        async move { id_of(&rest.post(&format!("/v2/{kind}"), &body).await.created()) }
    };
    let form = foreign("forms", json!({"name": "Car", "fields": []})).await;
    let user = foreign("users", json!({"name": "Ada"})).await;
    let channel = foreign("channels", json!({"name": "Sales"})).await;
    let nobody = FormId::from_bytes([7; 12]);
    let mut visitor = VisitorClient::new(&relay);
    visitor.tell("Hello").await;

    let commands = [
        format!(">cs +{form}"),
        format!(">cs /assign {user}"),
        format!(">cs /notify {channel}"),
        format!(">cs @{user} Hello"),
        format!(">cs +{nobody}"),
    ];
    for command in &commands {
        let key = visitor.say(command);
        assert_eq!(visitor.refused(&key).await.code, ErrorCode::NotFound, "{command}");
    }

    assert_eq!(visitor.tell("Still here").await.seq, Seq(2));
}

#[tokio::test]
async fn what_is_no_command_is_not_sent() {
    let relay = Relay::start().await;
    let mut visitor = VisitorClient::new(&relay);

    for text in [">cs Hello", ">cs /dance", ">cs /set @colour red", ">cs +form"] {
        assert_eq!(visitor.try_say(text).unwrap_err().code, ErrorCode::BadCommand, "{text}");
    }

    assert_eq!(visitor.tell("Hello").await.seq, Seq(1));
}

/// Creates a resource of the relay's first organization and returns its id.
async fn create(relay: &Relay, kind: &str, mut body: Value) -> String {
    body["organization"] = json!(relay.organization());
    id_of(&relay.rest().post(&format!("/v2/{kind}"), &body).await.created())
}

fn id_of(resource: &Value) -> String {
    resource["id"].as_str().expect("a resource has an id").to_owned()
}

async fn show(rest: &Rest, conversation: ConversationId) -> Value {
    rest.get(&format!("/v2/conversations/{conversation}")).await.ok()
}

#[tokio::test]
async fn what_is_for_agents_a_visitor_may_not_say() {
    let relay = Relay::start().await;
    let (mut socket, _) = greet(&relay, &random_token(), Seq::ZERO).await;

    for (number, command) in
        (1..).zip(["/accept", "/join", "/leave", "/close", ">menu", "/assign", "/set isLead"])
    {
        let send = VisitorFrame::Send {
            key: format!("k-{number}").parse().unwrap(),
            kind: MessageType::Command,
            text: command.to_owned(),
            content_type: None,
            payload: None,
            meta: Map::new(),
        };
        socket.send(&send).await.unwrap();
        let RelayFrame::Nack { error, .. } = socket.frame().await else {
            panic!("{command} was not refused")
        };
        assert_eq!(error.code, ErrorCode::BadCommand, "{command}");
    }
}
