//! What can be said about a rule file without any process: which functions it calls and with how many arguments, which
//! names it uses, and what it may not do.

use super::{
    near, position,
    read::File,
    vocabulary::{self, Style},
};
use crate::diagnostic::{Diagnostic, Severity, Span};
use forloeb_core::name::Name;
use rhai::{ASTFlags, ASTNode, Expr, FnCallExpr, FnPtr, Position, Stmt};
use std::collections::BTreeSet;

/// Whether a function has no name of its own (`|x| ..`).
pub(super) fn anonymous(name: &str) -> bool {
    name.starts_with("anon$")
}

/// Visits every node of a function.
fn visit(file: &File, function: &str, mut on: impl FnMut(&ASTNode)) {
    let body = file.functions.get(function).map(|function| &function.body);
    for statement in body.into_iter().flatten() {
        statement.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            if let Some(node) = path.last() {
                on(node);
            }
            true
        });
    }
}

/// The function that a closure stands for.
pub(super) fn closure(expression: &Expr) -> Option<Name> {
    let Expr::DynamicConstant(value, _) = expression else {
        return None;
    };
    let pointer = value.read_lock::<FnPtr>()?;
    Some(Name::from(pointer.fn_name()))
}

/// A call that stands in a node, and where.
fn called<'a>(node: &'a ASTNode) -> Option<(&'a FnCallExpr, Position, Style)> {
    match node {
        ASTNode::Expr(Expr::FnCall(call, at)) | ASTNode::Stmt(Stmt::FnCall(call, at)) => {
            Some((call, *at, Style::Free))
        }
        ASTNode::Expr(Expr::MethodCall(call, at)) => Some((call, *at, Style::Member)),
        _ => None,
    }
}

/// The functions of the file that a function calls, itself included.
pub(super) fn reach(file: &File, function: &Name, reached: &mut BTreeSet<Name>) {
    if !file.functions.contains_key(function) || !reached.insert(function.clone()) {
        return;
    }
    let mut next = BTreeSet::new();
    visit(file, function, |node| {
        if let Some((call, ..)) = called(node) {
            next.insert(Name::from(call.name.as_str()));
        }
        if let ASTNode::Expr(expression) = node {
            next.extend(closure(expression));
        }
    });
    for name in next {
        reach(file, &name, reached);
    }
}

/// Every property name in a file.
pub(super) fn words(file: &File, words: &mut BTreeSet<Name>) {
    for function in file.functions.keys() {
        visit(file, function, |node| {
            if let ASTNode::Expr(Expr::Property(property, _)) = node {
                words.insert(Name::from(property.2.as_str()));
            }
        });
    }
}

/// Finds calls of what does not exist, and what a rule may not do.
pub(super) fn check(file: &File, diagnostics: &mut Vec<Diagnostic>) {
    let mut all = Vec::new();
    for function in file.functions.keys() {
        visit(file, function, |node| {
            let found = match called(node) {
                Some((call, at, style)) => call_of(file, call, at, style),
                None => assigned(file, node),
            };
            all.extend(found);
        });
    }
    // A call that is a statement is shown twice.
    all.sort_by_key(|one| one.span.start);
    all.dedup();
    diagnostics.extend(all);
}

fn error(code: &'static str, span: Span, message: String, help: Option<String>) -> Diagnostic {
    Diagnostic {
        code,
        severity: Severity::Error,
        span,
        message,
        label: None,
        also: Vec::new(),
        help,
    }
}

fn call_of(file: &File, call: &FnCallExpr, at: Position, style: Style) -> Option<Diagnostic> {
    let name = call.name.as_str();
    // `x in list` reads as a call of `contains`; a closure that uses variables as one of `curry`.
    let own = name == "curry" || (name == "contains" && style == Style::Free);
    if call.is_operator_call() || own || !name.starts_with(|c: char| c.is_alphabetic() || c == '_')
    {
        return None;
    }
    let span = position::word(&file.source, at, name);
    let count = call.args.len();
    if let Some(helper) = file.functions.get(name) {
        return helper_call(span, name, count, helper.params.len(), style);
    }
    let known = vocabulary::function(name, style);
    if known.is_empty() {
        return Some(unknown(file, span, name, style));
    }
    if known
        .iter()
        .any(|function| function.arguments.contains(&count))
    {
        return None;
    }
    let takes = known.first().map(|function| &function.arguments)?;
    let takes = match (takes.start(), takes.end()) {
        (least, most) if least == most => least.to_string(),
        (least, most) => format!("{least} to {most}"),
    };
    let message = format!("`{name}` takes {takes} arguments, not {count}");
    let help = known.first().map(|function| function.does.to_owned());
    Some(error("rule-arguments", span, message, help))
}

fn helper_call(
    span: Span,
    name: &str,
    count: usize,
    takes: usize,
    style: Style,
) -> Option<Diagnostic> {
    if style == Style::Member {
        let message = format!("`{name}` is a function of this file, not a member of anything");
        let help = Some(format!("write `{name}(..)`"));
        return Some(error("rule-unknown-function", span, message, help));
    }
    (count != takes).then(|| {
        let message = format!("`{name}` takes {takes} arguments, not {count}");
        error("rule-arguments", span, message, None)
    })
}

fn unknown(file: &File, span: Span, name: &str, style: Style) -> Diagnostic {
    let other = match style {
        Style::Free => Style::Member,
        Style::Member => Style::Free,
    };
    let (message, help) = if !vocabulary::function(name, other).is_empty() {
        match style {
            Style::Free => (
                format!("`{name}` is asked of something"),
                Some(format!(
                    "write `it.{name}(..)`, or what it is asked of instead of `it`"
                )),
            ),
            Style::Member => (
                format!("`{name}` is not a member of anything"),
                Some(format!("write `{name}(..)`")),
            ),
        }
    } else {
        let names = vocabulary::functions()
            .filter(|function| function.style == style)
            .map(|function| function.name);
        let own = file.functions.keys().map(Name::as_str);
        let own = own.filter(|own| style == Style::Free && !anonymous(own));
        let meant = near::did_you_mean(name, names.chain(own));
        (format!("there is no function `{name}`"), meant)
    };
    error("rule-unknown-function", span, message, help)
}

/// A computed key on the left of `=`: maps have `set`, which bounds their keys.
fn assigned(file: &File, node: &ASTNode) -> Option<Diagnostic> {
    let ASTNode::Stmt(Stmt::Assignment(assignment)) = node else {
        return None;
    };
    let mut left = &assignment.1.lhs;
    loop {
        let (Expr::Dot(chain, options, _) | Expr::Index(chain, options, _)) = left else {
            return None;
        };
        // The chain goes on, or what looks like a chain is the key itself: `m[it.id] = 1`.
        let next = match &chain.rhs {
            Expr::Dot(next, ..) | Expr::Index(next, ..) if !options.intersects(ASTFlags::BREAK) => {
                Some(next)
            }
            _ => None,
        };
        let key = next.map_or(&chain.rhs, |next| &next.lhs);
        let written = matches!(key, Expr::StringConstant(..) | Expr::IntegerConstant(..));
        if matches!(left, Expr::Index(..)) && !written {
            return Some(error(
                "rule-computed-key",
                position::span(&file.source, key.start_position()),
                "a key that is computed cannot stand on the left of `=`".to_owned(),
                Some("write `map.set(key, value)`".to_owned()),
            ));
        }
        next?;
        left = &chain.rhs;
    }
}
