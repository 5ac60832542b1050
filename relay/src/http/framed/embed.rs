//! GET `/embed/{organization}`: the widget alone. What follows the `?` becomes attributes of the script, by name.

use super::{answer, nobody, organization};
use crate::{
    app::App,
    http::{Refused, markup::escape},
    model::Organization,
};
use axum::{
    extract::{Path, RawQuery, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

/// Attributes that an address may set. Others are not the frame's to choose.
const SETTABLE: [&str; 4] = ["locale", "theme", "color", "storage"];

pub(super) async fn page(
    State(app): State<App>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let Some(organization) = organization(&app, &id).await? else { return Ok(nobody()) };
    let page = write(&organization, query.as_deref().unwrap_or_default());
    Ok(answer(&app, &headers, &organization, page))
}

/// The page's own styles: its policy allows none inside it.
pub(super) async fn styles() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")),
    ];
    (headers, include_str!("embed.css")).into_response()
}

fn write(organization: &Organization, query: &str) -> String {
    let mut attributes = String::new();
    for name in SETTABLE {
        if let Some((_, value)) = form_urlencoded::parse(query.as_bytes()).find(|(given, _)| given == name) {
            attributes.push_str(&format!(" data-{name}=\"{}\"", escape(&value)));
        }
    }
    let (id, title) = (organization.id, escape(organization.shown_name()));
    format!(
        "<!doctype html>\n\
         <html lang=\"en\">\n\
         <meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"/embed.css\">\n\
         <div id=\"chat\"></div>\n\
         <script async src=\"/web1on1.js\" data-organization=\"{id}\" data-container=\"#chat\" data-mode=\"inline\" \
         data-allow-messages=\"parent\"{attributes}></script>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Millis, OrganizationId};

    fn page(query: &str) -> String {
        let id = OrganizationId::from_bytes([7; 12]);
        write(&Organization::new(id, "Rook & <b>Lane</b>", Millis(0)), query)
    }

    #[test]
    fn an_address_chooses_a_few_attributes() {
        let page = page("locale=nl&theme=dark&color=%23ff0000&storage=none");
        assert!(page.contains(
            " data-locale=\"nl\" data-theme=\"dark\" data-color=\"#ff0000\" data-storage=\"none\"></script>"
        ));
    }

    #[test]
    fn other_names_and_markup_stay_out() {
        let page = page(
            "mode=frame&organization=x&onload=alert(1)&color=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&theme='%26",
        );
        assert_eq!(page.matches("<script").count(), 1, "{page}");
        assert!(page.contains("data-color=\"&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;\""), "{page}");
        assert!(page.contains("data-theme=\"&#39;&amp;\""), "{page}");
        assert!(!page.contains("onload") && !page.contains("data-mode=\"frame\""), "{page}");
        assert!(page.contains("<title>Rook &amp; &lt;b&gt;Lane&lt;/b&gt;</title>"), "{page}");
    }
}
