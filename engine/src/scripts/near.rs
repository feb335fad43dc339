//! What may have been meant by a name that does not exist.

/// `did you mean` with the nearest of the names, where one is near.
pub(super) fn did_you_mean<'a>(
    name: &str,
    among: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    nearest(name, among).map(|meant| format!("did you mean `{meant}`?"))
}

/// The nearest of the names, where one is near: a slip in every third letter, or one that begins alike.
pub(super) fn nearest<'a>(name: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).clamp(1, 3);
    let lower = name.to_lowercase();
    among
        .into_iter()
        .map(|one| {
            (
                strsim::damerau_levenshtein(&lower, &one.to_lowercase()),
                one,
            )
        })
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, one)| (*distance, one.to_owned()))
        .map(|(_, one)| one)
}
