//! Whether categories can be an organization's: every name once, and forms that it has.

use super::MOST;
use crate::{
    http::valid,
    model::{Category, Form},
    store::{Read, StoreError},
};
use shared::{Error, FormId, OrganizationId};

pub(super) fn check(
    read: &Read<'_>,
    organization: OrganizationId,
    categories: &[Category],
) -> Result<(), StoreError> {
    valid::count("categories", categories.len(), MOST)?;
    for (at, category) in categories.iter().enumerate() {
        let member = match category {
            Category::Name(_) => format!("categories[{at}]"),
            Category::WithForms(_) => format!("categories[{at}].name"),
        };
        valid::name(&member, category.name())?;
        if categories[..at].iter().any(|earlier| earlier.name() == category.name()) {
            return Err(Error::invalid(member, "another category has this name").into());
        }
        check_forms(read, organization, &format!("categories[{at}].forms"), category.forms())?;
    }
    Ok(())
}

fn check_forms(
    read: &Read<'_>,
    organization: OrganizationId,
    member: &str,
    forms: &[FormId],
) -> Result<(), StoreError> {
    valid::count(member, forms.len(), Category::MOST_FORMS)?;
    for (at, form) in forms.iter().enumerate() {
        let member = format!("{member}[{at}]");
        if forms[..at].contains(form) {
            return Err(Error::invalid(member, "the category has this form already").into());
        }
        if read.find::<Form>(organization.into(), *form)?.is_none() {
            return Err(Error::not_found("form", form).with_field(member).into());
        }
    }
    Ok(())
}
