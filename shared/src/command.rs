//! The `>cs` commands: what a page or a visitor may ask of a conversation besides saying something, and those that
//! only an agent's program may give as messages. The grammar is web1on1's: `.name value`, `+FORM`, `/set`, `/assign`,
//! `/notify`, `@USER text`; for agents also `/accept`, `/join`, `/leave`, `/close` and `>name`.

use crate::{ChannelId, Error, ErrorCode, FormId, UserId, limits, message::MessageType};
use serde_json::{Map, Value};

/// Marks a client message as a command.
pub const PREFIX: &str = ">cs ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sets a field of an active form, else of the contact's profile.
    Field {
        name: String,
        value: String,
    },
    /// Activates a form.
    Form(FormId),
    /// Sets a property of the conversation (`/set @category …`). Without a value it is cleared.
    SetProperty {
        name: Property,
        value: String,
    },
    /// Sets a meta variable of the conversation. Without a value it is removed.
    SetMeta {
        name: String,
        value: String,
    },
    /// Assigns the conversation to users or bots, at least one.
    Assign(Vec<UserId>),
    /// Notifies inboxes; all of the organization's where none is named.
    Notify(Vec<ChannelId>),
    /// Mentions a user or bot.
    Mention {
        user: UserId,
        text: String,
    },
    /// Its author takes the conversation.
    Accept,
    /// Its author takes part.
    Join,
    /// Its author takes part no longer. The last one who had accepted closes the conversation.
    Leave,
    Close,
    /// What follows `>` is for a bot, which understands it.
    ForBot {
        text: String,
    },
}

/// The properties that `/set @…` reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Property {
    Category,
    Name,
    Priority,
    Subject,
}

impl Property {
    pub const ALL: [Self; 4] = [Self::Category, Self::Name, Self::Priority, Self::Subject];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Name => "name",
            Self::Priority => "priority",
            Self::Subject => "subject",
        }
    }
}

/// The families that an organization can switch on and off for its visitors (`visitorCommands`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CommandFamily {
    Field,
    Form,
    Set,
    Assign,
    Notify,
    Mention,
}

impl CommandFamily {
    pub const ALL: [Self; 6] =
        [Self::Field, Self::Form, Self::Set, Self::Assign, Self::Notify, Self::Mention];
}

impl Command {
    /// The command in a client message; `None` when the text is an ordinary one.
    ///
    /// # Errors
    /// `bad_command` when the text starts with `>cs ` and is none of the known forms.
    pub fn from_client_text(text: &str) -> Option<Result<Self, Error>> {
        text.strip_prefix(PREFIX).map(Self::parse)
    }

    /// Parses what follows `>cs `. Names, ids and values keep their inner spaces and lose the outer ones.
    ///
    /// # Errors
    /// `bad_command`, with a sentence that says what was expected.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let mut characters = text.chars();
        let sigil = characters.next().ok_or_else(|| bad("a command is missing after '>cs '"))?;
        let rest = characters.as_str();
        match sigil {
            '.' => {
                let (name, value) = split_word(rest);
                Ok(Self::Field { name: name_of(name, "field")?, value: value_of(value)? })
            }
            '+' => Ok(Self::Form(id_of(rest, "form")?)),
            '@' => {
                let (user, text) = split_word(rest);
                Ok(Self::Mention { user: id_of(user, "user")?, text: value_of(text)? })
            }
            '/' => Self::parse_slash(rest),
            _ => Err(bad("a command starts with '.', '+', '@' or '/'")),
        }
    }

    /// The command of a message that a program of the organization posts: all of `>cs`, and what is for agents only. Ids
    /// may stand in `meta.users` (`/assign`), `meta.channels` (`/notify`) and `meta.form` (without a text) instead of the text.
    ///
    /// # Errors
    /// `bad_command`, with a sentence that says what was expected.
    pub fn of_message(text: &str, meta: &Map<String, Value>) -> Result<Self, Error> {
        let text = text.trim();
        if let Some(rest) = text.strip_prefix('>') {
            return Ok(Self::ForBot { text: value_of(rest.trim_start())? });
        }
        if let Some(cleared) = text.strip_prefix("/set ").map(str::trim_start)
            && !cleared.is_empty()
            && !cleared.contains(char::is_whitespace)
        {
            return match cleared.strip_prefix('@') {
                Some(name) => Ok(Self::SetProperty { name: property_of(name)?, value: String::new() }),
                None => Ok(Self::SetMeta { name: name_of(cleared, "meta")?, value: String::new() }),
            };
        }
        match text {
            // As web1on1's SDK activates a form.
            "" if meta.contains_key(FORM) => {
                Ok(Self::Form(id_of(meta[FORM].as_str().unwrap_or_default(), "form")?))
            }
            "/accept" => Ok(Self::Accept),
            "/join" => Ok(Self::Join),
            "/leave" => Ok(Self::Leave),
            "/close" => Ok(Self::Close),
            "/assign" => Ok(Self::Assign(ids_in(meta, USERS, "user")?)),
            "/notify" if meta.get(CHANNELS).is_some_and(|channels| !channels.is_null()) => {
                Ok(Self::Notify(ids_in(meta, CHANNELS, "channel")?))
            }
            _ => Self::parse(text),
        }
    }

    fn parse_slash(rest: &str) -> Result<Self, Error> {
        let (verb, rest) = split_word(rest);
        match verb {
            "set" => {
                let (name, value) = split_word(rest);
                match name.strip_prefix('@') {
                    Some(property) => {
                        Ok(Self::SetProperty { name: property_of(property)?, value: value_of(value)? })
                    }
                    None => Ok(Self::SetMeta { name: name_of(name, "meta")?, value: value_of(value)? }),
                }
            }
            "assign" => Ok(Self::Assign(vec![id_of(rest, "user")?])),
            "notify" if rest.is_empty() => Ok(Self::Notify(Vec::new())),
            "notify" => Ok(Self::Notify(vec![id_of(rest, "channel")?])),
            _ => Err(bad(format!("'/{verb}' is not a command; known are /set, /assign and /notify"))),
        }
    }

    /// The type of the log entry that records this command.
    #[must_use]
    pub const fn message_type(&self) -> MessageType {
        match self {
            Self::Field { .. } => MessageType::Field,
            Self::Form(_) => MessageType::Form,
            Self::Mention { .. } => MessageType::Mention,
            Self::SetProperty { .. }
            | Self::SetMeta { .. }
            | Self::Assign(_)
            | Self::Notify(_)
            | Self::Accept
            | Self::Join
            | Self::Leave
            | Self::Close
            | Self::ForBot { .. } => MessageType::Command,
        }
    }

    /// What an organization switches it on and off by for its visitors; none where they never may.
    #[must_use]
    pub const fn family(&self) -> Option<CommandFamily> {
        match self {
            Self::Field { .. } => Some(CommandFamily::Field),
            Self::Form(_) => Some(CommandFamily::Form),
            Self::SetProperty { .. } | Self::SetMeta { .. } => Some(CommandFamily::Set),
            Self::Assign(_) => Some(CommandFamily::Assign),
            Self::Notify(_) => Some(CommandFamily::Notify),
            Self::Mention { .. } => Some(CommandFamily::Mention),
            Self::Accept | Self::Join | Self::Leave | Self::Close | Self::ForBot { .. } => None,
        }
    }

    /// The one way to write this command after `>cs `. What visitors may say is the command again when it is parsed.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Field { name, value } => format!(".{name} {value}"),
            Self::Form(form) => format!("+{form}"),
            Self::SetProperty { name, value } => {
                format!("/set @{} {value}", name.as_str()).trim_end().to_owned()
            }
            Self::SetMeta { name, value } => format!("/set {name} {value}").trim_end().to_owned(),
            Self::Assign(users) => with_ids("/assign", users),
            Self::Notify(channels) => with_ids("/notify", channels),
            Self::Mention { user, text } => format!("@{user} {text}"),
            Self::Accept => "/accept".to_owned(),
            Self::Join => "/join".to_owned(),
            Self::Leave => "/leave".to_owned(),
            Self::Close => "/close".to_owned(),
            Self::ForBot { text } => format!(">{text}"),
        }
    }

    /// How it stands in the log: its text, and the member of `meta` that says for whom it is, where web1on1's SDK looks.
    /// `of_message` of both is the command again.
    #[must_use]
    pub fn logged(&self) -> (String, Option<(&'static str, Value)>) {
        if let Self::Assign(users) = self {
            ("/assign".to_owned(), Some((USERS, texts(users))))
        } else if let Self::Notify(channels) = self {
            let named = (!channels.is_empty()).then(|| (CHANNELS, texts(channels)));
            ("/notify".to_owned(), named)
        } else if let Self::Mention { user, .. } = self {
            (self.text(), Some((TARGET_USER, Value::String(user.to_string()))))
        } else {
            (self.text(), None)
        }
    }
}

const USERS: &str = "users";
const CHANNELS: &str = "channels";
const TARGET_USER: &str = "targetUser";
const FORM: &str = "form";

fn with_ids<T: std::fmt::Display>(verb: &str, ids: &[T]) -> String {
    ids.iter().fold(verb.to_owned(), |text, id| format!("{text} {id}"))
}

fn texts<T: std::fmt::Display>(ids: &[T]) -> Value {
    ids.iter().map(ToString::to_string).collect()
}

/// The ids in a member of `meta`: one, or an array with at least one.
fn ids_in<T: std::str::FromStr>(
    meta: &Map<String, Value>,
    member: &str,
    what: &str,
) -> Result<Vec<T>, Error> {
    let one = |value: &Value| id_of(value.as_str().unwrap_or_default(), what);
    match meta.get(member) {
        Some(Value::Array(ids)) if ids.len() > limits::COMMAND_IDS => Err(bad(format!(
            "meta.{member} has {} ids; at most {} are allowed",
            ids.len(),
            limits::COMMAND_IDS
        ))),
        Some(Value::Array(ids)) if !ids.is_empty() => ids.iter().map(one).collect(),
        Some(id @ Value::String(_)) => Ok(vec![one(id)?]),
        _ => Err(bad(format!("a {what} id is missing, in the text or in meta.{member}"))),
    }
}

fn bad(message: impl Into<String>) -> Error {
    Error::new(ErrorCode::BadCommand, message)
}

/// The first word and what follows it, without the white space between.
fn split_word(text: &str) -> (&str, &str) {
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

fn name_of(text: &str, what: &str) -> Result<String, Error> {
    if text.is_empty() {
        return Err(bad(format!("the {what} has no name")));
    }
    if text.chars().count() > limits::COMMAND_VALUE_CHARS {
        return Err(bad(format!("the {what}'s name has over {} characters", limits::COMMAND_VALUE_CHARS)));
    }
    Ok(text.to_owned())
}

fn value_of(text: &str) -> Result<String, Error> {
    let characters = text.chars().count();
    if characters == 0 {
        return Err(bad("a value is missing"));
    }
    if characters > limits::COMMAND_VALUE_CHARS {
        return Err(bad(format!(
            "the value has {characters} characters; at most {} are allowed",
            limits::COMMAND_VALUE_CHARS
        )));
    }
    Ok(text.to_owned())
}

fn property_of(text: &str) -> Result<Property, Error> {
    Property::ALL.into_iter().find(|property| property.as_str() == text).ok_or_else(|| {
        let known = Property::ALL.map(|property| format!("@{}", property.as_str())).join(", ");
        bad(format!("'@{text}' is not a property; known are {known}"))
    })
}

fn id_of<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, Error> {
    text.parse().map_err(|_| bad(format!("'{text}' is not a {what} id (24 lower-case hex digits)")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn parse(text: &str) -> Command {
        Command::parse(text).unwrap()
    }

    #[test]
    fn every_example_of_the_widget_api() {
        let field = |name: &str, value: &str| Command::Field { name: name.into(), value: value.into() };
        assert_eq!(
            parse(".location 61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5"),
            field("location", "61be87aeafdf672d381a9db4#61be87aeafdf672d381a9db5")
        );
        assert_eq!(
            parse("+6093490651a8b5629324ae4f"),
            Command::Form("6093490651a8b5629324ae4f".parse().unwrap())
        );
        assert_eq!(parse(".brand Toyota"), field("brand", "Toyota"));
        assert_eq!(
            parse("/set @category Used Car"),
            Command::SetProperty { name: Property::Category, value: "Used Car".into() }
        );
        assert_eq!(parse("/set isLead yes"), Command::SetMeta { name: "isLead".into(), value: "yes".into() });
        assert_eq!(
            parse("/assign 62c6077ca980127f404b0301"),
            Command::Assign(vec!["62c6077ca980127f404b0301".parse().unwrap()])
        );
        assert_eq!(
            parse("/notify 605411853c68d83fd1ac7655"),
            Command::Notify(vec!["605411853c68d83fd1ac7655".parse().unwrap()])
        );
        assert_eq!(parse("/notify"), Command::Notify(vec![]));
        assert_eq!(
            parse("@6248f0083ab5d5001e523146 Hello this is for you"),
            Command::Mention {
                user: "6248f0083ab5d5001e523146".parse().unwrap(),
                text: "Hello this is for you".into()
            }
        );
    }

    #[test]
    fn inner_spaces_stay_and_outer_ones_go() {
        assert_eq!(
            parse("  .note   two  words  "),
            Command::Field { name: "note".into(), value: "two  words".into() }
        );
    }

    #[test]
    fn what_is_no_command_says_why() {
        for (text, part) in [
            ("", "missing"),
            ("hello", "starts with"),
            ("/fly", "/fly"),
            ("/setup x y", "/setup"),
            ("/set", "no name"),
            ("/set @mood good", "@category"),
            ("/set isLead", "value is missing"),
            ("+123", "form id"),
            ("/assign someone", "user id"),
            ("/notify team", "channel id"),
            ("@6248f0083ab5d5001e523146", "value is missing"),
            (".", "no name"),
            (".brand", "value is missing"),
        ] {
            let error = Command::parse(text).unwrap_err();
            assert_eq!(error.code, ErrorCode::BadCommand);
            assert!(error.message.contains(part), "{text}: {}", error.message);
        }
    }

    #[test]
    fn a_value_may_have_2000_characters() {
        assert!(Command::parse(&format!(".a {}", "ü".repeat(2_000))).is_ok());
        assert!(Command::parse(&format!(".a {}", "ü".repeat(2_001))).is_err());
    }

    #[test]
    fn only_the_prefix_makes_a_command() {
        assert!(Command::from_client_text("Hello >cs /notify").is_none());
        assert!(Command::from_client_text(">cs/notify").is_none());
        assert!(Command::from_client_text(">cs /notify").is_some());
    }

    #[test]
    fn what_agents_may_say_visitors_may_not() {
        for text in ["/accept", "/join", "/leave", "/close", ">menu", "/set isLead"] {
            assert!(Command::parse(text).is_err(), "{text}");
            assert!(Command::of_message(text, &Map::new()).is_ok(), "{text}");
        }
        assert_eq!(
            Command::of_message("> menu 2 ", &Map::new()),
            Ok(Command::ForBot { text: "menu 2".into() })
        );
    }

    #[test]
    fn programs_name_users_and_channels_beside_the_text() {
        let id = "62c6077ca980127f404b0301";
        let of = |text, meta: Value| Command::of_message(text, meta.as_object().unwrap());
        let users = vec![id.parse().unwrap()];
        assert_eq!(of("/assign", json!({"users": [id]})), Ok(Command::Assign(users.clone())));
        assert_eq!(of("/assign", json!({"users": id})), Ok(Command::Assign(users)));
        assert_eq!(
            of("/notify", json!({"channels": null, "organizations": null})),
            Ok(Command::Notify(vec![]))
        );
        assert_eq!(of("/notify", json!({"channels": [id]})), Ok(Command::Notify(vec![id.parse().unwrap()])));
        for (text, meta) in [
            ("/assign", json!({})),
            ("/assign", json!({"users": []})),
            ("/assign", json!({"users": [1]})),
            ("/assign", json!({"users": vec![id; 101]})),
            ("/notify", json!({"channels": ["team"]})),
        ] {
            assert_eq!(of(text, meta.clone()).unwrap_err().code, ErrorCode::BadCommand, "{text} {meta}");
        }
    }

    #[test]
    fn without_a_value_a_variable_is_cleared() {
        let cleared = Command::of_message("/set @category ", &Map::new()).unwrap();
        assert_eq!(cleared, Command::SetProperty { name: Property::Category, value: String::new() });
        assert_eq!(cleared.text(), "/set @category");
    }

    proptest! {
        #[test]
        fn a_command_is_written_and_read_alike(text in "[.+/@>](set |set @category |notify|assign |close)?\\PC{0,60}") {
            if let Ok(command) = Command::of_message(&text, &Map::new()) {
                let (text, meta) = command.logged();
                let meta = meta.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
                prop_assert_eq!(Command::of_message(&text, &meta).unwrap(), command);
            }
        }

        #[test]
        fn what_a_visitor_may_say_survives_its_text(text in "[.+/@](set |set @category |notify|assign )?\\PC{0,60}") {
            if let Ok(command) = Command::parse(&text) {
                prop_assert_eq!(Command::parse(&command.text()).unwrap(), command);
            }
        }

        #[test]
        fn parsing_never_panics(text in "\\PC*") {
            let _ = Command::parse(&text);
        }
    }
}
