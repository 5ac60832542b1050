//! `/v2/channels`: inboxes, groups of users that can be notified or assigned.

use super::{
    Refused,
    answer::Created,
    idempotency::Post,
    json::Json as Body,
    openapi::Routes,
    patch::{given, replace},
    path::Path,
    records, users, valid,
};
use crate::{
    app::App,
    auth::Admin,
    model::{Channel, Organization, text::Name},
    store::{Read, StoreError},
};
use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Deserialize;
use shared::{OrganizationId, UserId};

/// Users of one channel.
const MOST: usize = 1000;

pub(super) fn routes() -> Routes {
    Routes::about("Channels")
        .get("/v2/channels", records::list::<Channel>, ("listChannels", "Channels: the inboxes"))
        .post("/v2/channels", create, ("createChannel", "Make a channel"))
        .get("/v2/channels/{channel}", records::get::<Channel>, ("getChannel", "One channel"))
        .patch("/v2/channels/{channel}", patch, ("updateChannel", "Change a channel"))
        .delete("/v2/channels/{channel}", records::delete::<Channel>, ("deleteChannel", "Delete a channel"))
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewChannel {
    organization: Option<OrganizationId>,
    #[schemars(with = "Name")]
    name: String,
    #[serde(default)]
    #[schemars(length(max = MOST))]
    users: Vec<UserId>,
}

#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schemars(rename = "ChannelMembers")]
struct Members {
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Name")]
    name: Option<String>,
    #[serde(deserialize_with = "given")]
    #[schemars(with = "Vec<UserId>", length(max = MOST))]
    users: Option<Vec<UserId>>,
}

async fn create(
    State(app): State<App>,
    _: Admin,
    post: Post<NewChannel>,
) -> Result<Created<Channel>, Refused> {
    let now = app.now();
    let created = post.once(&app, move |write, agent, new| {
        let organization: Organization = write.get(agent.scope(), agent.organization(new.organization)?)?;
        let NewChannel { name, users, .. } = new;
        let id = write.new_id(now);
        let channel =
            Channel { id, organization: organization.id, name, users, created_at: now, updated_at: now };
        valid::name("name", &channel.name)?;
        check_users(write, &channel)?;
        write.insert(&channel)?;
        Ok(channel)
    });
    Ok(Created(created.await?))
}

async fn patch(
    State(app): State<App>,
    admin: Admin,
    Path(id): Path<String>,
    Body(members): Body<Members>,
) -> Result<Json<Channel>, Refused> {
    let now = app.now();
    let change = records::change(&app, admin.agent(), &id, move |read, channel: &mut Channel| {
        replace(&mut channel.name, members.name);
        channel.updated_at = now;
        valid::name("name", &channel.name)?;
        // Those that are there stay, also those that have been deleted since.
        let Some(users) = members.users else { return Ok(()) };
        channel.users = users;
        check_users(read, channel)
    });
    change.await
}

fn check_users(read: &Read<'_>, channel: &Channel) -> Result<(), StoreError> {
    valid::count("users", channel.users.len(), MOST)?;
    for (at, id) in channel.users.iter().enumerate() {
        users::check(read, channel.organization, *id, &format!("users[{at}]"))?;
    }
    Ok(())
}
