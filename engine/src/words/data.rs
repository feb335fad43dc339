//! Pages as data: the JSON twin of what is printed.

use super::rich::GLUE;
use serde::Serialize;
use serde_json::{Error, Value};

/// A page as JSON, field for field.
///
/// # Errors
/// When the page cannot be said in JSON; no page of this module is such.
pub fn json(page: &impl Serialize) -> Result<Value, Error> {
    let mut value = serde_json::to_value(page)?;
    unglue(&mut value);
    Ok(value)
}

/// What keeps a date together on a line has no place in data.
fn unglue(value: &mut Value) {
    match value {
        Value::String(text) if text.contains(GLUE) => *text = text.replace(GLUE, " "),
        Value::Array(values) => values.iter_mut().for_each(unglue),
        Value::Object(fields) => fields.values_mut().for_each(unglue),
        _ => {}
    }
}
