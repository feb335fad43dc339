//! Reading one value for each of several cases: `id=value,id=value` as a person types it, or an object of JSON, in which a value
//! may hold a comma.

use crate::{
    accept::{expected, read_value},
    case::Case,
    judge::Around,
    name::Name,
    value::{Kind, Value},
};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::Value as Json;
use std::{collections::BTreeMap, fmt};

/// Reads a value for each case that is named; the cases stand behind `link`.
pub(crate) fn read_each(
    link: &Name,
    kind: &Kind,
    raw: &Json,
    text: &str,
    case: &Case,
    around: &Around,
) -> Result<Value, String> {
    let parts = match raw {
        Json::Object(map) => map
            .iter()
            .map(|(id, value)| (id.clone(), value.clone()))
            .collect(),
        _ => parts(text).ok_or_else(|| expected_each(link, kind))?,
    };
    let linked = case.links.get(link).map_or(&[][..], Vec::as_slice);
    let mut values = BTreeMap::new();
    for (id, raw) in parts {
        let Some(id) = linked.iter().find(|linked| **linked == id.as_str()) else {
            let ids = linked
                .iter()
                .map(Name::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            return Err(format!(
                "{}; `{id}` is not behind `{link}`, which leads to: {ids}",
                expected_each(link, kind)
            ));
        };
        let value = read_value(kind, &raw, case, around)
            .map_err(|expected| format!("{expected}, for `{id}`"))?;
        if values.insert(id.clone(), value).is_some() {
            return Err(format!("{}; `{id}` comes twice", expected_each(link, kind)));
        }
    }
    Ok(Value::Each(values))
}

/// What such a value looks like, for people.
pub(crate) fn expected_each(link: &Name, kind: &Kind) -> String {
    let with_commas = match kind {
        Kind::Text => r#"; where a value has a comma, write `{"id":"value","id":"value"}`"#,
        _ => "",
    };
    format!(
        "one value for each case behind `{link}`, as `id=value,id=value`, each {}{with_commas}",
        expected(kind)
    )
}

fn parts(text: &str) -> Option<Vec<(String, Json)>> {
    if text.starts_with('{') {
        return serde_json::from_str::<Pairs>(text)
            .ok()
            .map(|pairs| pairs.0);
    }
    let part = |part: &str| {
        let (id, value) = part.split_once('=')?;
        Some((id.trim().to_owned(), Json::from(value.trim())))
    };
    text.split(',').map(part).collect()
}

/// All that stands in an object of JSON: read as a map, it would lose the first of two values with one key.
struct Pairs(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(PairsVisitor).map(Self)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Vec<(String, Json)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
