//! The pages that show the tables: what is between two marks is replaced.

use std::error::Error;
use std::fs;
use std::path::Path;

/// Replaces what is between the lines `<!-- peers NAME: begin -->` and `<!-- peers NAME: end -->` of a file.
pub(crate) fn replace(path: &Path, name: &str, content: &str) -> Result<(), Box<dyn Error>> {
    let page = fs::read_to_string(path)?;
    let page =
        replaced(&page, name, content).ok_or_else(|| format!("no marks `peers {name}` in {}", path.display()))?;
    Ok(fs::write(path, page)?)
}

fn replaced(page: &str, name: &str, content: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- peers {name}: begin -->\n"), format!("<!-- peers {name}: end -->"));
    let (before, rest) = page.split_once(&begin)?;
    let (_, after) = rest.split_once(&end)?;
    Some(format!("{before}{begin}\n{}\n\n{end}{after}", content.trim()))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    #[test]
    fn only_what_is_between_the_marks_changes() {
        let page = "a\n<!-- peers x: begin -->\nold\n<!-- peers x: end -->\nb\n";
        let expected = "a\n<!-- peers x: begin -->\n\nnew\n\n<!-- peers x: end -->\nb\n";
        assert_eq!(replaced(page, "x", "new\n").as_deref(), Some(expected));
        assert_eq!(replaced(expected, "x", "new").as_deref(), Some(expected));
        assert_eq!(replaced(page, "y", "new"), None);
    }
}
