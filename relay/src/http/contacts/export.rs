//! GET `/v2/contacts/{contact}/export`: everything that the relay knows of a person, as one JSON document. It is written while
//! it is read.

use crate::{
    app::App,
    auth::Admin,
    http::{Refused, conversations::shown, openapi::Operation, origin, params::Params, path::Path, records},
    model::{Contact, Conversation, File},
    store::{Known, Scope, StoreError, Window},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use serde_json::{Value, json};
use shared::{ConversationId, Seq};

/// Messages that are in memory at once.
const AT_ONCE: usize = 200;

pub(super) fn operation() -> Operation {
    Operation::new("exportContact", "Everything that the relay knows of a person").answering(
        StatusCode::OK,
        "application/json",
        "The contact, the conversation with its messages, files, links, and browsers that came in",
    )
}

pub(super) async fn export(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Refused> {
    params.finish()?;
    let (scope, id) = (admin.agent().scope(), records::id_of::<Contact>(&id)?);
    let own = origin::own(&app, &headers);
    let agent = admin.agent();
    let noted = app.store.write(move |write| {
        write.on_behalf_of(agent.actor());
        let contact: Contact = write.get(scope, id)?;
        write.audit(Some(contact.organization), "contact.export", id)
    });
    noted.await?;
    let found = app.store.read(move |read| {
        let contact: Contact = read.get(scope, id)?;
        let conversation = contact.conversation.map(|id| shown(read, &own, read.conversation(scope, id)?));
        let conversation = conversation.transpose()?;
        Ok((read.known_of(&contact)?, contact, conversation))
    });
    let (known, contact, conversation) = found.await?;
    let disposition = format!("attachment; filename=\"contact-{}.json\"", contact.id);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).expect("letters and digits")),
    ];
    let of = conversation.as_ref().map(|conversation| conversation.id);
    let place = Place::Head(head(&known, &contact, conversation.as_ref()));
    let writing = Export { app, scope: contact.organization.into(), conversation: of, place };
    let body = stream::try_unfold(writing, async |mut writing| {
        let part = writing.next().await?;
        Ok::<_, StoreError>(part.map(|part| (part, writing)))
    });
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Everything but the messages, up to where these begin.
fn head(known: &Known, contact: &Contact, conversation: Option<&Conversation>) -> String {
    let file = |file: &File| {
        json!({
            "id": file.id, "name": file.name, "contentType": file.content_type, "size": file.size,
            "createdAt": file.created_at, "path": format!("{}{}/{}", File::PATH, file.id, file.name),
        })
    };
    let links =
        known.links.iter().map(|link| json!({"expiresAt": link.expires_at, "used": link.used_by.is_some()}));
    let members = json!({
        "contact": contact,
        "conversation": conversation,
        // What will be said later.
        "held": known.held,
        "files": known.files.iter().map(file).collect::<Value>(),
        "links": links.collect::<Value>(),
        // As many browsers are recognized as this person's.
        "browsers": known.browsers,
    });
    let text = members.to_string();
    format!("{},\"messages\":[", text.strip_suffix('}').unwrap_or(&text))
}

/// One that is being written.
struct Export {
    app: App,
    scope: Scope,
    conversation: Option<ConversationId>,
    place: Place,
}

/// What comes next.
enum Place {
    Head(String),
    After(Seq),
    End,
}

impl Export {
    async fn next(&mut self) -> Result<Option<String>, StoreError> {
        match std::mem::replace(&mut self.place, Place::End) {
            Place::Head(head) => {
                self.place = Place::After(Seq::ZERO);
                Ok(Some(head))
            }
            Place::After(last) => self.page(last).await.map(Some),
            Place::End => Ok(None),
        }
    }

    async fn page(&mut self, last: Seq) -> Result<String, StoreError> {
        let Some(id) = self.conversation else { return Ok("]}\n".to_owned()) };
        let scope = self.scope;
        let page = self.app.store.read(move |read| read.messages(scope, id, Window::After(last), AT_ONCE));
        let page = page.await?;
        let mut text = String::new();
        for message in &page {
            let separator = if message.seq == Seq(1) { "" } else { ",\n" };
            text.push_str(separator);
            text.push_str(&serde_json::to_string(message).expect("a message is JSON"));
        }
        match page.last() {
            Some(message) if page.len() == AT_ONCE => self.place = Place::After(message.seq),
            _ => text.push_str("]}\n"),
        }
        Ok(text)
    }
}
