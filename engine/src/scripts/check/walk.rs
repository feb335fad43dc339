//! Goes through a rule as it would run, with what is known of each value instead of the value.

use super::sort::Sort;
use crate::{
    diagnostic::{Diagnostic, Severity, Span},
    scripts::{calls::closure, limits::CALL_LEVELS, position, read::File},
};
use forloeb_core::{
    name::Name,
    plan::{Plan, RuleUse},
};
use rhai::{ASTFlags, BinaryExpr, Expr, FlowControl, Position, Stmt};
use std::collections::{BTreeMap, BTreeSet};

/// Most expressions that are gone through for one rule: functions that call each other in many ways could take for ever.
const MOST: u32 = 200_000;
/// Loops inside each other that are gone through twice, to learn what their variables become.
const LOOPS: usize = 3;

/// A walk through a rule.
pub(super) struct Walk<'a> {
    pub(super) file: &'a File,
    pub(super) rule: &'a RuleUse,
    pub(super) plan: &'a Plan,
    pub(super) others: &'a BTreeMap<Name, Plan>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) reads_through: BTreeSet<Name>,
    variables: Vec<(Name, Sort)>,
    returns: Sort,
    /// The functions that are being gone through, and what those gone through returned, by what they were given.
    known: Vec<(Name, Vec<Sort>, Sort)>,
    loops: usize,
    depth: usize,
    gone_through: u32,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        file: &'a File,
        rule: &'a RuleUse,
        plan: &'a Plan,
        others: &'a BTreeMap<Name, Plan>,
    ) -> Self {
        Self {
            file,
            rule,
            plan,
            others,
            diagnostics: Vec::new(),
            reads_through: BTreeSet::new(),
            variables: Vec::new(),
            returns: Sort::Nothing,
            known: Vec::new(),
            loops: 0,
            depth: 0,
            gone_through: 0,
        }
    }

    pub(super) fn span(&self, at: Position) -> Span {
        position::span(&self.file.source, at)
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        message: String,
        help: Option<String>,
    ) {
        self.diagnostics.push(Diagnostic {
            code,
            severity: Severity::Error,
            span,
            message,
            label: None,
            also: Vec::new(),
            help,
        });
    }

    /// Goes through a function that is given these; what it returns.
    pub(super) fn function(&mut self, name: &Name, given: Vec<Sort>) -> Sort {
        let done = self
            .known
            .iter()
            .find(|(known, with, _)| known == name && *with == given);
        if let Some((.., returns)) = done {
            return returns.clone();
        }
        // What is nested deeper fails when it runs, and would use up the stack here.
        if self.depth > CALL_LEVELS {
            return Sort::Any;
        }
        let file = self.file;
        let Some(function) = file.functions.get(name) else {
            return Sort::Any;
        };
        let place = self.known.len();
        self.known.push((name.clone(), given.clone(), Sort::Any));
        let variables = function.params.iter().cloned().zip(given).collect();
        let outer = std::mem::replace(&mut self.variables, variables);
        let outer_returns = std::mem::replace(&mut self.returns, Sort::Nothing);
        let outer_loops = std::mem::take(&mut self.loops);
        self.depth += 1;
        let last = self.block(&function.body);
        self.depth -= 1;
        self.loops = outer_loops;
        let returned = std::mem::replace(&mut self.returns, outer_returns);
        self.variables = outer;
        let returns = returned.join(last);
        if let Some(known) = self.known.get_mut(place) {
            known.2 = returns.clone();
        }
        returns
    }

    fn block(&mut self, statements: &[Stmt]) -> Sort {
        let outer = self.variables.len();
        let mut last = Sort::Nothing;
        for statement in statements {
            last = self.statement(statement);
        }
        self.variables.truncate(outer);
        last
    }

    fn statement(&mut self, statement: &Stmt) -> Sort {
        match statement {
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, at) => self.call(call, *at),
            Stmt::Block(block) => self.block(block.statements()),
            Stmt::If(flow, _) => {
                self.expression(&flow.expr);
                let then = self.block(flow.body.statements());
                then.join(self.block(flow.branch.statements()))
            }
            Stmt::Var(variable, ..) => {
                let sort = self.expression(&variable.1);
                self.variables.push((variable.0.name.as_str().into(), sort));
                Sort::Nothing
            }
            Stmt::Assignment(assignment) => self.assignment(&assignment.1),
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                self.repeated(flow, &[]);
                Sort::Any
            }
            Stmt::For(each, _) => {
                let element = self.expression(&each.2.expr).element();
                let mut variables = vec![(Name::from(each.0.name.as_str()), element)];
                if let Some(counter) = &each.1 {
                    variables.push((counter.name.as_str().into(), Sort::Number));
                }
                self.repeated(&each.2, &variables);
                Sort::Nothing
            }
            Stmt::Return(value, options, _) => {
                let sort = value
                    .as_ref()
                    .map_or(Sort::Nothing, |value| self.expression(value));
                if !options.intersects(ASTFlags::BREAK) {
                    let returns = std::mem::replace(&mut self.returns, Sort::Nothing);
                    self.returns = returns.join(sort);
                }
                Sort::Nothing
            }
            Stmt::BreakLoop(value, ..) => {
                if let Some(value) = value {
                    self.expression(value);
                }
                Sort::Nothing
            }
            _ => Sort::Nothing,
        }
    }

    /// The body of a loop, with the variables that it sets. A first time in silence, to learn what the variables outside
    /// become; functions that were called in silence are gone through again.
    fn repeated(&mut self, flow: &FlowControl, variables: &[(Name, Sort)]) {
        self.loops += 1;
        let times = if self.loops <= LOOPS { 2 } else { 1 };
        let (silent, known) = (self.diagnostics.len(), self.known.len());
        for time in 0..times {
            if time > 0 {
                self.diagnostics.truncate(silent);
                self.known.truncate(known);
            }
            let outer = self.variables.len();
            self.variables.extend_from_slice(variables);
            if variables.is_empty() {
                self.expression(&flow.expr);
            }
            self.block(flow.body.statements());
            self.variables.truncate(outer);
        }
        self.loops -= 1;
    }

    fn assignment(&mut self, sides: &BinaryExpr) -> Sort {
        let sort = self.expression(&sides.rhs);
        match &sides.lhs {
            Expr::Variable(variable, ..) => {
                let found = self
                    .variables
                    .iter_mut()
                    .rev()
                    .find(|(name, _)| *name == *variable.1.as_str());
                if let Some((_, known)) = found {
                    let before = std::mem::replace(known, Sort::Any);
                    *known = before.join(sort);
                }
            }
            Expr::Dot(chain, ..) | Expr::Index(chain, ..) => {
                let of = self.expression(&chain.lhs);
                if !matches!(of, Sort::Any | Sort::Nothing | Sort::Map(_) | Sort::List(_)) {
                    let span = self.span(chain.rhs.start_position());
                    let message = format!("{} cannot be changed by a rule", of.people());
                    let help = "a rule says what it finds, with `nudge`, `escalate` and `raise`";
                    self.error("rule-unlike", span, message, Some(help.to_owned()));
                }
            }
            _ => {}
        }
        Sort::Nothing
    }

    /// What is known of an expression.
    pub(super) fn expression(&mut self, expression: &Expr) -> Sort {
        self.gone_through += 1;
        if self.gone_through > MOST {
            return Sort::Any;
        }
        match expression {
            Expr::IntegerConstant(..) => Sort::Number,
            Expr::BoolConstant(..) => Sort::YesNo,
            Expr::CharConstant(..) => Sort::Text,
            Expr::StringConstant(text, _) => Sort::Word(text.as_str().into()),
            Expr::Unit(_) => Sort::Nothing,
            Expr::InterpolatedString(parts, _) => {
                for part in parts {
                    self.expression(part);
                }
                Sort::Text
            }
            Expr::Array(elements, _) => {
                let sorts = elements.iter().map(|element| self.expression(element));
                let element = sorts.reduce(Sort::join).unwrap_or(Sort::Any);
                Sort::List(Box::new(element))
            }
            Expr::Map(entries, _) => {
                let entries = entries.0.iter();
                let entry = entries
                    .map(|(key, value)| (Name::from(key.name.as_str()), self.expression(value)));
                Sort::Map(Some(entry.collect()))
            }
            Expr::Variable(variable, ..) => {
                let mut known = self.variables.iter().rev();
                let found = known.find(|(name, _)| *name == *variable.1.as_str());
                found.map_or(Sort::Any, |(_, sort)| sort.clone())
            }
            Expr::DynamicConstant(value, _) => match closure(expression) {
                Some(name) => Sort::Function(name, Vec::new()),
                None if value.is_decimal() => Sort::Number,
                None => Sort::Any,
            },
            Expr::Stmt(block) => self.block(block.statements()),
            Expr::FnCall(call, at) => self.call(call, *at),
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) => {
                let first = self.expression(&chain.lhs);
                let dot = matches!(expression, Expr::Dot(..));
                self.follow(first, dot, &chain.rhs, options.intersects(ASTFlags::BREAK))
            }
            Expr::And(parts, _) | Expr::Or(parts, _) => {
                for part in parts.iter() {
                    self.expression(part);
                }
                Sort::YesNo
            }
            Expr::Coalesce(parts, _) => {
                let sorts = parts.iter().map(|part| self.expression(part));
                sorts.reduce(Sort::join).unwrap_or(Sort::Any)
            }
            _ => Sort::Any,
        }
    }

    /// The rest of a chain such as `.last("e").at`, from what stands before it.
    fn follow(&mut self, before: Sort, dot: bool, rest: &Expr, ends: bool) -> Sort {
        match rest {
            Expr::Dot(chain, options, _) | Expr::Index(chain, options, _) if !ends => {
                let next = self.link_of(before, dot, &chain.lhs);
                let dot = matches!(rest, Expr::Dot(..));
                self.follow(next, dot, &chain.rhs, options.intersects(ASTFlags::BREAK))
            }
            last => self.link_of(before, dot, last),
        }
    }

    /// One link of a chain.
    fn link_of(&mut self, before: Sort, dot: bool, link: &Expr) -> Sort {
        match link {
            Expr::Property(property, at) if dot => {
                let name = Name::from(property.2.as_str());
                self.property(&before, &name, *at)
            }
            Expr::MethodCall(call, at) if dot => self.member(before, call, *at),
            index => {
                self.expression(index);
                before.element()
            }
        }
    }
}
