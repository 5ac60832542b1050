//! GET `/frame/{organization}`: `dist/frame.html`, told whom it works for. It speaks only to a page that the
//! organization allows, which it checks itself once more: a policy is kept by the browser. A browser does not tell a page
//! why its frame stays empty, so a script of the page may ask here: it says its origin and is answered by an error.

use super::{answer, nobody, organization};
use crate::{
    app::App,
    http::{Refused, assets, markup::escape, origin},
    model::Organization,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, header},
    response::Response,
};
use shared::Error;

/// Where the page's own words begin.
const HEAD: &str = "<head>";

pub(super) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let text = |name| headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let (asker, host) = (text(header::ORIGIN), text(header::HOST));
    let Some(organization) = organization(&app, &id).await? else {
        return if asker.is_some() { Err(Error::not_found("organization", id).into()) } else { Ok(nobody()) };
    };
    origin::check(&organization, asker.as_deref(), host.as_deref(), &app)?;
    match assets::text("frame.html") {
        Some(template) => Ok(answer(&app, &headers, &organization, fill(&template, &organization))),
        None => Ok(assets::not_built()),
    }
}

fn fill(template: &str, organization: &Organization) -> String {
    let origins = serde_json::to_string(&organization.allowed_origins).expect("texts are JSON");
    let told = format!(
        "{HEAD}\n<meta name=\"frontdesk-organization\" content=\"{}\">\n<meta name=\"frontdesk-origins\" content=\"{}\">",
        organization.id,
        escape(&origins)
    );
    template.replacen(HEAD, &told, 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Millis, OrganizationId};

    #[test]
    fn the_page_is_told_its_organization_and_its_origins() {
        let mut organization = Organization::new(OrganizationId::from_bytes([7; 12]), "Demo", Millis(0));
        organization.allowed_origins = vec!["https://shop.example".into(), "*.shop.example".into()];
        assert_eq!(
            fill("<!doctype html><head><title>Chat</title></head>", &organization),
            "<!doctype html><head>\n\
             <meta name=\"frontdesk-organization\" content=\"070707070707070707070707\">\n\
             <meta name=\"frontdesk-origins\" content=\"[&quot;https://shop.example&quot;,&quot;*.shop.example&quot;]\">\
             <title>Chat</title></head>"
        );
    }
}
