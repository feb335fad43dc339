//! Reads lengths of time, counts and settings: each may be written out or be the name of a setting of the right kind.

use super::{
    compile::Compiler,
    declared::{Sort, unknown},
    problems::{is_name, nearest},
    read::{Problems, as_number, as_yes_no, misread, not_a_number, word},
    tree::{Node, Scalar},
};
use crate::diagnostic::Diagnostic;
use forloeb_core::{
    plan::{Amount, Setting},
    time::Duration,
    value::SettingValue,
};
use rust_decimal::{Decimal, prelude::ToPrimitive};

/// The value of a setting: what it is follows from how it is written.
pub fn setting_value(node: &Node, problems: &mut Problems) -> Option<SettingValue> {
    let scalar = word(node, "a duration, a number, yes/no or a text", problems)?;
    let text = &scalar.text;
    let duration = Duration::parse(text);
    if let Ok(duration) = duration {
        return Some(SettingValue::Duration(duration));
    }
    if scalar.quoted {
        return Some(SettingValue::Text(text.clone()));
    }
    if let Some(number) = as_number(text) {
        return Some(SettingValue::Number(number));
    }
    if let Some(yes) = as_yes_no(text) {
        return Some(SettingValue::YesNo(yes));
    }
    // What begins with a digit is meant to be a number or a duration: taking it for a text would hide the slip.
    if text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        && let Err(error) = duration
    {
        let problem = misread("bad-duration", node, &error);
        let meant = problem.help.clone().unwrap_or_default();
        problems.push(problem.help(format!(
            "{meant} (a text that begins like this needs quotes: `\"{text}\"`)"
        )));
        return None;
    }
    Some(SettingValue::Text(text.clone()))
}

/// What a setting holds, in words.
pub fn setting_kind(setting: &Setting) -> &'static str {
    match setting.values.first().map(|period| &period.value) {
        Some(SettingValue::Duration(_)) => "a duration",
        Some(SettingValue::Number(_)) => "a number",
        Some(SettingValue::YesNo(_)) => "yes or no",
        Some(SettingValue::Text(_)) | None => "a text",
    }
}

impl Compiler<'_> {
    /// Whether a text names a setting. The value is none when the setting itself is broken.
    pub(super) fn names_setting(&self, scalar: &Scalar) -> bool {
        self.declared.settings.contains_key(scalar.text.as_str())
    }

    /// The setting named here, when it holds what is wanted.
    pub(super) fn setting_of(
        &mut self,
        node: &Node,
        scalar: &Scalar,
        wanted: &str,
        fits: impl Fn(&SettingValue) -> bool,
    ) -> bool {
        let Some(setting) = self.settings.get(scalar.text.as_str()) else {
            return false;
        };
        if setting.values.iter().all(|period| fits(&period.value)) {
            return true;
        }
        let problem = Diagnostic::error(
            "wrong-setting",
            &node.span,
            format!(
                "the setting `{}` holds {}",
                scalar.text,
                setting_kind(setting)
            ),
        )
        .label(format!("expected {wanted}"));
        let declared = self.declared.settings.get(scalar.text.as_str());
        self.problems.push(match declared {
            Some(entry) => problem.also(&entry.value.span, "set here"),
            None => problem,
        });
        false
    }

    /// A length of time.
    pub(super) fn duration(&mut self, node: &Node) -> Option<Amount<Duration>> {
        let scalar = word(node, "a duration such as `2 weeks`", &mut self.problems)?;
        if self.names_setting(scalar) {
            let fits = |value: &SettingValue| matches!(value, SettingValue::Duration(_));
            return self
                .setting_of(node, scalar, "a duration such as `2 weeks`", fits)
                .then(|| Amount::Setting(scalar.text.as_str().into()));
        }
        match Duration::parse(&scalar.text) {
            Ok(duration) => Some(Amount::Literal(duration)),
            Err(error) => {
                let problem = self
                    .near_setting(node, scalar)
                    .unwrap_or_else(|| misread("bad-duration", node, &error));
                self.problems.push(problem);
                None
            }
        }
    }

    /// A count.
    pub(super) fn count(&mut self, node: &Node) -> Option<Amount<u32>> {
        let scalar = word(node, "a whole number", &mut self.problems)?;
        if self.names_setting(scalar) {
            let fits = |value: &SettingValue| match value {
                SettingValue::Number(number) => as_count(*number).is_some(),
                _ => false,
            };
            return self
                .setting_of(node, scalar, "a whole number", fits)
                .then(|| Amount::Setting(scalar.text.as_str().into()));
        }
        match as_number(&scalar.text).and_then(as_count) {
            Some(count) => Some(Amount::Literal(count)),
            None => {
                let problem = self
                    .near_setting(node, scalar)
                    .unwrap_or_else(|| not_a_number(node, &scalar.text, "a whole number from 0"));
                self.problems.push(problem);
                None
            }
        }
    }

    /// A number.
    pub(super) fn decimal(&mut self, node: &Node) -> Option<Amount<Decimal>> {
        let scalar = word(node, "a number", &mut self.problems)?;
        if self.names_setting(scalar) {
            let fits = |value: &SettingValue| matches!(value, SettingValue::Number(_));
            return self
                .setting_of(node, scalar, "a number", fits)
                .then(|| Amount::Setting(scalar.text.as_str().into()));
        }
        match as_number(&scalar.text) {
            Some(number) => Some(Amount::Literal(number)),
            None => {
                let problem = self
                    .near_setting(node, scalar)
                    .unwrap_or_else(|| not_a_number(node, &scalar.text, "a number"));
                self.problems.push(problem);
                None
            }
        }
    }

    /// What looks like the name of a setting and is near to one.
    pub(super) fn near_setting(&self, node: &Node, scalar: &Scalar) -> Option<Diagnostic> {
        if scalar.quoted || !is_name(&scalar.text) {
            return None;
        }
        let known = || self.declared.settings.keys().copied();
        let compound = scalar.text.contains('_');
        (compound || nearest(&scalar.text, known()).is_some())
            .then(|| unknown(node, &scalar.text, Sort::Setting, known()))
    }
}

fn as_count(number: Decimal) -> Option<u32> {
    number.is_integer().then(|| number.to_u32()).flatten()
}
