//! Every request of web1on1's text on outbound messaging, as it stands there; only ids are those of this relay.

use crate::asking::{Relay, Reply};
use serde_json::{Value, json};

/// What the text says happens.
enum Expected {
    /// The message is stored, with these members.
    Stored(&'static str),
    /// It is held, with these members.
    Held(&'static str),
    /// There is no service for this medium, which the member names.
    Unavailable(&'static str),
}

use Expected::{Held, Stored, Unavailable};

/// `POST /v2/conversations/{id}/messages`, in the order of the text.
const MESSAGES: [(&str, &str, Expected); 8] = [
    (
        "plain text",
        r#"{
            "type": "chat",
            "role": "agent",
            "text": "Here is some information"
        }"#,
        Stored(
            r#"{"type": "chat", "role": "agent", "text": "Here is some information", "touchpoint": "web"}"#,
        ),
    ),
    (
        "list of items",
        r#"{
          "type": "card",
          "text": "Favorite food?",
          "role": "agent",
          "items": [
            {
                "title": "Tacooos",
                "actions": [
                    {
                      "type": "link",
                      "text": "Taco 1",
                      "url": "http://example.org/taco.html",
                      "uri": "http://example.org/taco.html"
                    }
                ]
              },
              {
                "title": "Burritoos",
                "actions": [
                    {
                      "type": "link",
                      "text": "Burro 1",
                      "url": "http://example.org/burrito.html",
                      "uri": "http://example.org/burrito.html"
                    }
                ]
              }
          ]
        }"#,
        Stored(
            r#"{"type": "card", "items": [
                {"title": "Tacooos", "actions": [{"type": "link", "text": "Taco 1",
                    "url": "http://example.org/taco.html", "uri": "http://example.org/taco.html"}]},
                {"title": "Burritoos", "actions": [{"type": "link", "text": "Burro 1",
                    "url": "http://example.org/burrito.html", "uri": "http://example.org/burrito.html"}]}]}"#,
        ),
    ),
    (
        "postback buttons",
        r#"{
          "text": "Favorite color?",
          "role": "agent",
          "actions": [
            {
              "text": "Red",
              "payload": "red",
              "type": "postback"
            },
            {
              "text": "Blue",
              "payload": "blue",
              "type": "postback"
            }
          ]
        }"#,
        Stored(
            r#"{"actions": [{"text": "Red", "payload": "red", "type": "postback"},
                            {"text": "Blue", "payload": "blue", "type": "postback"}]}"#,
        ),
    ),
    (
        "suggested quick replies",
        r#"{
            "text":"Which do you prefer?",
            "role": "agent",
            "actions": [
              {
                "type": "reply",
                "text": "Tacos",
                "iconUrl": "http://example.org/taco.png",
                "payload": "TACOS"
              },
              {
                "type": "reply",
                "text": "Burritos",
                "iconUrl": "http://example.org/burrito.png",
                "payload": "BURRITOS"
              }
            ]
        }"#,
        Stored(
            r#"{"actions": [
                {"type": "reply", "text": "Tacos", "iconUrl": "http://example.org/taco.png", "payload": "TACOS"},
                {"type": "reply", "text": "Burritos", "iconUrl": "http://example.org/burrito.png", "payload": "BURRITOS"}]}"#,
        ),
    ),
    (
        "sending files and images",
        r#"{
            "role": "agent",
            "text": "http://infolab.stanford.edu/pub/papers/google.pdf",
            "contentType": "application/pdf",
            "meta": {
                "title": "Google"
            }
        }"#,
        Stored(
            r#"{"text": "http://infolab.stanford.edu/pub/papers/google.pdf", "contentType": "application/pdf",
                "meta": {"title": "Google"}}"#,
        ),
    ),
    (
        "typing indicators",
        r#"{
            "type": "chat",
            "role": "agent",
            "text": "I was typing before you saw this.",
            "delay": 1000
        }"#,
        Held(r#"{"text": "I was typing before you saw this.", "delay": 1000}"#),
    ),
    (
        "one-way SMS",
        r#"{
            "text": "Hello",
            "touchpoint": "sms",
            "role": "agent",
            "meta": {
                "SenderID": "Tims Truckshop"
            }
        }"#,
        Unavailable("touchpoint"),
    ),
    (
        "WhatsApp message templates",
        r#"{
            "role": "agent",
            "text": "Your car is ready to be picked up!",
            "touchpoint": "whatsapp",
            "meta": {
                "namespace": "56cca706_4162_b9be_fc60_13623ff73b1e",
                "elementName": "your_car_is_ready",
                "language": "nl"
            }
        }"#,
        Unavailable("touchpoint"),
    ),
];

/// `POST /v2/conversations`, and the medium that each needs. The organization's id stands for those of the text. After
/// the third one's messages the text has a comma too many.
const CONVERSATIONS: [(&str, &str); 4] = [
    (
        "sms",
        r#"{
            "organization": "ORGANIZATION",
            "type": "contact",
            "contact": {
                "profile": {
                    "name": "John Johnson",
                    "telephone": "+31646280994"
                }
            },
            "messages": [
                {
                    "text": "Hey there.",
                    "touchpoint": "sms",
                    "role": "agent"
                },
                {
                    "text": "How are you?",
                    "role": "agent"
                },
                {
                    "text": "/leave",
                    "type": "command",
                    "delay": 3000
                }
            ]
        }"#,
    ),
    (
        "email",
        r#"{
            "organization": "ORGANIZATION",
            "type": "contact",
            "contact": {
                "profile": {
                    "name": "John Johnson",
                    "email": "john.johnson@example.com"
                }
            },
            "messages": [{
                "role": "agent",
                "text": "Click the link to continue:",
                "touchpoint": "email",
                "actions": [{
                    "text": "[continue conversation]",
                    "type": "link",
                    "uri": "https://yourwebsite.com/widget?id={authuser}&token={authtoken}"
                }]
            }]
        }"#,
    ),
    (
        "whatsapp",
        r#"{
            "organization": "ORGANIZATION",
            "type": "contact",
            "contact": {
                "profile": {
                    "name": "John Johnson",
                    "telephone": "+31646280994"
                }
            },
            "messages": [{
                "role": "agent",
                "text": "Your car is ready to be picked up!",
                "touchpoint": "whatsapp",
                "meta": {
                    "language": "nl",
                    "namespace": "56cca706_4162_b9be_fc60_13623ff73b1e",
                    "elementName": "your_car_is_ready"
                }
            }]
        }"#,
    ),
    (
        "sms",
        r#"{
            "organization": "ORGANIZATION",
            "type": "contact",
            "contact": {
                "profile": {
                    "name": "John Johnson",
                    "telephone": "+31646280994"
                }
            },
            "messages": [
                {
                    "role": "agent",
                    "text": "Hey there. Time for a new appointment.",
                    "touchpoint": "sms",
                    "meta": {
                        "SenderID": "Tims Truckshop"
                    }
                },
                {
                    "role": "agent",
                    "text": "Click the link to continue:",
                    "touchpoint": "sms",
                    "delay": 5000,
                    "actions": [{
                        "text": "[continue conversation]",
                        "type": "link",
                        "uri": "http://yoursite.com/widget?id={authuser}&token={authtoken}"
                    }],
                    "meta": {
                        "SenderID": "Tims Truckshop"
                    }
                }
            ]
        }"#,
    ),
];

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// Whether the answer has these members, whatever else it has.
fn assert_has(what: &str, answer: &Value, members: &str) {
    for (name, value) in parsed(members).as_object().unwrap() {
        assert_eq!(&answer[name], value, "{what}: {name}");
    }
}

#[tokio::test]
async fn every_message_of_the_text_does_what_it_says() {
    let relay = Relay::start().await;
    let conversation = relay.conversation().await;
    let path = format!("/v2/conversations/{conversation}/messages");
    let mut stored = 1;
    for (what, request, expected) in MESSAGES {
        let reply: Reply = relay.admin().post(&path, parsed(request)).await;
        match expected {
            Stored(members) => {
                stored += 1;
                assert_eq!((reply.status.as_u16(), &reply.body["status"]), (201, &json!("sent")), "{what}");
                assert_has(what, &reply.body, members);
            }
            Held(members) => {
                assert_eq!((reply.status.as_u16(), &reply.body["status"]), (201, &json!("held")), "{what}");
                assert_has(what, &reply.body, members);
            }
            Unavailable(field) => {
                assert_eq!(reply.error(), (422, "touchpoint_unavailable", Some(field)), "{what}");
            }
        }
    }
    let log = relay.admin().get(&path).await.body;
    assert_eq!(log.as_array().unwrap().len(), stored, "what has no medium is not stored");
}

#[tokio::test]
async fn a_conversation_on_a_medium_without_a_service_stores_nothing() {
    let relay = Relay::start().await;
    let demo = relay.demo().await;
    for (medium, request) in CONVERSATIONS {
        let request = parsed(&request.replace("ORGANIZATION", &demo));
        let reply = relay.admin().post("/v2/conversations", request).await;
        let field = Some("messages[0].touchpoint");
        assert_eq!(reply.error(), (422, "touchpoint_unavailable", field), "{medium}");
    }
    assert_eq!(relay.admin().get("/v2/contacts").await.body, json!([]));
    assert_eq!(relay.admin().get("/v2/conversations").await.body, json!([]));
}

#[tokio::test]
async fn a_conversation_on_the_web_is_answered_as_the_text_shows() {
    let relay = Relay::start().await;
    let demo = relay.demo().await;
    let bot = json!({"organization": demo, "name": "testbot", "role": "bot", "avatar": "https://bot.example/b.png"});
    let bot = relay.admin().post("/v2/users", bot).await;
    let (user, bot) = (bot.body["id"].clone(), relay.with_token(bot.text("token")));
    let (_, request) = CONVERSATIONS[0];
    let request = parsed(&request.replace("ORGANIZATION", &demo).replace("\"sms\"", "\"web\""));

    let reply = bot.post("/v2/conversations", request).await;

    assert_eq!(reply.status, 201, "{}", reply.body);
    let body = &reply.body;
    assert_eq!((&body["organization"], &body["orgPath"]), (&json!(demo), &json!(demo)));
    assert_eq!((reply.text("name"), reply.text("type")), ("John Johnson".into(), "contact".into()));
    assert_eq!((reply.text("slug").len(), reply.text("status")), (9, "active".into()));
    assert!(reply.text("url").ends_with(&format!("/v2/conversations/{}", reply.text("id"))));
    assert_eq!(body["messages"].as_array().unwrap().len(), 3);
    for empty in ["channels", "channelsOffline", "forms", "results"] {
        assert_eq!(body[empty], json!([]), "{empty}");
    }
    assert_eq!(body["touchpoints"], json!({"web": {"selected": true}}));
    let participant = &body["participants"][0];
    for (name, value) in [
        ("name", json!("testbot")),
        ("avatar", json!("https://bot.example/b.png")),
        ("unreadCount", json!(0)),
        ("inbox", json!(false)),
        ("accepted", json!(true)),
        ("active", json!(true)),
        ("role", json!("agent")),
    ] {
        assert_eq!(participant[name], value, "{name}");
    }
    for time in ["createdAt", "updatedAt"] {
        assert!(participant[time].is_string() && body[time].is_string());
    }
    assert_eq!((&body["createdBy"], &participant["user"]), (&user, &user));
    let leave = bot.get(&format!("/v2/messages/{}", body["messages"][2].as_str().unwrap())).await;
    assert_eq!((leave.text("text"), leave.text("status")), ("/leave".into(), "held".into()));

    let mut shown = bot.get(&format!("/v2/conversations/{}", reply.text("id"))).await.body;
    shown["messages"] = body["messages"].clone();
    assert_eq!(&shown, body, "it is the same when it is read");
    let listed = bot.get("/v2/conversations").await.body;
    assert_eq!((&listed[0]["url"], &listed[0]["participants"]), (&body["url"], &body["participants"]));
}

#[tokio::test]
async fn a_conversation_that_nobody_names_gets_a_name() {
    let relay = Relay::start().await;
    let agent = relay.user("agent").await;
    let name = async |body: Value| agent.post("/v2/conversations", body).await.text("name");
    let hello = json!([{"role": "agent", "text": "Hello"}]);
    let nameless = json!({"contact": {"profile": {"email": "jo@example.com"}}, "messages": hello});

    let made_up = name(nameless).await;

    assert_eq!(made_up.split(' ').count(), 2, "{made_up}");
    assert_eq!(name(json!({"name": "Workshop"})).await, "Workshop");
    assert_ne!(name(json!({})).await, made_up);
}

#[tokio::test]
async fn the_commas_slip_of_the_text_is_no_json() {
    let relay = Relay::start().await;
    let (_, request) = CONVERSATIONS[2];
    let end = request.rfind(']').unwrap();
    let slip = format!("{},{}", &request[..=end], &request[end + 1..]);
    let asked = relay.admin().request(axum::http::Method::POST, "/v2/conversations");
    let asked = asked.header("content-type", "application/json").body(slip.into()).unwrap();
    assert_eq!(relay.admin().send(asked).await.error(), (400, "bad_json", None));
}
