//! GET `/v2/conversations/{conversation}/transcript`: what was said, as the contact saw it, to keep or to print.
//! It is written while it is read: a long conversation is never in memory whole.

use super::show::id_of;
use crate::{
    app::App,
    auth::Agent,
    http::{Refused, markup::escape, openapi::Operation, params::Params, path::Path},
    model::{Contact, Conversation},
    store::{Scope, StoreError, Window},
};
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Deserialize;
use shared::{
    Seq,
    message::{Message, MessageType, Role},
};

/// Messages that are in memory at once.
const AT_ONCE: usize = 200;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Format {
    #[default]
    Txt,
    Json,
    Html,
}

pub(super) fn operation() -> Operation {
    let mut operation = Operation::new("getTranscript", "What the contact has seen, as a file").query(
        "format",
        SchemaGenerator::subschema_for::<Format>,
        "`txt` where nothing is said.",
    );
    for format in [Format::Txt, Format::Json, Format::Html] {
        operation = operation.answering(StatusCode::OK, format.media_type(), "The transcript");
    }
    operation
}

pub(super) async fn transcript(
    State(app): State<App>,
    agent: Agent,
    Path(id): Path<String>,
    mut params: Params,
) -> Result<Response, Refused> {
    let (scope, id) = (agent.scope(), id_of(&id)?);
    let format: Format = params.take("format")?.unwrap_or_default();
    params.finish()?;
    let named = app.store.read(move |read| {
        let conversation = read.conversation(scope, id)?;
        let contact: Option<Contact> =
            conversation.contact.map(|contact| read.get(scope, contact)).transpose()?;
        Ok((conversation, contact))
    });
    let (conversation, contact) = named.await?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(format.media_type())),
        (header::CONTENT_DISPOSITION, attachment(&conversation, format)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    let writing = Transcript::new(app, scope, &conversation, contact.as_ref(), format);
    let body = stream::try_unfold(writing, async |mut writing| {
        let part = writing.next().await?;
        Ok::<_, StoreError>(part.map(|part| (part, writing)))
    });
    Ok((headers, Body::from_stream(body)).into_response())
}

/// A slug has letters and digits alone.
fn attachment(conversation: &Conversation, format: Format) -> HeaderValue {
    let name = format!("attachment; filename=\"{}.{}\"", conversation.slug, format.extension());
    HeaderValue::from_str(&name).expect("letters and digits")
}

impl Format {
    const fn extension(self) -> &'static str {
        match self {
            Self::Txt => "txt",
            Self::Json => "json",
            Self::Html => "html",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Txt => "text/plain; charset=utf-8",
            Self::Json => "application/json",
            Self::Html => "text/html; charset=utf-8",
        }
    }
}

/// One that is being written.
struct Transcript {
    app: App,
    scope: Scope,
    conversation: Conversation,
    contact: String,
    format: Format,
    place: Place,
    is_empty: bool,
}

/// What comes next.
enum Place {
    Head,
    After(Seq),
    End,
}

impl Transcript {
    fn new(
        app: App,
        scope: Scope,
        conversation: &Conversation,
        contact: Option<&Contact>,
        format: Format,
    ) -> Self {
        let name = contact.and_then(|contact| contact.profile.get("name")?.as_str());
        Self {
            app,
            scope,
            conversation: conversation.clone(),
            contact: name.unwrap_or("Visitor").to_owned(),
            format,
            place: Place::Head,
            is_empty: true,
        }
    }

    async fn next(&mut self) -> Result<Option<String>, StoreError> {
        match self.place {
            Place::Head => {
                self.place = Place::After(Seq::ZERO);
                Ok(Some(self.head()))
            }
            Place::After(last) => self.page(last).await.map(Some),
            Place::End => Ok(None),
        }
    }

    async fn page(&mut self, last: Seq) -> Result<String, StoreError> {
        let (scope, id) = (self.scope, self.conversation.id);
        let page = self.app.store.read(move |read| read.messages(scope, id, Window::After(last), AT_ONCE));
        let page = page.await?;
        let mut text: String =
            page.iter().filter(|message| is_said(message)).map(|one| self.line(one)).collect();
        self.place = match page.last() {
            Some(message) if page.len() == AT_ONCE => Place::After(message.seq),
            _ => {
                text.push_str(self.tail());
                Place::End
            }
        };
        Ok(text)
    }

    fn title(&self) -> &str {
        self.conversation.state.name.as_deref().unwrap_or(&self.contact)
    }

    fn head(&self) -> String {
        let title = self.title();
        match self.format {
            Format::Txt => format!("{}\n\n", one_line(title)),
            Format::Json => "[".to_owned(),
            Format::Html => {
                let title = escape(title);
                format!(
                    "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>{title}</title>\n<h1>{title}</h1>\n"
                )
            }
        }
    }

    fn line(&mut self, message: &Message) -> String {
        let separator = if std::mem::take(&mut self.is_empty) { "" } else { ",\n" };
        let (time, author) = (message.created_at, self.author(message));
        match self.format {
            Format::Txt => {
                // A line that begins with a bracket is a message: what somebody says cannot look like one.
                format!("[{time}] {}: {}\n", one_line(author), message.text.replace('\n', "\n    "))
            }
            Format::Json => {
                format!("{separator}{}", serde_json::to_string(message).expect("a message is JSON"))
            }
            Format::Html => format!(
                "<p><b>{}</b> <time datetime=\"{time}\">{time}</time><br>\n{}\n",
                escape(author),
                escape(&message.text).replace('\n', "<br>\n")
            ),
        }
    }

    const fn tail(&self) -> &'static str {
        match self.format {
            Format::Txt => "",
            Format::Json => "]\n",
            Format::Html => "</html>\n",
        }
    }

    fn author<'a>(&'a self, message: &'a Message) -> &'a str {
        match message.role {
            Role::Contact => &self.contact,
            Role::Agent | Role::Bot | Role::System => message.name.as_deref().unwrap_or("Agent"),
        }
    }
}

/// What the contact has seen as a message.
fn is_said(message: &Message) -> bool {
    message.is_visible() && !matches!(message.kind, MessageType::Event | MessageType::Form)
}

fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}
