//! The name that was probably meant.

/// The candidate nearest to a name by edits (case is half an edit), if at most a third of its letters differ.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = name.to_lowercase();
    let distance = |other: &str| {
        let edits = strsim::osa_distance(&lower, &other.to_lowercase());
        2 * edits + usize::from(edits == 0)
    };
    let best = candidates.into_iter().map(|other| (distance(other), other)).min_by_key(|(distance, _)| *distance)?;
    let letters = name.chars().count().max(best.1.chars().count());
    (best.0 <= 1 || 3 * best.0 <= 2 * letters.max(3)).then(|| best.1.to_owned())
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn slips_are_corrected_and_strangers_are_not() {
        let names = ["age", "weight", "Sex"];
        assert_eq!(nearest("wieght", names).as_deref(), Some("weight"));
        assert_eq!(nearest("sex", names).as_deref(), Some("Sex"));
        assert_eq!(nearest("agee", names).as_deref(), Some("age"));
        assert_eq!(nearest("temperature", names), None);
        assert_eq!(nearest("x", []), None);
    }
}
