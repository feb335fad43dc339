//! What the operators mean. Like is compared with like: `10 < "x"` is an error rather than silently false, and `7 / 2` is
//! three and a half rather than three.

use super::seen::{self, Day, Failure, Length, Moment};
use rhai::{Dynamic, Engine, EvalAltResult, INT, Position};
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// Registers them. They only take effect while the engine's own fast operators are off.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("==", |a: Dynamic, b: Dynamic| equal(&a, &b));
    engine.register_fn("!=", |a: Dynamic, b: Dynamic| equal(&a, &b).map(|yes| !yes));
    engine.register_fn("<", |a: Dynamic, b: Dynamic| order(&a, &b, Ordering::is_lt));
    engine.register_fn("<=", |a: Dynamic, b: Dynamic| {
        order(&a, &b, Ordering::is_le)
    });
    engine.register_fn(">", |a: Dynamic, b: Dynamic| order(&a, &b, Ordering::is_gt));
    engine.register_fn(">=", |a: Dynamic, b: Dynamic| {
        order(&a, &b, Ordering::is_ge)
    });
    engine.register_fn("==", |a: INT, b: INT| a == b);
    engine.register_fn("!=", |a: INT, b: INT| a != b);
    engine.register_fn("<", |a: INT, b: INT| a < b);
    engine.register_fn("<=", |a: INT, b: INT| a <= b);
    engine.register_fn(">", |a: INT, b: INT| a > b);
    engine.register_fn(">=", |a: INT, b: INT| a >= b);
    engine.register_fn("/", divide);
    // A number without a fraction is whole, and rounds to itself.
    engine.register_fn("round", |whole: INT| whole);
    engine.register_fn("round", |whole: INT, _: INT| whole);
    engine.register_fn("floor", |whole: INT| whole);
    engine.register_fn("ceiling", |whole: INT| whole);
}

/// Division that loses nothing.
fn divide(a: INT, b: INT) -> Result<Dynamic, Failure> {
    let quotient = Decimal::from(a).checked_div(Decimal::from(b));
    let quotient = quotient.ok_or_else(|| {
        EvalAltResult::ErrorArithmetic(format!("{a} cannot be divided by {b}"), Position::NONE)
    })?;
    Ok(seen::number(quotient))
}

fn unlike(a: &Dynamic, b: &Dynamic) -> Failure {
    format!(
        "{} cannot be compared with {}",
        seen::kind(a),
        seen::kind(b)
    )
    .into()
}

/// Whether two values of one kind are the same. Everything may be compared with `()`.
pub(super) fn equal(a: &Dynamic, b: &Dynamic) -> Result<bool, Failure> {
    if a.is_unit() || b.is_unit() {
        return Ok(a.is_unit() && b.is_unit());
    }
    if let (Ok(a), Ok(b)) = (a.as_immutable_string_ref(), b.as_immutable_string_ref()) {
        return Ok(*a == *b);
    }
    if let (Ok(a), Ok(b)) = (a.as_bool(), b.as_bool()) {
        return Ok(a == b);
    }
    if let Some((a, b)) = both::<Length>(a, b) {
        return Ok(a.0 == b.0);
    }
    let named = |made: &Dynamic| seen::case(made).map(|id| id.as_str().to_owned());
    match (named(a), named(b)) {
        (Some(a), Some(b)) => return Ok(a == b),
        (Some(id), None) => {
            return seen::text(b).map_or_else(|| Err(unlike(a, b)), |b| Ok(id == b));
        }
        (None, Some(id)) => {
            return seen::text(a).map_or_else(|| Err(unlike(a, b)), |a| Ok(id == a));
        }
        (None, None) => {}
    }
    compare(a, b).map(Ordering::is_eq)
}

fn order(a: &Dynamic, b: &Dynamic, holds: fn(Ordering) -> bool) -> Result<bool, Failure> {
    if a.is_unit() || b.is_unit() {
        return Err("nothing (`()`) is neither more nor less than anything".into());
    }
    compare(a, b).map(holds)
}

fn compare(a: &Dynamic, b: &Dynamic) -> Result<Ordering, Failure> {
    if let (Some(a), Some(b)) = (seen::decimal(a), seen::decimal(b)) {
        return Ok(a.cmp(&b));
    }
    if let Some((a, b)) = both::<Moment>(a, b) {
        return Ok(a.0.cmp(&b.0));
    }
    if let Some((a, b)) = both::<Day>(a, b) {
        return Ok(a.0.cmp(&b.0));
    }
    match (seen::text(a), seen::text(b)) {
        (Some(a), Some(b)) => Ok(a.cmp(&b)),
        _ => Err(unlike(a, b)),
    }
}

fn both<T: Copy + Send + Sync + 'static>(a: &Dynamic, b: &Dynamic) -> Option<(T, T)> {
    Some((*a.read_lock::<T>()?, *b.read_lock::<T>()?))
}
