//! A table of text: the first columns are names, the others numbers.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};

const RULE: LineStyle = LineStyle::none().fill('─').junction('─');
/// A rule under the header and one at the end.
const STYLE: TableStyle = TableStyle::new().header_separator(RULE).bottom_border(RULE);

/// A table with this header whose columns from `numbers` on are flush right.
pub(crate) fn table(numbers: &[usize], header: &[String], rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(STYLE).set_header(header);
    table.add_rows(rows);
    for column in numbers {
        if let Some(column) = table.column_mut(*column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    format!("{}\n", table.trim_fmt())
}
