//! Every file of `reference/data` is read, and its columns are of the types that they should be.

use std::path::Path;

use glm_frame::{Column, Frame, ReadOptions};

/// The columns that R's `read.csv` does not read as numbers, file by file.
const CATEGORIES: &[(&str, &[&str])] = &[
    ("anorexia", &["Treat"]),
    ("barley", &["site", "variety"]),
    ("biochemists", &["fem", "mar"]),
    ("birthwt", &["race", "ftv2"]),
    ("clotting_long", &["lot"]),
    ("doctorvisits", &["gender", "private", "freepoor", "freerepat", "nchronic", "lchronic"]),
    ("esoph", &["agegp", "alcgp", "tobgp"]),
    ("housing", &["Sat", "Infl", "Type", "Cont"]),
    ("infert", &["education"]),
    ("insectsprays", &["spray"]),
    ("insurance", &["Group", "Age"]),
    ("pima_tr", &["type"]),
    ("pneumo", &["sev"]),
    ("puromycin", &["state"]),
    ("quine", &["Eth", "Sex", "Age", "Lrn"]),
    ("ships", &["type"]),
    ("warpbreaks", &["wool", "tension"]),
];

#[test]
fn columns_have_the_types_they_should() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reference/data");
    let mut files = 0;
    for entry in std::fs::read_dir(data).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let frame = Frame::read(&path, &ReadOptions::default()).unwrap();
        let is_category = |column: &&str| matches!(frame.column(column), Some(Column::Categories(_)));
        let categories: Vec<&str> = frame.names().filter(is_category).collect();
        let expected = CATEGORIES.iter().find(|(file, _)| *file == name).map_or(&[][..], |(_, columns)| columns);
        assert_eq!(categories, expected, "{name}");
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        assert_eq!(frame.n_rows(), lines - 1, "{name}");
        files += 1;
    }
    assert!(files >= 50, "{files}");
}
