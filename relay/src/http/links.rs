//! Short links, by which a contact comes to the web. `{authuser}` and `{authtoken}` in the address of an action stand for
//! one-time credentials; they are filled in when somebody follows `/l/{slug}`, so that no message and no table has them.

use super::{Refused, origin::Host, path::Path, valid};
use crate::{
    app::App,
    store::{LINK_LIFE, LinkHash, Owner, ShortLink, StoreError, Write},
};
use axum::{
    Router,
    extract::State,
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use shared::{
    Error, Millis,
    message::{Action, Draft, Item},
};

const USER: &str = "{authuser}";
const TOKEN: &str = "{authtoken}";
/// Letters and digits of a slug: 71 random bits. Whoever has one can come in as the contact, for a day.
const SLUG: usize = 12;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const NOWHERE: &str = include_str!("links/nowhere.html");
/// The page's own styles, and nothing else.
const NOWHERE_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");

pub(super) fn routes() -> Router<App> {
    Router::new().route("/l/{slug}", get(follow))
}

/// Makes links for the messages of one request.
#[derive(Debug)]
pub(super) struct Shortener {
    app: App,
    host: Host,
}

impl Shortener {
    pub(super) fn new(app: &App, host: Host) -> Self {
        Self { app: app.clone(), host }
    }

    /// Shortens the links of messages that are about to be said in a conversation. `field` names a member of the n-th.
    pub(super) fn shorten_all(
        &self,
        write: &mut Write<'_>,
        owner: Owner,
        drafts: &mut [Draft],
        field: impl Fn(usize, &str) -> String,
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut sent_at = now;
        for (at, draft) in drafts.iter_mut().enumerate() {
            sent_at = sent_at + draft.delay();
            draft.complete();
            let mut buttons = Buttons { actions: &mut draft.actions, items: &mut draft.items };
            if !buttons.have_templates() {
                continue;
            }
            // What was said under this name before has its link.
            if let Some(key) = &draft.client_key
                && write.is_said(owner.organization, owner.conversation, key)?
            {
                continue;
            }
            self.shorten(write, owner, buttons, |member| field(at, member), sent_at)?;
        }
        Ok(())
    }

    /// The same for one message. The day in which a link can be used begins when it is sent.
    pub(super) fn shorten(
        &self,
        write: &mut Write<'_>,
        owner: Owner,
        buttons: Buttons<'_>,
        field: impl Fn(&str) -> String,
        sent_at: Millis,
    ) -> Result<(), StoreError> {
        let Buttons { actions, items } = buttons;
        for (name, action) in named(actions, items) {
            let Some(uri) = action.address().filter(|uri| is_template(uri)).map(str::to_owned) else {
                continue;
            };
            let field = field(&format!("{name}.uri"));
            let contact = owner.contact.ok_or_else(|| {
                Error::invalid(&field, "the conversation has no contact whom a link could bring")
            })?;
            valid::page(&field, &filled(&uri, "0", "0"))?;
            let slug = self.make(write, &ShortLink { contact, uri: uri.clone() }, sent_at)?;
            action.uri = Some(format!("{}/l/{slug}", self.host.origin(&self.app)));
            action.url = None;
            action.long_uri = Some(uri);
        }
        Ok(())
    }

    fn make(&self, write: &mut Write<'_>, link: &ShortLink, sent_at: Millis) -> Result<String, StoreError> {
        let (slug, expires_at, now) = (random_slug(), sent_at + LINK_LIFE, self.app.now());
        let token = LinkHash::of(&self.app.tokens.link_token(&slug));
        write.put_link(link.contact, &token, expires_at, now)?;
        write.put_short_link(&slug, link, expires_at, now)?;
        Ok(slug)
    }
}

/// What one can press in a message.
#[derive(Debug)]
pub(super) struct Buttons<'a> {
    pub(super) actions: &'a mut [Action],
    pub(super) items: &'a mut [Item],
}

impl Buttons<'_> {
    fn have_templates(&mut self) -> bool {
        named(self.actions, self.items).any(|(_, action)| action.address().is_some_and(is_template))
    }
}

/// GET `/l/{slug}`. Following it changes nothing, as programs do that look at what is behind a link before a person does:
/// the credentials are used up by the widget that shows them.
async fn follow(State(app): State<App>, Path(slug): Path<String>) -> Result<Response, Refused> {
    let (asked, now) = (slug.clone(), app.now());
    let Some(ShortLink { contact, uri }) = app.store.read(move |read| read.short_link(&asked, now)).await?
    else {
        let headers = [(header::CONTENT_SECURITY_POLICY, NOWHERE_POLICY), NOT_KEPT, NOT_REFERRED];
        return Ok((StatusCode::NOT_FOUND, headers, Html(NOWHERE)).into_response());
    };
    let page = filled(&uri, &contact.to_string(), &app.tokens.link_token(&slug));
    let location = utf8_percent_encode(&page, CONTROLS).to_string();
    let location = HeaderValue::try_from(location).expect("controls and what is not ASCII are encoded");
    Ok((StatusCode::FOUND, [(header::LOCATION, location), NOT_KEPT, NOT_REFERRED]).into_response())
}

const NOT_KEPT: (HeaderName, HeaderValue) = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
const NOT_REFERRED: (HeaderName, HeaderValue) =
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));

fn is_template(uri: &str) -> bool {
    uri.contains(USER) || uri.contains(TOKEN)
}

fn filled(uri: &str, user: &str, token: &str) -> String {
    uri.replace(USER, user).replace(TOKEN, token)
}

/// The actions of a message and of its items, and how they are called.
fn named<'a>(
    actions: &'a mut [Action],
    items: &'a mut [Item],
) -> impl Iterator<Item = (String, &'a mut Action)> {
    let own = actions.iter_mut().enumerate();
    let own = own.map(|(at, action)| (format!("actions[{at}]"), action));
    let items = items.iter_mut().enumerate().flat_map(|(item, card)| {
        let actions = card.actions.iter_mut().enumerate();
        actions.map(move |(at, action)| (format!("items[{item}].actions[{at}]"), action))
    });
    own.chain(items)
}

fn random_slug() -> String {
    let mut slug = String::with_capacity(SLUG);
    while slug.len() < SLUG {
        let mut bytes = [0; SLUG];
        getrandom::fill(&mut bytes).expect("the operating system has randomness once it has started");
        // Of 256 values the last 8 would make some letters likelier than others.
        let fair = bytes.iter().filter(|byte| **byte < 248).map(|byte| ALPHABET[usize::from(byte % 62)]);
        slug.extend(fair.map(char::from).take(SLUG - slug.len()));
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_letters_and_digits_and_never_the_same() {
        let (one, other) = (random_slug(), random_slug());
        assert_eq!(one.len(), SLUG);
        assert!(one.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{one}");
        assert_ne!(one, other);
    }

    #[test]
    fn credentials_are_filled_in_wherever_they_stand() {
        let filled =
            filled("https://a.example/{authuser}?t={authtoken}&u={authuser}#{authtoken}", "7", "abc");
        assert_eq!(filled, "https://a.example/7?t=abc&u=7#abc");
    }
}
