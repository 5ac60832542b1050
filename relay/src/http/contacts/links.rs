//! POST `/v2/contacts/{contact}/links`: credentials by which a browser becomes this contact's, once.

use crate::{
    app::App,
    http::{Refused, answer::Created, idempotency::Post, path::Path, records, valid},
    model::Contact,
    store::{LINK_LIFE, LinkHash},
};
use axum::extract::State;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{ContactId, Millis};

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NewLink {
    /// The page that the link opens.
    #[schemars(regex(pattern = r"^https?://[^\s\x00-\x1f\x7f-\x9f]*$"))]
    url: Option<String>,
}

/// What was made. The token follows from the number and the relay's key, so that no store ever has it.
#[derive(Debug, Serialize, Deserialize)]
struct Made {
    contact: ContactId,
    number: String,
    expires_at: Millis,
    url: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OneTimeLink")]
pub(super) struct Link {
    id: ContactId,
    token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    expires_at: Millis,
}

pub(super) async fn create(
    State(app): State<App>,
    Path(contact): Path<String>,
    post: Post<NewLink>,
) -> Result<Created<Link>, Refused> {
    let id = records::id_of::<Contact>(&contact)?;
    post.body.url.as_deref().map_or(Ok(()), |url| valid::page("url", url))?;
    let (now, signer) = (app.now(), app.clone());
    let made = post.once(&app, move |write, agent, new| {
        let contact: Contact = write.get(agent.scope(), id)?;
        let number = random();
        let link = LinkHash::of(&signer.tokens.link_token(&number));
        let expires_at = now + LINK_LIFE;
        write.put_link(contact.id, &link, expires_at, now)?;
        Ok(Made { contact: contact.id, number, expires_at, url: new.url })
    });
    let Made { contact: id, number, expires_at, url } = made.await?;
    let token = app.tokens.link_token(&number);
    let url = url.map(|url| with_credentials(&url, id, &token));
    Ok(Created(Link { id, token, url, expires_at }))
}

/// The address with `id` and `token` after what it asks already, before its fragment (RFC 3986, section 3).
fn with_credentials(url: &str, id: ContactId, token: &str) -> String {
    let (page, fragment) = match url.split_once('#') {
        Some((page, fragment)) => (page, format!("#{fragment}")),
        None => (url, String::new()),
    };
    let sign = if page.contains('?') { '&' } else { '?' };
    format!("{page}{sign}id={id}&token={token}{fragment}")
}

fn random() -> String {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_where_a_page_finds_them() {
        let id = ContactId::from_bytes([7; 12]);
        let with = |url| with_credentials(url, id, "t").replace(&id.to_string(), "7");
        assert_eq!(with("https://shop.example/chat"), "https://shop.example/chat?id=7&token=t");
        assert_eq!(with("https://shop.example/?a=b#c?d"), "https://shop.example/?a=b&id=7&token=t#c?d");
    }
}
