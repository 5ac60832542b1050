//! The `>cs` commands: what a page or a visitor may ask of a conversation besides saying something.
//! The grammar is web1on1's: `.name value`, `+FORM`, `/set`, `/assign`, `/notify`, `@USER text`.

use crate::{ChannelId, Error, ErrorCode, FormId, UserId, limits, message::MessageType};

/// Marks a client message as a command.
pub const PREFIX: &str = ">cs ";

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Sets a field of an active form, else of the contact's profile.
    Field { name: String, value: String },
    /// Activates a form.
    Form(FormId),
    /// Sets a property of the conversation (`/set @category …`).
    SetProperty { name: Property, value: String },
    /// Sets a meta variable of the conversation.
    SetMeta { name: String, value: String },
    /// Assigns the conversation to a user or bot.
    Assign(UserId),
    /// Notifies one inbox, or all of the organization's.
    Notify(Option<ChannelId>),
    /// Mentions a user or bot.
    Mention { user: UserId, text: String },
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
            "assign" => Ok(Self::Assign(id_of(rest, "user")?)),
            "notify" if rest.is_empty() => Ok(Self::Notify(None)),
            "notify" => Ok(Self::Notify(Some(id_of(rest, "channel")?))),
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
            Self::SetProperty { .. } | Self::SetMeta { .. } | Self::Assign(_) | Self::Notify(_) => {
                MessageType::Command
            }
        }
    }

    #[must_use]
    pub const fn family(&self) -> CommandFamily {
        match self {
            Self::Field { .. } => CommandFamily::Field,
            Self::Form(_) => CommandFamily::Form,
            Self::SetProperty { .. } | Self::SetMeta { .. } => CommandFamily::Set,
            Self::Assign(_) => CommandFamily::Assign,
            Self::Notify(_) => CommandFamily::Notify,
            Self::Mention { .. } => CommandFamily::Mention,
        }
    }

    /// The one way to write this command: the text of its log entry. `parse(text())` is the command again.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Field { name, value } => format!(".{name} {value}"),
            Self::Form(form) => format!("+{form}"),
            Self::SetProperty { name, value } => format!("/set @{} {value}", name.as_str()),
            Self::SetMeta { name, value } => format!("/set {name} {value}"),
            Self::Assign(user) => format!("/assign {user}"),
            Self::Notify(None) => "/notify".to_owned(),
            Self::Notify(Some(channel)) => format!("/notify {channel}"),
            Self::Mention { user, text } => format!("@{user} {text}"),
        }
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
            Command::Assign("62c6077ca980127f404b0301".parse().unwrap())
        );
        assert_eq!(
            parse("/notify 605411853c68d83fd1ac7655"),
            Command::Notify(Some("605411853c68d83fd1ac7655".parse().unwrap()))
        );
        assert_eq!(parse("/notify"), Command::Notify(None));
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

    proptest! {
        #[test]
        fn a_parsed_command_is_written_and_read_alike(text in "[.+/@](set |set @category |notify|assign )?\\PC{0,60}") {
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
