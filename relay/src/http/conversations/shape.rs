//! What is looked up when a conversation is shown, beside what its log says.

use crate::{
    model::{Conversation, User},
    store::{Read, Scope, StoreError},
};

/// With its address, and its participants as they are called and look now. `own` is the relay's origin.
pub(in crate::http) fn shown(
    read: &Read<'_>,
    own: &str,
    mut conversation: Conversation,
) -> Result<Conversation, StoreError> {
    conversation.url = Some(format!("{own}/v2/conversations/{}", conversation.id));
    for participant in &mut conversation.state.participants {
        let Some(user) = read.find::<User>(Scope::All, participant.user)? else { continue };
        participant.avatar = user.avatar;
        participant.name.get_or_insert(user.name);
    }
    Ok(conversation)
}
