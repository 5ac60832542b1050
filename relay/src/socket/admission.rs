//! Who may open a visitor's socket, and what they find: the organization, the page's origin, the
//! conversation of the token.

use super::introduction::{Introduced, introduce};
use crate::{
    app::App,
    http::origin,
    model::{Form, Identity, Organization},
    store::{Read, Scope, StoreError, Target, TokenHash, Window},
};
use axum::http::{
    HeaderMap,
    header::{HOST, HeaderName, ORIGIN},
};
use serde_json::{Map, Value};
use shared::{
    Error, ErrorCode, Seq, limits,
    peer::{Admission, Resume},
    wire::{ConversationView, Hello, OrganizationView},
};
use std::net::IpAddr;

/// The settings that visitors may see.
const PUBLIC_SETTINGS: [&str; 6] = ["greeting", "color", "replyTime", "hours", "rating", PRE_CHAT_FORM];
/// Visitors see the form itself.
const PRE_CHAT_FORM: &str = "preChatForm";

/// Where a visitor's socket comes from.
#[derive(Debug)]
pub(super) struct Visit {
    origin: Option<String>,
    host: Option<String>,
    pub(super) address: IpAddr,
}

impl Visit {
    pub(super) fn new(headers: &HeaderMap, address: IpAddr) -> Self {
        let text =
            |name: HeaderName| Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()).into_owned());
        Self { origin: text(ORIGIN), host: text(HOST), address }
    }

    /// Whether the organization lets this page in, and this visitor.
    pub(super) fn check(&self, hello: &Hello, organization: &Organization, app: &App) -> Result<(), Error> {
        origin::check(organization, self.origin.as_deref(), self.host.as_deref(), app)?;
        if organization.require_identity && hello.identity.is_none() {
            let message = "the organization lets in visitors with an identity only";
            return Err(Error::new(ErrorCode::Unauthorized, message));
        }
        Ok(())
    }
}

/// Somebody who was let in.
pub(super) struct Admitted {
    pub(super) admission: Admission,
    pub(super) target: Target,
    pub(super) token: TokenHash,
    /// A person whose contact is made with their first message.
    pub(super) newcomer: Option<Box<Identity>>,
}

/// Lets a visitor in.
///
/// # Errors
/// `not_found` for an unknown organization, `origin_not_allowed`, `unauthorized`, or a failure of the store.
pub(super) async fn admit(hello: &Hello, visit: &Visit, app: &App) -> Result<Admitted, StoreError> {
    let Introduced { token, newcomer, claim } = introduce(hello, visit, app).await?;
    let (organization, last) = (hello.organization, hello.last);
    let file_bytes = app.settings.limits.file_bytes;
    let (record, mut admission) = app
        .store
        .read(move |read| {
            let record = read.get::<Organization>(Scope::All, organization)?;
            let visitor = read.visitor(organization, &token)?;
            let head = visitor.map_or(Seq::ZERO, |visitor| visitor.head);
            let resume = Resume::new(last, head);
            let entries = match visitor {
                Some(visitor) => {
                    read.entries(visitor.conversation, Window::After(resume.after), limits::HISTORY_PAGE)?
                }
                None => Vec::new(),
            };
            let conversation = visitor.map(|visitor| visitor.conversation);
            let state = match conversation {
                Some(conversation) => read.standing(conversation)?.view,
                None => ConversationView::default(),
            };
            let organization = view(read, &record, file_bytes)?;
            let admission = Admission { conversation, head, resume, entries, organization, state, claim };
            Ok((record, admission))
        })
        .await?;
    visit.check(hello, &record, app)?;
    app.presence.look(organization, &mut admission.state);
    let target = match admission.conversation {
        Some(conversation) => Target::Conversation { organization, conversation },
        None => Target::Visitor { organization, token },
    };
    Ok(Admitted { admission, target, token, newcomer })
}

/// What visitors may know of an organization.
fn view(
    read: &Read<'_>,
    organization: &Organization,
    file_bytes: u64,
) -> Result<OrganizationView, StoreError> {
    let name = organization.shown_name().to_owned();
    let settings = organization.settings.iter().filter(|(key, _)| PUBLIC_SETTINGS.contains(&key.as_str()));
    let mut settings: Map<String, Value> =
        settings.map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Some(form) = settings.remove(PRE_CHAT_FORM).and_then(|id| id.as_str()?.parse().ok())
        && let Some(form) = read.find::<Form>(organization.id.into(), form)?
    {
        settings.insert(PRE_CHAT_FORM.to_owned(), form.shown(None));
    }
    let locale = organization.locale.clone();
    Ok(OrganizationView { name, locale, file_bytes: Some(file_bytes), settings })
}
