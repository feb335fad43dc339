//! From the text of `forloeb.toml` to what it says. Every mistake is collected, each with its place; nothing stops at the first one.

use super::{Config, Placed, Tenant};
use crate::{
    diagnostic::{Diagnostic, Source, Span},
    language::problems::{as_name, is_name, listed, nearest, suggestion},
    words::Language,
};
use forloeb_core::name::Name;
use std::{collections::BTreeMap, ops::Range, sync::Arc};
use toml::{
    Spanned,
    de::{DeString, DeTable, DeValue},
};

/// What may stand at the top.
const TOP: [&str; 4] = ["tenant", "language", "db", "tenants"];

/// What a tenant may have.
const OF_A_TENANT: [&str; 4] = ["title", "language", "processes", "overlays"];

/// The codes of the languages that there are.
const LANGUAGES: [&str; 2] = ["da", "en"];

type Key<'t> = &'t Spanned<DeString<'t>>;
type Value<'t> = &'t Spanned<DeValue<'t>>;

pub(super) fn read(source: &Arc<Source>) -> Config {
    let (table, broken) = DeTable::parse_recoverable(&source.text);
    let mut walk = Walk {
        source,
        diagnostics: Vec::new(),
    };
    for error in &broken {
        let at = walk.span(error.span().unwrap_or_default());
        let message = syntax(error.message());
        let help = if message.contains("unquoted key") {
            "a name is made of the letters a to z, digits and `_`; how people call a tenant stands in its `title`"
        } else if message.contains("duplicate key") {
            "it stands further up already: write what belongs together in one place"
        } else {
            "a line is `key = \"text\"`, `key = [\"text\", \"text\"]` or `[tenants.NAME]`"
        };
        walk.wrong(Diagnostic::error("config-syntax", &at, message).help(help));
    }
    // What the rest of such a file seems to say would only be guessed at.
    if !broken.is_empty() {
        return Config {
            diagnostics: walk.diagnostics,
            ..Config::default()
        };
    }
    let mut config = walk.top(table.get_ref());
    walk.default_tenant(&config);
    config.diagnostics = walk.diagnostics;
    config
}

/// The parser's words as they stand in our messages: lower case, on one line.
fn syntax(message: &str) -> String {
    let line = message.lines().collect::<Vec<_>>().join(", ");
    format!("this is no TOML: {}", line.trim_end_matches('.'))
}

struct Walk<'s> {
    source: &'s Arc<Source>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    fn wrong(&mut self, found: Diagnostic) {
        self.diagnostics.push(found);
    }

    fn top(&mut self, table: &DeTable<'_>) -> Config {
        let mut config = Config::default();
        for (key, value) in table {
            match &**key.get_ref() {
                "tenant" => config.tenant = self.name(key, value),
                "language" => config.language = self.language(key, value),
                "db" => config.db = self.text(key, value),
                "tenants" => config.tenants = self.tenants(value),
                _ => self.unknown_key(key, &TOP),
            }
        }
        config
    }

    fn tenants(&mut self, value: Value<'_>) -> BTreeMap<Name, Tenant> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(
                value,
                "`tenants` holds one table for each tenant",
                "write `[tenants.NAME]` on a line of its own, and below it what the tenant has",
            );
            return BTreeMap::new();
        };
        let mut tenants = BTreeMap::new();
        for (key, value) in table {
            let at = self.span(key.span());
            let Some(name) = self.a_name(key.get_ref(), &at, "a tenant") else {
                continue;
            };
            if let Some(tenant) = self.tenant(&name, at, value) {
                tenants.insert(name, tenant);
            }
        }
        tenants
    }

    fn tenant(&mut self, name: &str, span: Span, value: Value<'_>) -> Option<Tenant> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(
                value,
                &format!("`tenants.{name}` is a table"),
                &format!("write `[tenants.{name}]` on a line of its own, and below it what the tenant has"),
            );
            return None;
        };
        let mut tenant = Tenant {
            span,
            title: None,
            language: None,
            processes: None,
            overlays: None,
        };
        for (key, value) in table {
            match &**key.get_ref() {
                "title" => tenant.title = self.text(key, value),
                "language" => tenant.language = self.language(key, value),
                "processes" => tenant.processes = self.names(key, value, "a process"),
                "overlays" => tenant.overlays = self.names(key, value, "an overlay"),
                _ => self.unknown_key(key, &OF_A_TENANT),
            }
        }
        Some(tenant)
    }

    fn text(&mut self, key: Key<'_>, value: Value<'_>) -> Option<Placed<String>> {
        let span = self.span(value.span());
        let name = key.get_ref();
        match value.get_ref().as_str().map(str::trim) {
            Some("") => {
                let message = format!("nothing stands in `{name}`");
                let wrong = Diagnostic::error("empty-value", &span, message);
                self.wrong(wrong.help(format!("write a text, or leave `{name}` out")));
                None
            }
            Some(text) => Some(Placed {
                value: text.to_owned(),
                span,
            }),
            None => {
                self.wrong_type(
                    value,
                    &format!("`{name}` is a text"),
                    &format!("write `{name} = \"…\"`"),
                );
                None
            }
        }
    }

    fn name(&mut self, key: Key<'_>, value: Value<'_>) -> Option<Placed<Name>> {
        let text = self.text(key, value)?;
        let value = self.a_name(&text.value, &text.span, "a tenant")?;
        Some(Placed {
            value,
            span: text.span,
        })
    }

    fn language(&mut self, key: Key<'_>, value: Value<'_>) -> Option<Placed<Language>> {
        let text = self.text(key, value)?;
        if let Some(value) = Language::from_code(&text.value) {
            return Some(Placed {
                value,
                span: text.span,
            });
        }
        let message = format!("there is no language `{}`", text.value);
        self.wrong(
            Diagnostic::error("unknown-language", &text.span, message)
                .help(format!("the languages are {}", listed(LANGUAGES, "and"))),
        );
        None
    }

    fn names(
        &mut self,
        key: Key<'_>,
        value: Value<'_>,
        what: &str,
    ) -> Option<Placed<Vec<Placed<Name>>>> {
        let name = key.get_ref();
        let Some(list) = value.get_ref().as_array() else {
            self.wrong_type(
                value,
                &format!("`{name}` is a list of texts"),
                &format!("write `{name} = [\"…\", \"…\"]`"),
            );
            return None;
        };
        let mut names: Vec<Placed<Name>> = Vec::new();
        if list.is_empty() && &**name == "processes" {
            let span = self.span(value.span());
            let wrong = Diagnostic::error("empty-value", &span, "nothing stands in `processes`");
            self.wrong(
                wrong.help(
                    "name one, or leave `processes` out: then the tenant has all of the folder",
                ),
            );
        }
        for value in list {
            if !value.get_ref().is_str() {
                let help = "put it in double quotes, or take it out";
                self.wrong_type(value, &format!("`{name}` holds texts"), help);
                continue;
            }
            let Some(text) = self.text(key, value) else {
                continue;
            };
            let Some(value) = self.a_name(&text.value, &text.span, what) else {
                continue;
            };
            if let Some(before) = names.iter().find(|known| known.value == value) {
                let wrong = Diagnostic::error(
                    "said-twice",
                    &text.span,
                    format!("`{value}` stands in `{name}` twice"),
                );
                let wrong = wrong.also(&before.span, "here before");
                self.wrong(wrong.help("take one of them out"));
                continue;
            }
            names.push(Placed {
                value,
                span: text.span,
            });
        }
        Some(Placed {
            value: names,
            span: self.span(value.span()),
        })
    }

    fn a_name(&mut self, text: &str, at: &Span, what: &str) -> Option<Name> {
        if is_name(text) {
            return Some(Name::from(text));
        }
        let help = match as_name(text) {
            Some(name) => format!("write `{name}`; how people call it stands in `title`"),
            None => {
                "a name is made of lower-case letters, digits and `_`, and begins with a letter"
                    .to_owned()
            }
        };
        let message = format!("`{text}` cannot be the name of {what}");
        self.wrong(Diagnostic::error("bad-name", at, message).help(help));
        None
    }

    fn wrong_type(&mut self, value: Value<'_>, message: &str, help: &str) {
        let span = self.span(value.span());
        let label = match value.get_ref() {
            DeValue::String(_) => "this is a text",
            DeValue::Integer(_) | DeValue::Float(_) => "this is a number",
            DeValue::Boolean(_) => "this is yes or no",
            DeValue::Datetime(_) => "this is a time",
            DeValue::Array(_) => "this is a list",
            DeValue::Table(_) => "this is a table",
        };
        self.wrong(
            Diagnostic::error("wrong-type", &span, message)
                .label(label)
                .help(help),
        );
    }

    fn unknown_key(&mut self, key: Key<'_>, known: &[&str]) {
        let (name, span) = (key.get_ref(), self.span(key.span()));
        let near = nearest(name, known.iter().copied());
        // A line below `[tenants.NAME]` belongs to the tenant, which is easily overlooked.
        let elsewhere = TOP.contains(&&**name);
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if elsewhere => format!("`{name}` stands above the first `[tenants.NAME]`"),
            None => format!("there is {}", listed(known.iter().copied(), "and")),
        };
        self.wrong(
            Diagnostic::error(
                "unknown-key",
                &span,
                format!("there is no key `{name}` here"),
            )
            .help(help),
        );
    }

    /// The tenant that commands mean where none is given is one of those that are declared.
    fn default_tenant(&mut self, config: &Config) {
        let Some(tenant) = &config.tenant else { return };
        if config.tenants.contains_key(&tenant.value) {
            return;
        }
        let known = config.tenants.keys().map(Name::as_str);
        let none = format!("declare it with `[tenants.{}]`", tenant.value);
        self.wrong(
            Diagnostic::error(
                "unknown-tenant",
                &tenant.span,
                format!("there is no tenant `{}`", tenant.value),
            )
            .help(suggestion(&tenant.value, known, &none)),
        );
    }
}
