//! A table of text: the first columns are names, the others numbers.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
/// A rule under the header and one at the end.
const STYLE: TableStyle = TableStyle::new().header_separator(RULE).bottom_border(RULE);

/// A table with this header whose first `names` columns are flush left and whose others are flush right.
pub(super) fn table(names: usize, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Table {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(names) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A probability or a score.
pub(super) fn score(value: f64) -> String {
    format!("{value:.4}")
}

/// A number of any size, to four digits.
pub(super) fn number(value: f64) -> String {
    let size = value.abs();
    if size > 0.0 && !(1e-3..1e4).contains(&size) { format!("{value:.2e}") } else { format!("{value:.4}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_flush_left_and_numbers_right() {
        let rows = [vec!["a".to_owned(), "1".to_owned()], vec!["long".to_owned(), "-2.25".to_owned()]];
        let text = table(1, &["name", "value"], rows).trim_fmt();
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        assert!(lines.contains(&" a          1"), "{text}");
        assert!(lines.contains(&" long   -2.25"), "{text}");
    }

    #[test]
    fn small_numbers_keep_their_digits() {
        assert_eq!([0.0, 0.45, -1.2e-5, 12345.0].map(number), ["0.0000", "0.4500", "-1.20e-5", "1.23e4"]);
        assert_eq!(number(f64::NAN), "NaN");
    }
}
