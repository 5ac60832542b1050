//! The names of what happens, and the patterns that choose among them.

use super::ConversationType;
use shared::message::MessageType;

const RESOURCES: [&str; 7] =
    ["organization", "user", "channel", "form", "contact", "conversation", "webhook"];
const CHANGES: [&str; 3] = ["create", "update", "delete"];
const OTHERS: [&str; 5] =
    ["message.update", "message.delete", "channel.notify", "user.login", "service.error"];

/// Whether the pattern names this event: name by name, `*` for any, and at the end for all that follow.
#[must_use]
pub fn matches(pattern: &str, event: &str) -> bool {
    let mut names = event.split('.');
    let mut wanted = pattern.split('.').peekable();
    while let Some(want) = wanted.next() {
        match names.next() {
            Some(_) if want == "*" && wanted.peek().is_none() => return true,
            Some(name) if want == "*" || want == name => {}
            _ => return false,
        }
    }
    names.next().is_none()
}

/// Whether the pattern names any event that there is.
#[must_use]
pub fn exists(pattern: &str) -> bool {
    let of_messages = ConversationType::ALL.into_iter().flat_map(|conversation| {
        let name =
            move |kind: MessageType| format!("message.create.{}.{}", conversation.as_str(), kind.as_str());
        MessageType::ALL.into_iter().map(name)
    });
    let of_resources =
        RESOURCES.into_iter().flat_map(|kind| CHANGES.map(|change| format!("{kind}.{change}")));
    OTHERS.into_iter().any(|event| matches(pattern, event))
        || of_messages.chain(of_resources).any(|event| matches(pattern, &event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_one_name_and_at_the_end_for_the_rest() {
        let event = "message.create.contact.chat";
        for pattern in ["*", "message.*", "message.create.*", "message.create.*.chat", "*.*.*.chat", event] {
            assert!(matches(pattern, event), "{pattern}");
        }
        for pattern in ["", "message", "message.create", "message.create.*.card", "*.chat", "conversation.*"]
        {
            assert!(!matches(pattern, event), "{pattern}");
        }
        assert!(!matches("channel.notify.*", "channel.notify"));
    }

    #[test]
    fn a_pattern_that_names_nothing_is_known_as_such() {
        for pattern in ["*", "message.create.agent.mention", "form.delete", "*.update", "user.login"] {
            assert!(exists(pattern), "{pattern}");
        }
        for pattern in ["", "message", "message.create.contact.chat.agent", "mesage.*", "form.notify"] {
            assert!(!exists(pattern), "{pattern}");
        }
    }
}
