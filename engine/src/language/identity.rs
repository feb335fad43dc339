//! The name of a plan: a hash of what it means. A comment, an empty line or another order of files does not change it.

use forloeb_core::{name::Name, plan::Plan};
use indexmap::IndexMap;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// How many bytes of the hash name a plan.
const BYTES: usize = 16;

/// The id of a plan, whose own `id` counts for nothing. `meaning` gives the source of a rule without comments.
pub fn id(plan: &Plan, meaning: impl Fn(&Name) -> String) -> Result<Name, serde_json::Error> {
    let mut meant = plan.clone();
    meant.id = "".into();
    // A description is a comment, and so does not change what the plan means.
    meant.described = IndexMap::new();
    let mut hash = Sha256::new();
    hash.update(without_grounds(&serde_json::to_string(&meant)?));
    for rule in plan.described.keys() {
        for part in [rule.as_str(), &meaning(rule)] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    let mut name = String::new();
    for byte in hash.finalize().iter().take(BYTES) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    Ok(name.into())
}

/// Takes every ground out of a plan's JSON. A ground begins `{"file":"`, which cannot stand inside a JSON text, where
/// quotes are escaped.
pub fn without_grounds(json: &str) -> String {
    const OPEN: &str = "{\"file\":\"";
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find(OPEN) {
        let (before, ground) = rest.split_at(at);
        out.push_str(before);
        let mut escaped = false;
        let mut in_text = false;
        let end = ground.char_indices().find_map(|(at, letter)| {
            match letter {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => in_text = !in_text,
                '}' if !in_text => return Some(at + 1),
                _ => {}
            }
            None
        });
        rest = end.and_then(|end| ground.get(end..)).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
