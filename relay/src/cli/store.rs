//! Commands on the store itself, also beside a running relay: tokens, users, organizations.

use super::{say, settings};
use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use relay::{
    app::now,
    auth::{Issued, Tokens},
    config::Flags,
    model::{self, Actor, TokenId, UserRole},
    start,
    store::{
        Record, Scope, Store, StoreError, Write,
        lists::{Query, USERS},
    },
};
use shared::{Millis, OrganizationId, UserId};

#[derive(Debug, Subcommand)]
pub(super) enum Token {
    /// Prints a new token for a user.
    Create(CreateToken),
    /// Prints the tokens of a user: id, when it was made, when it ends, when it was revoked.
    List {
        /// Id or email of the user.
        #[arg(long)]
        user: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Revokes a token by its id (`jti`); a running relay follows within 5 s.
    Revoke {
        jti: TokenId,
        #[command(flatten)]
        flags: Flags,
    },
}

#[derive(Debug, Args)]
pub(super) struct CreateToken {
    /// Id or email of the user.
    #[arg(long)]
    user: String,
    /// When it ends: 12h, 30d, or a time such as 2030-01-31T00:00:00Z. Never, where absent.
    #[arg(long, value_parser = expiry)]
    expires: Option<Expiry>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
pub(super) enum User {
    /// Makes a user and prints the id.
    Create(CreateUser),
    /// Prints id, role, name, email and organization of every user.
    List(Flags),
}

#[derive(Debug, Args)]
pub(super) struct CreateUser {
    #[arg(long)]
    name: String,
    #[arg(long)]
    email: Option<String>,
    /// agent, bot or admin
    #[arg(long, default_value = "agent", value_parser = role)]
    role: UserRole,
    /// Whom the user works for; an admin without one acts in all.
    #[arg(long, required_if_eq_any([("role", "agent"), ("role", "bot")]))]
    organization: Option<OrganizationId>,
    #[command(flatten)]
    flags: Flags,
}

#[derive(Debug, Subcommand)]
pub(super) enum Organization {
    /// Makes an organization and prints the id.
    Create {
        #[arg(long)]
        name: String,
        #[command(flatten)]
        flags: Flags,
    },
    /// Prints id and name of every organization.
    List(Flags),
}

#[derive(Debug, Clone, Copy)]
enum Expiry {
    After(Millis),
    At(Millis),
}

impl Token {
    pub(super) fn run(self) -> Result<()> {
        match self {
            Self::Create(CreateToken { user, expires, flags }) => {
                let now = now();
                let expires_at = expires.map(|expiry| match expiry {
                    Expiry::After(span) => now + span,
                    Expiry::At(time) => time,
                });
                let (issued, token) = with_store(&flags, async |store, tokens| {
                    let user = find_user(store, user).await?;
                    let issued = Issued::new(&user, user.role.into(), now, expires_at);
                    let record = issued.record.clone();
                    let issue = move |write: &mut Write<'_>| {
                        write.on_behalf_of(Actor::shell());
                        write.issue_token(&record)
                    };
                    store.write(issue).await?;
                    let token = tokens.sign(&issued.claims);
                    Ok((issued, token))
                })?;
                eprintln!("relay token revoke {} revokes it", issued.claims.jti);
                say(token)
            }
            Self::List { user, flags } => {
                let tokens = with_store(&flags, async |store, _| {
                    let id = find_user(store, user).await?.id;
                    Ok(store.read(move |read| read.tokens(id)).await?)
                });
                let time =
                    |time: Option<Millis>| time.map_or_else(|| "-".to_owned(), |time| time.to_string());
                table(tokens?.into_iter().map(|token| {
                    [
                        token.jti.to_string(),
                        token.created_at.to_string(),
                        time(token.expires_at),
                        time(token.revoked_at),
                    ]
                }))
            }
            Self::Revoke { jti, flags } => with_store(&flags, async |store, _| {
                let revoked = store.write(move |write| {
                    write.on_behalf_of(Actor::shell());
                    match write.token(jti)? {
                        Some(token) => write.revoke_token(token.user, jti, now()),
                        None => Ok(false),
                    }
                });
                if !revoked.await? {
                    bail!("there is no token {jti}");
                }
                Ok(())
            }),
        }
    }
}

impl User {
    pub(super) fn run(self) -> Result<()> {
        let CreateUser { name, email, role, organization, flags } = match self {
            Self::Create(create) => create,
            Self::List(flags) => {
                return table(all::<model::User>(&flags)?.into_iter().map(|user| {
                    let organization = user.organization.map_or_else(|| "-".to_owned(), |id| id.to_string());
                    let email = user.email.unwrap_or_else(|| "-".to_owned());
                    [user.id.to_string(), user.role.as_str().to_owned(), user.name, email, organization]
                }));
            }
        };
        let now = now();
        let id = with_store(&flags, async |store, _| {
            let created = store.write(move |write| {
                write.on_behalf_of(Actor::shell());
                if let Some(id) = organization {
                    write.get::<model::Organization>(Scope::All, id)?;
                }
                let (id, avatar) = (write.new_id(now), None);
                let user = model::User {
                    id,
                    organization,
                    name,
                    email,
                    role,
                    avatar,
                    created_at: now,
                    updated_at: now,
                };
                write.insert(&user)?;
                Ok(user.id)
            });
            Ok(created.await?)
        });
        say(id?)
    }
}

impl Organization {
    pub(super) fn run(self) -> Result<()> {
        let (name, flags) = match self {
            Self::Create { name, flags } => (name, flags),
            Self::List(flags) => {
                let organizations = all::<model::Organization>(&flags)?.into_iter();
                return table(
                    organizations.map(|organization| [organization.id.to_string(), organization.name]),
                );
            }
        };
        let now = now();
        let id = with_store(&flags, async |store, _| {
            let created = store.write(move |write| {
                write.on_behalf_of(Actor::shell());
                let organization = model::Organization::new(write.new_id(now), name, now);
                write.insert(&organization)?;
                Ok(organization.id)
            });
            Ok(created.await?)
        });
        say(id?)
    }
}

/// Every record of a kind, oldest first.
fn all<R: Record + Send + 'static>(flags: &Flags) -> Result<Vec<R>> {
    with_store(flags, async |store, _| {
        let listed =
            store.read(|read| read.list::<R>(&Query::all(R::RESOURCE, Scope::All, u32::MAX))).await?;
        Ok(listed.items.into_iter().rev().collect())
    })
}

/// One line for each, its columns apart by tabs: for people and for `cut`.
fn table<const COLUMNS: usize>(rows: impl Iterator<Item = [String; COLUMNS]>) -> Result<()> {
    let lines: Vec<_> = rows.map(|row| row.join("\t")).collect();
    say(lines.join("\n"))
}

/// Runs `work` on the store that the settings name, and closes it.
fn with_store<T>(flags: &Flags, work: impl AsyncFnOnce(&Store, &Tokens) -> Result<T>) -> Result<T> {
    let settings = settings(flags)?;
    let (store, _) = start::open_store(&settings, false)?;
    let tokens = start::open_tokens(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let done = work(&store, &tokens).await;
        store.close().await;
        done
    })
}

async fn find_user(store: &Store, id_or_email: String) -> Result<model::User> {
    let named = id_or_email.clone();
    let found = store.read(move |read| match named.parse::<UserId>() {
        Ok(id) => read.find(Scope::All, id),
        Err(_) => {
            let users = read.list::<model::User>(&Query::all(&USERS, Scope::All, u32::MAX))?;
            let has_it = |user: &model::User| user.email.as_deref() == Some(&*named);
            Ok::<_, StoreError>(users.items.into_iter().find(has_it))
        }
    });
    found.await?.with_context(|| format!("there is no user {id_or_email}"))
}

fn role(text: &str) -> Result<UserRole, &'static str> {
    let all = [UserRole::Agent, UserRole::Bot, UserRole::Admin];
    all.into_iter().find(|role| role.as_str() == text).ok_or("expected agent, bot or admin")
}

fn expiry(text: &str) -> Result<Expiry, &'static str> {
    let expected = "expected a span such as 12h or 30d, or a time such as 2030-01-31T00:00:00Z";
    if let Ok(time) = text.parse() {
        return Ok(Expiry::At(time));
    }
    let (digits, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(expected)?;
    let seconds = match unit {
        "h" => 3_600,
        "d" => 86_400,
        _ => return Err(expected),
    };
    let count: u32 = digits.parse().map_err(|_| expected)?;
    Ok(Expiry::After(Millis::from_secs(u64::from(count) * seconds)))
}
