//! What the loader says about this page: which organization, where and how to show the widget.

use serde_json::Value;
use shared::{
    OrganizationId,
    json::{self, FromJson},
    wire::Claim,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// Origin of the relay, `https://relay.example`.
    pub(crate) relay: String,
    pub(crate) organization: OrganizationId,
    /// BCP 47 tag.
    pub(crate) locale: Option<String>,
    pub(crate) theme: Theme,
    /// Any CSS colour.
    pub(crate) color: Option<String>,
    pub(crate) on_left: bool,
    /// Fills the page's element instead of standing in a corner.
    pub(crate) embedded: bool,
    /// Fills its own document, which the page shows and hides.
    pub(crate) framed: bool,
    pub(crate) opened: bool,
    /// Nothing is stored before the visitor consents.
    pub(crate) needs_consent: bool,
    /// A JWT that says who this is.
    pub(crate) identity: Option<String>,
    /// What the one-time link carried that led here.
    pub(crate) claim: Option<Claim>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

impl Theme {
    pub(crate) fn named(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

impl Settings {
    /// Reads the loader's settings, as JSON. What is not understood is as if it were not there.
    ///
    /// # Errors
    /// The name of a missing or malformed member without which nothing works.
    pub(crate) fn from_json(text: &str) -> Result<Self, &'static str> {
        let given: Value = json::read(text).unwrap_or_default();
        let member = |name: &str| given[name].as_str().filter(|text| !text.is_empty());
        Ok(Self {
            relay: member("relay").ok_or("relay")?.to_owned(),
            organization: member("organization").and_then(|id| id.parse().ok()).ok_or("organization")?,
            locale: member("locale").map(str::to_owned),
            theme: Theme::named(member("theme").unwrap_or_default()),
            color: member("color").map(str::to_owned),
            on_left: member("position") == Some("left"),
            embedded: given["embedded"] == true,
            framed: given["framed"] == true,
            opened: given["opened"] == true,
            needs_consent: matches!(member("consent"), Some("required" | "denied")),
            identity: member("identity").map(str::to_owned),
            claim: Claim::from_json(&given["claim"]),
        })
    }

    /// The address of the visitor's socket.
    pub(crate) fn socket_url(&self) -> String {
        // `http` becomes `ws`, and `https` `wss`.
        ["ws", self.relay.strip_prefix("http").unwrap_or(&self.relay), "/v2/widget"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaders_settings_are_read() {
        let json = r#"{"relay":"https://relay.example","organization":"5bad2f12e91d2c331be33364","locale":"nl",
            "theme":"dark","color":"teal","position":"left","framed":true,"consent":"required",
            "identity":"a.b.c","claim":{"id":"5bb01d0dd99faf11a3f4a36f","token":"cafe"},"embedded":true,"opened":true,
            "container":"\u0023chat"}"#;
        let settings = Settings::from_json(json).unwrap();
        assert_eq!(settings.socket_url(), "wss://relay.example/v2/widget");
        assert_eq!(settings.theme, Theme::Dark);
        assert_eq!(settings.color.as_deref(), Some("teal"));
        assert!(settings.needs_consent && settings.identity.as_deref() == Some("a.b.c"));
        assert_eq!(settings.claim.unwrap().token, "cafe");
        assert!(settings.on_left && settings.embedded && settings.framed && settings.opened);
    }

    #[test]
    fn everything_but_relay_and_organization_has_a_default() {
        let json = r#"{"relay":"http://127.0.0.1:8080","organization":"5bad2f12e91d2c331be33364","theme":7}"#;
        let settings = Settings::from_json(json).unwrap();
        assert_eq!(settings.socket_url(), "ws://127.0.0.1:8080/v2/widget");
        assert_eq!(settings.theme, Theme::Auto);
        assert!(!settings.on_left && !settings.embedded && !settings.framed && !settings.opened);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(Settings::from_json("[]"), Err("relay"));
        assert_eq!(
            Settings::from_json(r#"{"relay":"https://a.example","organization":"x"}"#),
            Err("organization")
        );
    }
}
