//! The body of a call: what happened, and the message with its conversation or the resource, as they are when it is
//! sent. Nothing about a person is kept in a queue, so nothing of it has to be erased there.

use crate::{
    model::{Channel, Contact, Form, Organization, User, Webhook},
    store::{Due, Queued, Read, Record, Scope, StoreError, StoredId},
};
use serde::Serialize;
use serde_json::{Map, Value, json};
use shared::{
    ChannelId, ConversationId, Error, ErrorCode, EventId, MessageId, Millis, OrganizationId, UserId,
    message::{Message, MessageStatus},
};
use std::fmt;

#[derive(Serialize)]
struct Body<'a> {
    id: EventId,
    event: &'a str,
    timestamp: Millis,
    organization: OrganizationId,
    activity: Value,
    data: Map<String, Value>,
}

struct About {
    data: Map<String, Value>,
    activity: Value,
}

/// What happened, as JSON; nothing when the message that it was about has been erased.
pub(super) fn body(
    read: &Read<'_>,
    organization: OrganizationId,
    due: &Due,
) -> Result<Option<String>, StoreError> {
    let Due { id, queued } = due;
    let (kind, change) = queued.event.split_once('.').unwrap_or((&queued.event, ""));
    let Some(About { data, activity }) = (match kind {
        "message" => message(read, organization, *id, queued, change)?,
        _ => Some(resource(read, organization, queued, kind, change)?),
    }) else {
        return Ok(None);
    };
    let body =
        Body { id: *id, event: &queued.event, timestamp: queued.created_at, organization, activity, data };
    Ok(Some(serde_json::to_string(&body).expect("bodies have string keys")))
}

fn message(
    read: &Read<'_>,
    organization: OrganizationId,
    event: EventId,
    queued: &Queued,
    change: &str,
) -> Result<Option<About>, StoreError> {
    // That a message was stored has no subject of its own: the event has the message's id.
    let id = MessageId::from_bytes(queued.subject.unwrap_or(*event.as_bytes()));
    let scope = Scope::Organization(organization);
    let Some(message) = found(read.message(scope, id))? else { return Ok(None) };
    if message.status == MessageStatus::Deleted && change != "delete" {
        return Ok(None);
    }
    let Some(conversation) = found(read.conversation(scope, message.conversation))? else { return Ok(None) };
    let mut activity = activity(change, "message", Some(message.id));
    if let Some((kind, actor)) = actor(&message) {
        activity["actor"] = json!({"type": kind, "id": actor});
    }
    let data = [("message", value(&message)), ("conversation", value(&conversation))];
    Ok(Some(About { data: members(data), activity }))
}

fn resource(
    read: &Read<'_>,
    organization: OrganizationId,
    queued: &Queued,
    kind: &str,
    change: &str,
) -> Result<About, StoreError> {
    let scope = Scope::Organization(organization);
    let (lane, subject) = (queued.lane, queued.subject);
    let conversation = |id| -> Result<Value, StoreError> {
        let id = ConversationId::from_bytes(id);
        Ok(found(read.conversation(scope, id))?.map_or_else(|| json!({ "id": id }), |found| value(&found)))
    };
    let activity = activity(change, kind, subject.map(ConversationId::from_bytes));
    let data = match (kind, subject) {
        ("conversation", _) => members([("conversation", conversation(lane)?)]),
        ("channel", subject) if change == "notify" => {
            let channel =
                subject.map(|id| read.find::<Channel>(scope, ChannelId::from_bytes(id))).transpose()?;
            members([("channel", value(&channel.flatten())), ("conversation", conversation(lane)?)])
        }
        (_, subject) => {
            let id = subject.unwrap_or(lane);
            let shown = match kind {
                "organization" => record::<Organization>(read, scope, id)?,
                "user" => record::<User>(read, scope, id)?,
                "channel" => record::<Channel>(read, scope, id)?,
                "form" => record::<Form>(read, scope, id)?,
                "contact" => record::<Contact>(read, scope, id)?,
                "webhook" => record::<Webhook>(read, scope, id)?,
                _ => None,
            };
            // What is gone is named.
            let shown = shown.unwrap_or_else(|| json!({ "id": UserId::from_bytes(id) }));
            members([(kind, shown)])
        }
    };
    Ok(About { data, activity })
}

fn record<R: Record>(read: &Read<'_>, scope: Scope, id: [u8; 12]) -> Result<Option<Value>, StoreError> {
    Ok(read.find::<R>(scope, R::Id::from_stored(id))?.as_ref().map(value))
}

/// As the W3C's Activity Streams 2.0 name it.
fn activity(change: &str, kind: &str, id: Option<impl fmt::Display>) -> Value {
    let verb = match change.split('.').next() {
        Some("create") => "Create",
        Some("update") => "Update",
        Some("delete") => "Delete",
        _ => "Announce",
    };
    let object = json!({"type": kind, "id": id.map(|id| id.to_string())});
    json!({"@context": "https://www.w3.org/ns/activitystreams", "type": verb, "object": object})
}

fn actor(message: &Message) -> Option<(&'static str, String)> {
    let user = message.user.map(|user| ("user", user.to_string()));
    user.or_else(|| message.contact.map(|contact| ("contact", contact.to_string())))
}

fn found<T>(read: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(StoreError::Refused(Error { code: ErrorCode::NotFound, .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

fn value(of: &impl Serialize) -> Value {
    serde_json::to_value(of).expect("resources have string keys")
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        bus::Bus,
        store::{Store, StoreOptions},
    };

    const ORGANIZATION: OrganizationId = OrganizationId::from_bytes([1; 12]);

    async fn body_of(event: &str, subject: Option<[u8; 12]>) -> Option<Value> {
        let directory = tempfile::TempDir::new().unwrap();
        let options = StoreOptions { path: directory.path().join("relay.db"), exclusive: true };
        let store = Store::open(&options, Bus::default()).unwrap();
        let queued =
            Queued { position: 7, event: event.to_owned(), lane: [3; 12], subject, created_at: Millis(0) };
        let due = Due { queued, id: EventId::from_bytes([2; 12]) };
        let body = store.read(move |read| body(read, ORGANIZATION, &due)).await.unwrap();
        body.map(|body| serde_json::from_str(&body).unwrap())
    }

    #[tokio::test]
    async fn what_was_said_and_has_been_erased_is_not_told() {
        assert_eq!(body_of("message.create.contact.chat", None).await, None);
        assert_eq!(body_of("message.update", Some([4; 12])).await, None);
    }

    #[tokio::test]
    async fn a_resource_that_is_gone_is_named() {
        let deleted = body_of("form.delete", Some([4; 12])).await.unwrap();
        let id = "04".repeat(12);
        assert_eq!(deleted["data"], json!({"form": {"id": id}}));
        assert_eq!(deleted["activity"]["type"], "Delete");
        assert_eq!(deleted["activity"]["object"], json!({"type": "form", "id": id}));
        let notified = body_of("channel.notify", None).await.unwrap();
        assert_eq!(notified["data"], json!({"channel": null, "conversation": {"id": "03".repeat(12)}}));
    }
}
