//! The name that was probably meant.

/// The candidate that differs least from a name, if it differs by no more than a third of its letters, and not by all.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = name.to_lowercase();
    let letters = lower.chars().count();
    let most = letters.div_ceil(3).min(letters.saturating_sub(1));
    let distance = |candidate: &str| strsim::osa_distance(&lower, &candidate.to_lowercase());
    let scored = candidates.into_iter().map(|candidate| (distance(candidate), candidate));
    scored.filter(|(distance, _)| *distance <= most).min_by_key(|(distance, _)| *distance).map(|(_, found)| found)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_near() {
        let names = ["age", "weight", "height"];
        assert_eq!(nearest("wieght", names), Some("weight"));
        assert_eq!(nearest("Age", names), Some("age"));
        assert_eq!(nearest("colour", names), None);
        assert_eq!((nearest("x", ["y"]), nearest("x", [])), (None, None));
    }
}
