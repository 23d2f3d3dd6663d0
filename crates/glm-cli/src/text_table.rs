//! Columns of text side by side, numbers to the right.

/// A column of a table.
#[derive(Debug)]
pub(crate) struct TextColumn {
    heading: String,
    cells: Vec<String>,
    is_left: bool,
}

impl TextColumn {
    /// Words, to the left.
    pub(crate) fn left(heading: &str, cells: Vec<String>) -> Self {
        Self { heading: heading.to_owned(), cells, is_left: true }
    }

    /// Numbers, to the right.
    pub(crate) fn right(heading: &str, cells: Vec<String>) -> Self {
        Self { heading: heading.to_owned(), cells, is_left: false }
    }

    fn width(&self) -> usize {
        let widths = self.cells.iter().chain([&self.heading]).map(|cell| cell.chars().count());
        widths.max().unwrap_or(0)
    }

    fn aligned(&self, cell: &str, width: usize) -> String {
        if self.is_left { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
    }
}

/// The lines of a table, its headings first, none with blanks at its end.
pub(crate) fn render(columns: &[TextColumn]) -> String {
    let widths: Vec<usize> = columns.iter().map(TextColumn::width).collect();
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    let line = |cell: &dyn Fn(&TextColumn) -> String| {
        let cells = columns.iter().zip(&widths).map(|(column, width)| column.aligned(&cell(column), *width));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
    };
    let mut text = line(&|column| column.heading.clone());
    for row in 0..rows {
        text += &line(&|column| column.cells.get(row).cloned().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let columns = [
            TextColumn::left("", vec!["a".into(), "bcd".into()]),
            TextColumn::right("Estimate", vec!["1.5".into(), "-12.0".into()]),
            TextColumn::left("", vec!["***".into(), String::new()]),
        ];
        assert_eq!(render(&columns), "     Estimate\na         1.5  ***\nbcd     -12.0\n");
    }
}
